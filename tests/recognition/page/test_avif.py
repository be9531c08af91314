"""AVIF pictures are read as Pillow writes them, and refused before decoding if they would cost too much."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pytest
from PIL import Image, features

from recognition import ImageTooLarge, Recognizer, UnreadableImage, read_image_size
from recognition.page.avif import check_avif
from tests.recognition.page.paper import write_page
from tests.strokes import Samples

pytestmark = pytest.mark.skipif(not features.check("avif"), reason="this Pillow has no AVIF")


def encode(picture: Image.Image, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "AVIF", speed=10, **options)
    return buffer.getvalue()


def draw_picture(width: int = 300, height: int = 200, mode: str = "RGB") -> Image.Image:
    levels = np.full((height, width), 230, dtype=np.uint8)
    levels[height // 4 : -height // 4, width // 2 : width // 2 + 8] = 30
    return Image.fromarray(levels).convert(mode)


@pytest.fixture(scope="module")
def small() -> bytes:
    return encode(draw_picture())


@pytest.mark.parametrize("subsampling", ["4:2:0", "4:2:2", "4:4:4", "4:0:0"])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_a_picture_is_read(recognizer: Recognizer, mode: str, subsampling: str) -> None:
    data = encode(draw_picture(301, 203, mode), subsampling=subsampling)
    assert read_image_size(data) == (301, 203)
    (character,) = recognizer.read_image(data, "digits")
    assert character.prediction.label == "1"


def test_writing_is_read(recognizer: Recognizer, samples: Samples) -> None:
    picture = Image.fromarray(np.asarray(write_page(samples, "4 7 2", height=60).picture))
    labels = [character.prediction.label for character in recognizer.read_image(encode(picture), "digits")]
    assert labels == ["4", "7", "2"]


def test_a_turned_picture_is_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert read_image_size(encode(draw_picture(), exif=exif)) == (200, 300)


def test_a_picture_of_a_phone_is_allowed() -> None:
    check_avif(encode(draw_picture(4032, 3024)))


def test_a_large_picture_is_refused(small: bytes) -> None:
    clear = draw_picture(4032, 3024)
    clear.putalpha(100)
    with pytest.raises(ImageTooLarge, match="13 megapixels"):
        check_avif(encode(draw_picture(4200, 3200)))
    with pytest.raises(ImageTooLarge, match="of this kind"):
        check_avif(encode(clear))
    with pytest.raises(ImageTooLarge, match="4 MB"):
        check_avif(small + bytes(4_000_000))


def test_a_size_that_lies_is_refused(recognizer: Recognizer) -> None:
    data = encode(draw_picture(2000, 2000))
    said = struct.pack(">4sIII", b"ispe", 0, 2000, 2000)
    assert said in data
    for width, height in ((64, 64), (2000, 1999), (3000, 3000)):
        with pytest.raises(UnreadableImage):
            recognizer.read_image(data.replace(said, struct.pack(">4sIII", b"ispe", 0, width, height)))


def test_an_animation_is_refused(recognizer: Recognizer) -> None:
    data = encode(draw_picture(), save_all=True, append_images=[draw_picture(300, 200)])
    with pytest.raises(UnreadableImage, match="animated"):
        recognizer.read_image(data)


def test_pieces_that_share_their_bytes_are_refused(small: bytes) -> None:
    place = small.index(b"iloc") + 4
    item, _, _, start, length = struct.unpack_from(">HHHII", small, place + 8)
    pieces = struct.pack(">HHH", item, 0, 5000) + struct.pack(">II", start, length) * 5000
    location = struct.pack(">I4sI", 16 + len(pieces), b"iloc", 0) + b"\x44\0\0\x01" + pieces
    with pytest.raises(UnreadableImage):
        check_avif(small[:32] + struct.pack(">I4sI", 12 + len(location), b"meta", 0) + location + small[32:])


@pytest.mark.slow
def test_random_damage_is_refused_or_read(recognizer: Recognizer, small: bytes) -> None:
    for place in range(0, min(len(small), 600), 3):
        for damaged in (small[:place], small[:place] + bytes([small[place] ^ 0x81]) + small[place + 1 :]):
            try:
                recognizer.read_image(damaged)
            except (UnreadableImage, ImageTooLarge):
                continue
