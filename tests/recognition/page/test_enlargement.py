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


@pytest.mark.parametrize("block", [20, 27.3, 40, 60])
@pytest.mark.parametrize("options", [{"kind": "PNG"}, {"kind": "JPEG", "quality": 60}], ids=["PNG", "JPEG"])
def test_blocks_are_smoothed(recognizer: Recognizer, block: float, options: dict[str, object]) -> None:
    data = encode_picture(draw_blocks(block), **options)  # type: ignore[arg-type]
    gray = np.asarray(Image.open(io.BytesIO(data)))
    smooth = smooth_enlargement(gray)
    assert smooth.shape == gray.shape
    steps, smooth_steps = (np.abs(np.diff(levels.astype(int))).max() for levels in (gray, smooth))
    assert smooth_steps < steps / 2
    (character,) = recognizer.read_image(data, "digits")
    assert character.prediction.label == "3"


def test_blocks_that_are_cut_off_stay_where_they_are() -> None:
    whole = np.asarray(draw_blocks(30))
    part = np.ascontiguousarray(whole[17:, 8:])
    difference = smooth_enlargement(part).astype(int) - smooth_enlargement(whole)[17:, 8:]
    assert np.abs(difference[60:-60, 60:-60]).mean() < 6


def test_writing_is_left_as_it_is(samples: Samples) -> None:
    page = write_page(samples, "BAD DOG 42")
    pictures = [page.picture, add_rulings(page.picture, squares=True), make_picture(255 * draw_ink(samples))]
    pictures.append(Image.fromarray((draw_ink(samples) > 0.5).repeat(2, 0).repeat(2, 1)).convert("L"))
    for picture in pictures:
        gray = np.asarray(picture)
        assert smooth_enlargement(gray) is gray


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (28, 28), (300, 300)])
def test_a_blank_picture_is_left_as_it_is(shape: tuple[int, int]) -> None:
    gray = np.full(shape, 200, np.uint8)
    assert smooth_enlargement(gray) is gray


def test_blocks_of_a_large_picture_take_little_memory() -> None:
    y, x = np.ogrid[:5000, :5000]
    gray = ((y // 900 + x // 900) % 2 * 200 + 30).astype(np.uint8)
    tracemalloc.start()
    smooth_enlargement(gray)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 80e6
