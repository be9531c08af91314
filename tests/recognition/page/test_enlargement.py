"""Pictures of blocks are smoothed, and all others are left as they are."""

from __future__ import annotations

import io
import tracemalloc

import numpy as np
import pytest
from PIL import Image

from recognition import Recognizer
from recognition.page.enlargement import smooth_enlargement
from tests.recognition.page.paper import add_rulings, draw_ink, encode_picture, make_picture, write_page
from tests.strokes import Samples

EIGHT = (  # a 3 as UCI's optdigits have it: counts of ink, 0 to 16, in 8×8 squares
    (0, 0, 7, 15, 13, 1, 0, 0),
    (0, 8, 13, 6, 15, 4, 0, 0),
    (0, 2, 1, 13, 13, 0, 0, 0),
    (0, 0, 2, 15, 11, 1, 0, 0),
    (0, 0, 0, 1, 12, 12, 1, 0),
    (0, 0, 0, 0, 1, 10, 8, 0),
    (0, 0, 8, 4, 5, 14, 9, 0),
    (0, 0, 7, 13, 13, 9, 0, 0),
)


def draw_blocks(block: float) -> Image.Image:
    small = Image.fromarray(np.pad(np.array(EIGHT, np.uint8) * 15, 2))
    side = round(12 * block)
    return small.resize((side, side), Image.Resampling.NEAREST)


@pytest.mark.parametrize("block", [4, 5, 20, 27.3, 60])
@pytest.mark.parametrize("options", [{"kind": "PNG"}, {"kind": "JPEG", "quality": 70}], ids=["PNG", "JPEG"])
def test_blocks_are_smoothed(recognizer: Recognizer, block: float, options: dict[str, object]) -> None:
    data = encode_picture(draw_blocks(block), **options)  # type: ignore[arg-type]
    enlargement = smooth_enlargement(np.asarray(Image.open(io.BytesIO(data))))
    assert enlargement is not None
    (character,) = recognizer.read_image(data, "digits")
    assert character.prediction.label == "3"
    left, top, width, height = np.array(character.box) / block
    assert (left, top, left + width, top + height) == pytest.approx((3, 2, 9, 10), abs=0.8)


@pytest.mark.parametrize("block", [5, 40])
@pytest.mark.parametrize("is_dark", [False, True])
def test_a_character_may_fill_its_picture(recognizer: Recognizer, block: int, is_dark: bool) -> None:
    levels = 255 - np.array(EIGHT) * 15 if is_dark else np.array(EIGHT) * 15
    picture = Image.fromarray(np.kron(levels, np.ones((block, block))).astype(np.uint8))
    (character,) = recognizer.read_image(encode_picture(picture), "digits")
    assert character.prediction.label == "3"


def test_blocks_that_are_cut_off_stay_where_they_are() -> None:
    whole = np.asarray(draw_blocks(30))
    part = np.ascontiguousarray(whole[17:, 8:])
    of_whole, of_part = smooth_enlargement(whole), smooth_enlargement(part)
    assert of_whole is not None
    assert of_part is not None
    corner = np.array([[3.5 * 30, 4.5 * 30]])
    in_whole = of_whole.to_picture.invert().map_points(corner)
    in_part = of_part.to_picture.invert().map_points(corner - [8, 17])
    assert in_part == pytest.approx(in_whole, abs=0.2)
    assert of_part.gray.shape == of_whole.gray.shape


def test_writing_is_left_as_it_is(samples: Samples) -> None:
    page = write_page(samples, "BAD DOG 42")
    pictures = [page.picture, add_rulings(page.picture, squares=True), make_picture(255 * draw_ink(samples))]
    pictures.append(Image.fromarray((draw_ink(samples) > 0.5).repeat(2, 0).repeat(2, 1)).convert("L"))
    for picture in pictures:
        assert smooth_enlargement(np.asarray(picture)) is None


def test_a_character_in_one_box_of_a_lattice_is_left_as_it_is(samples: Samples) -> None:
    squares = np.kron(np.arange(36).reshape(6, 6) % 7 % 2 * 200 + 30, np.ones((60, 60)))
    ink = np.asarray(Image.fromarray((255 * draw_ink(samples)).astype(np.uint8)).resize((40, 40)))
    squares[70:110, 70:110] = np.where(ink > 127, 255 - squares[70:110, 70:110], squares[70:110, 70:110])
    assert smooth_enlargement(squares.astype(np.uint8)) is None


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (28, 28), (300, 300)])
def test_a_blank_picture_is_left_as_it_is(shape: tuple[int, int]) -> None:
    gray = np.full(shape, 200, np.uint8)
    assert smooth_enlargement(gray) is None


def test_blocks_of_a_large_picture_take_little_memory() -> None:
    y, x = np.ogrid[:5000, :5000]
    gray = ((y // 900 + x // 900) % 2 * 200 + 30).astype(np.uint8)
    tracemalloc.start()
    smooth_enlargement(gray)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 80e6
