from __future__ import annotations

import base64
import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageOps
from quart.datastructures import FileStorage

from game.services import Services
from game.web.bodies import MAX_PICTURE
from tests.bench.hostile_pictures import tile_marks
from tests.game.conftest import Client, error_of
from tests.recognition.page.paper import draw_symbols, encode_picture, write_page
from tests.strokes import load_fixture


def picture(kind: str = "PNG", size: tuple[int, int] = (400, 300), **options: Any) -> bytes:
    """Return a photo of a 7."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).line([(150, 60), (250, 60), (190, 240)], fill="black", width=12, joint="curve")
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def flood(width: int, height: int) -> bytes:
    """Return a small PNG that claims to be huge."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


async def send(client: Client, image: bytes, **form: str) -> Any:
    """Send a form, put together here: the test client takes a minute to build one of 46 MB."""
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in form.items()]
    parts.append(b'name="image"; filename="photo.png"\r\n\r\n' + image)
    body = (
        b"".join(b"--cut\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--cut--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=cut"}
    return await client.post("/api/upload", data=body, headers=headers)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
async def test_a_character_is_stored_with_its_part_of_the_picture(
    client: Client, services: Services, kind: str
) -> None:
    answer = await send(client, picture(kind), alphabet="digits")
    body = await answer.get_json()
    assert answer.status_code == 200
    assert set(body) == {"width", "height", "text", "characters", "model"}
    assert (body["width"], body["height"]) == (400, 300)
    assert body["text"] == "7"
    (character,) = body["characters"]
    assert set(character) == {"round", "box", "label", "confidence", "sure", "candidates", "image"}
    assert character["label"] == "7"
    assert len(character["candidates"]) == 10
    x, y, width, height = character["box"]
    assert x <= 150 and y <= 60 and x + width >= 250 and y + height >= 235
    stored = await services.store.get_round(character["round"])
    assert stored is not None
    assert (stored.source, stored.alphabet, stored.predicted) == ("upload", "digits", "7")
    assert stored.drawing is None
    assert stored.crop is not None
    crop = Image.open(io.BytesIO(stored.crop))
    assert crop.mode == "L"
    assert crop.width >= width
    assert character["image"].endswith(base64.b64encode(stored.image or b"").decode())


async def test_a_page_is_read_as_text_and_each_character_is_stored(client: Client, services: Services) -> None:
    page = write_page(load_fixture(), "BAD DOG\nHEN")
    body = await (await send(client, encode_picture(page.picture, "JPEG"), alphabet="upper")).get_json()
    assert body["text"] == "BAD DOG\nHEN"
    assert [character["label"] for character in body["characters"]] == list("BADDOGHEN")
    assert len({character["round"] for character in body["characters"]}) == 9
    assert (await services.store.read_counts()).rounds == 9


async def test_signs_are_named_and_not_stored(client: Client, services: Services) -> None:
    body = await (await send(client, encode_picture(draw_symbols()))).get_json()
    assert len("".join(body["text"].split())) == len(body["characters"])
    assert (await services.store.read_counts()).rounds == len(body["characters"])
    for sign in body["signs"]:
        assert set(sign) == {"box", "label", "confidence", "candidates", "image"}
        assert len(sign["candidates"]) == 5
        assert sign["box"] not in [character["box"] for character in body["characters"]]


async def test_a_photo_is_read_upright_and_its_metadata_is_not_stored(client: Client, services: Services) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "a camera that names itself"
    exif.get_ifd(0x8825)[1] = "N"
    body = await (await send(client, picture("JPEG", exif=exif))).get_json()
    assert (body["width"], body["height"]) == (300, 400)
    stored = await services.store.get_round(body["characters"][0]["round"])
    assert stored is not None
    assert stored.crop is not None
    assert b"camera" not in stored.crop
    assert not Image.open(io.BytesIO(stored.crop)).getexif()


async def test_the_response_shows_the_picture_if_asked(client: Client) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    wide = picture("TIFF", (4000, 1000), exif=exif)
    body = await (await send(client, wide, preview="true")).get_json()
    assert (body["width"], body["height"]) == (1000, 4000)
    head, _, preview = body["preview"].partition(",")
    assert head == "data:image/jpeg;base64"
    shown = Image.open(io.BytesIO(base64.b64decode(preview)))
    assert (shown.format, shown.size, shown.mode) == ("JPEG", (512, 2048), "L")
    assert "preview" not in await (await send(client, wide, preview="false")).get_json()


@pytest.mark.parametrize("brand", [b"heic", b"avif", b"mif1"])
async def test_a_picture_of_a_known_but_unread_format_is_refused_with_advice(client: Client, brand: bytes) -> None:
    answer = await send(client, b"\0\0\0\x1cftyp" + brand + bytes(200), preview="true")
    assert await error_of(answer, 422) == "unreadable_image"
    assert "JPEG or PNG" in (await answer.get_json())["error"]["message"]


async def test_a_picture_without_ink_is_no_error(client: Client, services: Services) -> None:
    buffer = io.BytesIO()
    Image.new("L", (60, 40), 255).save(buffer, "PNG")
    answer = await send(client, buffer.getvalue())
    body = await answer.get_json()
    assert answer.status_code == 200
    assert body | {"model": ""} == {"width": 60, "height": 40, "text": "", "characters": [], "model": ""}
    assert (await services.store.read_counts()).rounds == 0


@pytest.mark.parametrize(
    ("image", "status", "code"),
    [
        (b"This is a text file.", 422, "unreadable_image"),
        (picture()[:300], 422, "unreadable_image"),
        (picture("JPEG")[:200], 422, "unreadable_image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422, "unreadable_image"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", 422, "unreadable_image"),
        (flood(50_000, 50_000), 413, "image_too_large"),
        (flood(2**31 - 1, 2**31 - 1), 413, "image_too_large"),
        (flood(1000, 1000), 422, "unreadable_image"),
        (flood(0, 0), 422, "unreadable_image"),
        (tile_marks(100, 90), 422, "too_many_marks"),
        (b"", 422, "missing_image"),
    ],
    ids=[
        *("text", "cut PNG", "cut JPEG", "SVG", "PostScript", "flood", "larger flood"),
        *("short", "none", "texture", "empty"),
    ],
)
async def test_what_is_not_a_picture_is_refused(
    client: Client, services: Services, image: bytes, status: int, code: str
) -> None:
    assert await error_of(await send(client, image), status) == code
    assert (await services.store.read_counts()).rounds == 0
    assert (await send(client, picture())).status_code == 200


async def test_bytes_after_a_picture_are_ignored(client: Client, services: Services) -> None:
    body = await (await send(client, picture() + b"<script>alert(1)</script>")).get_json()
    stored = await services.store.get_round(body["characters"][0]["round"])
    assert stored is not None
    assert b"script" not in (stored.crop or b"")


async def test_the_picture_may_be_in_a_field_without_a_file_name(client: Client) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="image"\r\n\r\n'
    answer = await client.post(
        "/api/upload",
        data=head + picture() + b"\r\n--x--\r\n",
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code == 200


async def test_unknown_alphabet(client: Client) -> None:
    assert await error_of(await send(client, picture(), alphabet="greek"), 422) == "unknown_alphabet"


@pytest.mark.parametrize(
    "field", [{"turn": "4"}, {"turn": "-1"}, {"turn": ""}, {"single": "yes"}, {"preview": "1"}]
)
async def test_a_field_with_another_value_is_refused(client: Client, field: dict[str, str]) -> None:
    answer = await send(client, picture(), **field)
    assert await error_of(answer, 422) == "invalid_request"
    assert next(iter(field)) in (await answer.get_json())["error"]["message"]


@pytest.mark.parametrize("turn", [1, 2, 3])
async def test_a_picture_is_turned_as_wished_and_its_boxes_are_those_of_the_picture_as_it_was_sent(
    client: Client, services: Services, turn: int
) -> None:
    with Image.open(io.BytesIO(picture())) as upright:
        aside = upright.rotate(90 * turn, expand=True)
    png = encode_picture(aside)
    body = await (await send(client, png, alphabet="digits", turn=str(turn))).get_json()
    assert (body["text"], body["turn"]) == ("7", turn)
    assert (body["width"], body["height"]) == aside.size
    (character,) = body["characters"]
    x, y, width, height = character["box"]
    ink = ImageOps.invert(aside.convert("L")).getbbox()
    assert ink is not None
    left, top, right, bottom = ink
    assert max(abs(x - left), abs(y - top), abs(x + width - right), abs(y + height - bottom)) <= 8
    stored = await services.store.get_round(character["round"])
    assert stored is not None
    crop = Image.open(io.BytesIO(stored.crop or b""))
    assert crop.width < crop.height  # it is stored upright


async def test_a_single_character_is_read_as_a_whole_and_stored(client: Client, services: Services) -> None:
    page = encode_picture(write_page(load_fixture(), "42").picture)
    body = await (await send(client, page, alphabet="digits", single="true")).get_json()
    (character,) = body["characters"]
    assert body["text"] == character["label"]
    assert (await services.store.read_counts()).rounds == 1
    blank = encode_picture(Image.new("L", (40, 30), 255))
    body = await (await send(client, blank, single="true")).get_json()
    assert (body["text"], body["characters"], body["width"], body["height"]) == ("", [], 40, 30)


@pytest.mark.parametrize("kind", ["application/json", "image/png", ""])
async def test_another_content_type_gives_415(client: Client, kind: str) -> None:
    answer = await client.post("/api/upload", data=picture(), headers={"Content-Type": kind})
    assert await error_of(answer, 415) == "unsupported_media_type"


async def test_a_broken_form(client: Client) -> None:
    answer = await client.post(
        "/api/upload", data=b"--x", headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert await error_of(answer, 400) == "malformed_form"


@pytest.mark.parametrize(
    ("excess", "size"), [(1, "17 MB"), (1 << 10, "17 MB"), (1 << 20, "too large"), (30 << 20, "too large")]
)
async def test_too_many_bytes(client: Client, excess: int, size: str) -> None:
    answer = await send(client, b"\0" * (MAX_PICTURE + excess))
    assert await error_of(answer, 413) == "body_too_large"
    assert f"This picture is {size} (limit 16 MB)." == (await answer.get_json())["error"]["message"]


async def test_an_empty_file_and_a_missing_one_have_different_messages(client: Client) -> None:
    empty = await send(client, b"")
    assert await error_of(empty, 422) == "missing_image"
    assert (await empty.get_json())["error"]["message"] == "That file is empty."
    file = FileStorage(io.BytesIO(picture()), filename="photo.png", name="photo")
    missing = await client.post("/api/upload", files={"photo": file})
    assert await error_of(missing, 422) == "missing_image"
    assert "no picture" in (await missing.get_json())["error"]["message"]


async def test_the_largest_picture_is_taken(client: Client) -> None:
    image = picture()
    answer = await send(client, image + b"\0" * (MAX_PICTURE - len(image)))
    assert answer.status_code == 200


async def test_a_named_picture_that_is_sent_again_replaces_its_rounds(client: Client, services: Services) -> None:
    page = encode_picture(write_page(load_fixture(), "42").picture)
    first = await (await send(client, page, alphabet="digits", picture="a-1", attempt="1")).get_json()
    assert len([character for character in first["characters"] if character["round"]]) == 2
    mark = {"picture": "a-1", "attempt": "1", "mark": "2", "single": "true"}
    (cut,) = (await (await send(client, picture(), **mark)).get_json())["characters"]
    assert (await services.store.read_counts()).rounds == 3
    await send(client, page, alphabet="digits", picture="a-1", attempt="2", turn="2")
    for character in [*first["characters"], cut]:
        assert await services.store.get_round(character["round"]) is None
    late = await (await send(client, page, alphabet="digits", picture="a-1", attempt="1")).get_json()
    assert [character["round"] for character in late["characters"]] == [None, None]


async def test_a_picture_that_was_stopped_leaves_no_rounds(client: Client, services: Services) -> None:
    await send(client, picture(), picture="a-1")
    answer = await client.delete("/api/uploads/a-1?attempt=2")
    assert (answer.status_code, await answer.get_json()) == (200, {"picture": "a-1"})
    assert (await services.store.read_counts()).rounds == 0
    (character,) = (await (await send(client, picture(), picture="a-1", attempt="2")).get_json())["characters"]
    assert character["round"] is None
    assert await error_of(await client.delete("/api/uploads/a%20b?attempt=1"), 404) == "not_found"
    for address in ("/api/uploads/a-1", "/api/uploads/a-1?attempt=0"):
        assert await error_of(await client.delete(address), 422) == "invalid_request"


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
async def test_the_response_says_where_the_page_is_in_the_picture_as_it_was_sent(
    client: Client, turn: int
) -> None:
    desk = Image.new("RGB", (800, 700), (70, 50, 40))
    with Image.open(io.BytesIO(picture())) as sheet:
        desk.paste(sheet, (250, 180))
    aside = desk.rotate(90 * turn, expand=True)
    body = await (await send(client, encode_picture(aside), alphabet="digits", turn=str(turn))).get_json()
    assert body["text"] == "7"
    corners = [tuple(corner) for corner in body["page"]]
    bounds = aside.convert("L").point(lambda level: 255 * (level > 150)).getbbox()
    assert bounds is not None
    left, top, right, bottom = bounds
    clockwise = [(left, top), (right, top), (right, bottom), (left, bottom)]
    expected = clockwise[-turn:] + clockwise[:-turn]  # it begins at the top left corner of the page
    for (x, y), (x_expected, y_expected) in zip(corners, expected, strict=True):
        assert max(abs(x - x_expected), abs(y - y_expected)) <= 15
