"""Pictures of all formats and kinds, and files that are none."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recognition import ImageTooLarge, Recognizer, TextureNotWriting, UnreadableImage, encode_png, read_image_size
from tests.recognition.page.paper import encode_picture
from tests.strokes import Samples


def draw_picture(samples: Samples, character: str = "R", paper: int = 235, ink: int = 40) -> Image.Image:
    """Return a 400×300 picture of a real drawing in its lower right part, with a shadow across the paper."""
    picture = Image.new("L", (400, 300), paper)
    pen = ImageDraw.Draw(picture)
    for stroke in samples.get(character)[0].scale_to_unit():
        pen.line([(180 + 110 * x, 130 + 110 * y) for x, y in stroke], fill=ink, width=7, joint="curve")
    shade = np.linspace(1, 0.7, 400)[None, :]
    return Image.fromarray((np.asarray(picture) * shade).astype(np.uint8))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_every_format_is_read(recognizer: Recognizer, samples: Samples, kind: str) -> None:
    (character,) = recognizer.read_image(encode_picture(draw_picture(samples), kind), "upper")
    assert character.prediction.label == "R"
    x, y, width, height = character.box
    assert 165 <= x <= 195
    assert 115 <= y <= 145
    assert max(x + width, y + height) <= 310


@pytest.mark.parametrize("mode", ["1", "P", "RGB", "CMYK", "LA", "RGBA", "I;16", "I", "F"])
def test_every_color_mode_is_read(recognizer: Recognizer, samples: Samples, mode: str) -> None:
    picture = draw_picture(samples)
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(picture).astype(np.uint16) * 250)
    else:
        picture = picture.convert(mode, dither=Image.Dither.NONE)
    (character,) = recognizer.read_image(encode_picture(picture, "TIFF"), "upper")
    assert character.prediction.label == "R"


def test_dark_ink_on_transparency_is_read(recognizer: Recognizer, samples: Samples) -> None:
    ink = np.asarray(draw_picture(samples, paper=255, ink=0).point(lambda level: 255 * (level < 90)))
    picture = Image.fromarray(np.dstack([np.zeros((*ink.shape, 3), np.uint8), ink]), "RGBA")
    (character,) = recognizer.read_image(encode_picture(picture), "upper")
    assert character.prediction.label == "R"


def test_light_ink_on_dark_paper_is_read(recognizer: Recognizer, samples: Samples) -> None:
    (character,) = recognizer.read_image(encode_picture(draw_picture(samples, paper=30, ink=220)), "upper")
    assert character.prediction.label == "R"


def test_a_photo_is_turned_upright(recognizer: Recognizer, samples: Samples) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held on its side: to be turned clockwise by 90 degrees
    data = encode_picture(draw_picture(samples).rotate(90, expand=True), "JPEG", exif=exif)
    assert read_image_size(data) == (400, 300)
    (character,) = recognizer.read_image(data, "upper")
    assert character.prediction.label == "R"
    assert 165 <= character.box[0] <= 195


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_blank_page_has_no_characters(recognizer: Recognizer, level: int) -> None:
    assert recognizer.read_image(encode_picture(Image.new("L", (300, 200), level))) == []


def test_grain_is_not_read_as_characters(recognizer: Recognizer) -> None:
    grain = np.random.default_rng(1).normal(200, 4, (200, 300)).clip(0, 255).astype(np.uint8)
    assert recognizer.read_image(encode_picture(Image.fromarray(grain))) == []


@pytest.mark.parametrize("data", [b"", b"hello, this is text", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7 no", b"GIF89a"])
def test_a_file_that_is_not_a_picture_is_refused(recognizer: Recognizer, data: bytes) -> None:
    with pytest.raises(UnreadableImage):
        recognizer.read_image(data)
    with pytest.raises(UnreadableImage):
        read_image_size(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_a_truncated_picture_is_refused(recognizer: Recognizer, samples: Samples, kind: str) -> None:
    data = encode_picture(draw_picture(samples), kind)
    with pytest.raises(UnreadableImage):
        recognizer.read_image(data[: len(data) // 2])


def test_a_picture_with_too_many_pixels_is_refused_before_decoding(recognizer: Recognizer) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    with pytest.raises(ImageTooLarge):
        recognizer.read_image(bomb)


def test_the_first_frame_of_an_animation_is_read(recognizer: Recognizer, samples: Samples) -> None:
    frames = [draw_picture(samples, "R"), draw_picture(samples, "W")]
    data = encode_picture(frames[0], "GIF", save_all=True, append_images=frames[1:])
    (character,) = recognizer.read_image(data, "upper")
    assert character.prediction.label == "R"


def test_the_model_s_image_is_encoded_as_dark_ink_on_white(recognizer: Recognizer, samples: Samples) -> None:
    image = recognizer.recognize(samples.get("7")[0].strokes).image
    decoded = np.asarray(Image.open(io.BytesIO(encode_png(image))))
    assert decoded.shape == (28, 28)
    assert (decoded == 255 - image).all()


@pytest.mark.parametrize("cut", [1, 5, 20])
def test_damaged_data_of_the_camera_are_no_warning_in_the_log(cut: int) -> None:
    """A warning is an error in the tests. Hostile pictures could fill the log with them."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "A camera with a name that is kept elsewhere in the block"
    buffer = io.BytesIO()
    Image.new("L", (30, 20), 255).save(buffer, "JPEG", exif=exif.tobytes()[:-cut])
    assert read_image_size(buffer.getvalue()) in ((30, 20), (20, 30))
    assert Recognizer.load().read_image(buffer.getvalue()) == []


@pytest.mark.parametrize("compression", ["group4", "group3", "tiff_lzw", "jpeg"])
def test_a_damaged_tiff_writes_nothing_to_the_log(compression: str, capfd: pytest.CaptureFixture[str]) -> None:
    noise = np.random.default_rng(0).integers(0, 2, (300, 300), dtype=np.uint8) * 255
    picture = Image.fromarray(noise).convert("1" if compression.startswith("group") else "L")
    buffer = io.BytesIO()
    picture.save(buffer, "TIFF", compression=compression)
    content = bytearray(buffer.getvalue())
    for place in range(300, len(content) - 300, 50):
        content[place] ^= 0x5A
    with contextlib.suppress(UnreadableImage, TextureNotWriting):
        Recognizer.load().read_image(bytes(content))
    assert capfd.readouterr().err == ""
