"""HEIC pictures are read as phones make them, and refused before they are decoded if they would cost too much."""

from __future__ import annotations

import io
import struct

import numpy as np
import pytest
from PIL import Image

from recognition import ImageTooLarge, Recognizer, UnreadableImage, read_image_size
from recognition.page import heif, heif_bands
from recognition.page.heif import check_heif
from tests.recognition.page.heic import TILE, box, make_grid


def test_a_single_picture_is_read(recognizer: Recognizer) -> None:
    data = TILE.read_bytes()
    assert read_image_size(data) == (256, 256)
    (character,) = recognizer.read_image(data, "upper")
    assert character.prediction.label == "R"


def test_a_grid_of_tiles_is_read(recognizer: Recognizer) -> None:
    data = make_grid(2, 2, size=(500, 490))
    assert read_image_size(data) == (500, 490)
    assert [character.prediction.label for character in recognizer.read_image(data, "upper")] == ["R"] * 4


def test_a_turned_picture_is_upright() -> None:
    assert read_image_size(make_grid(2, 1, turn=1)) == (256, 512)
    assert read_image_size(make_grid(2, 1, turn=2)) == (512, 256)


def test_a_picture_of_a_phone_is_allowed() -> None:
    check_heif(make_grid(16, 12, size=(4032, 3024)))


@pytest.mark.parametrize("turn", [None, 1, 2, 3])
@pytest.mark.parametrize("mirror", [None, 0, 1])
def test_bands_look_like_the_whole_picture(
    turn: int | None, mirror: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also a picture that its tiles are larger than, turned and mirrored."""
    heif.register_heif()
    data = make_grid(3, 4, size=(700, 902), turn=turn, mirror=mirror)
    with Image.open(io.BytesIO(data), formats=("HEIF",)) as picture:
        whole = np.asarray(picture.convert("RGB").reduce(2), dtype=np.int16)
    monkeypatch.setattr(heif, "MAX_PIXELS", 100_000)
    monkeypatch.setattr(heif_bands, "_BAND_PIXELS", 200_000)
    half = heif.load_large(data)
    assert half is not None
    assert np.abs(np.asarray(half, dtype=np.int16) - whole).max() <= 1


@pytest.mark.slow
def test_a_picture_of_24_megapixels_is_read(recognizer: Recognizer) -> None:
    data = make_grid(23, 17, size=(5712, 4284), turn=3)
    assert read_image_size(data) == (4284, 5712)
    # The last tile of each row is cut off. In each other one is an A on its side, which may be read as two.
    corners = [character.box[:2] for character in recognizer.read_image(data, "upper")]
    tiles = {(x // 256, y // 256) for x, y in corners}
    assert len(tiles) >= 22 * 17


def test_a_large_picture_that_cannot_be_decoded_in_bands_is_refused() -> None:
    data = make_grid(23, 17, size=(5712, 4284))
    with pytest.raises(ImageTooLarge, match="13 megapixels"):
        check_heif(data.replace(b"hvc1", b"hvc2"))


@pytest.mark.parametrize(
    "data",
    [
        make_grid(60, 30),
        make_grid(1, 1, size=(20_000, 20_000)),
        make_grid(1, 1) + bytes(5_000_000),
    ],
    ids=["many tiles", "a large picture", "a large file"],
)
def test_a_large_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ImageTooLarge):
        check_heif(data)


def test_more_tiles_than_the_picture_has_room_for_are_refused() -> None:
    with pytest.raises(UnreadableImage):
        check_heif(make_grid(16, 16, size=(100, 100)))


@pytest.mark.parametrize(
    "data",
    [
        make_grid(1, 1, size=(9000, 9000), said=(64, 64)),
        TILE.read_bytes().replace(
            struct.pack(">4sIII", b"ispe", 0, 256, 256), struct.pack(">4sIII", b"ispe", 0, 9, 9)
        ),
        TILE.read_bytes()[:900],
        TILE.read_bytes()[:28] + box(b"free") * 3000 + TILE.read_bytes()[28:],
        box(b"ftyp", b"heic", bytes(4)) + box(b"moov"),
        box(b"ftyp", b"heic", bytes(4)) + b"\0\0\0\x01meta" + b"\xff" * 8,
    ],
    ids=["grid that lies", "size that lies", "cut off", "many boxes", "video", "endless box"],
)
def test_a_damaged_or_unusual_picture_is_refused(recognizer: Recognizer, data: bytes) -> None:
    with pytest.raises(UnreadableImage):
        recognizer.read_image(data)


def test_random_damage_is_refused_or_read() -> None:
    data = TILE.read_bytes()
    for place in range(420):
        damaged = bytearray(data)
        damaged[place] ^= 0x81
        try:
            check_heif(bytes(damaged))
        except (UnreadableImage, ImageTooLarge) as error:
            assert str(error)


def test_without_the_decoder_a_picture_is_refused_with_advice(
    recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recognition.page.images.register_heif", lambda: False)
    assert heif.is_heif(TILE.read_bytes())
    with pytest.raises(UnreadableImage, match="JPEG or PNG"):
        recognizer.read_image(TILE.read_bytes())
