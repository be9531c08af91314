"""Printed lines on a page: rulings, boxes, combs and tables."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw, ImageFilter

from recognition.page.binarize import binarize
from recognition.page.printed import remove_printed_lines
from tests.strokes import Samples

Mask = npt.NDArray[np.bool_]
Draw = Callable[[ImageDraw.ImageDraw], None]

CELL = 60


def draw_mask(size: tuple[int, int], *draws: Draw, turned: float = 0) -> Mask:
    picture = Image.new("L", size, 0)
    for draw in draws:
        draw(ImageDraw.Draw(picture))
    return np.asarray(picture.rotate(turned, resample=Image.Resampling.BICUBIC)) > 127


def write(samples: Samples, text: str, *, left: float = 52, top: float = 52) -> Draw:
    """Write one character into the middle of each cell."""

    def draw(on: ImageDraw.ImageDraw) -> None:
        for place, character in enumerate(text):
            strokes = samples.get(character)[0].scale_to_unit()
            extent = np.concatenate(strokes).max(axis=0)
            corner = np.array([left + CELL * place, top]) + (36 - extent * 36) / 2
            for stroke in strokes:
                on.line([tuple(corner + 36 * point) for point in stroke], fill=255, width=4, joint="curve")

    return draw


def draw_walls(count: int, top: float, width: int) -> Draw:
    def draw(on: ImageDraw.ImageDraw) -> None:
        for place in range(count + 1):
            x = 40 + CELL * place
            on.line([(x, 40 + (1 - top) * CELL), (x, 40 + CELL)], fill=255, width=width)
        on.line([(40, 40 + CELL), (40 + CELL * count, 40 + CELL)], fill=255, width=width)

    return draw


def draw_separate_combs(on: ImageDraw.ImageDraw) -> None:
    for left in range(40, 40 + 4 * CELL, CELL):
        on.line(
            [(left + 3, 70), (left + 3, 40 + CELL), (left + CELL - 3, 40 + CELL), (left + CELL - 3, 70)], 255, 2
        )


def draw_boxes(count: int, width: int = 2, *, apart: int = 0, radius: int = 0, double: int = 0) -> Draw:
    def draw(on: ImageDraw.ImageDraw) -> None:
        for place in range(count):
            for grow in (0, double) if double else (0,):
                x, y, side = 40 + CELL * place + apart - grow, 40 + apart - grow, CELL - 2 * apart + 2 * grow
                on.rounded_rectangle((x, y, x + side, y + side), radius, outline=255, width=width)

    return draw


def draw_dashed_boxes(on: ImageDraw.ImageDraw) -> None:
    ends = [((40, y), (40 + 4 * CELL, y)) for y in (40, 40 + CELL)]
    ends += [((x, 40), (x, 40 + CELL)) for x in range(40, 41 + 4 * CELL, CELL)]
    for (x, y), (right, bottom) in ends:
        length = right - x + bottom - y
        for start in range(0, length, 12):
            stop = min(start + 6, length)
            across = (x + start, y, x + stop, y) if bottom == y else (x, y + start, x, y + stop)
            on.line(across, 255, 2)


FORMS = {
    "comb": draw_boxes(4),
    "thick comb": draw_boxes(4, 5),
    "separate boxes": draw_boxes(4, apart=4),
    "rounded boxes": draw_boxes(4, apart=4, radius=8),
    "double boxes": draw_boxes(4, apart=6, double=4),
    "open comb": draw_walls(4, 0.9, 2),
    "separate open boxes": draw_separate_combs,
    "dashed boxes": draw_dashed_boxes,
    "ticks": draw_walls(4, 0.2, 2),
    "one box around all": lambda on: on.rectangle((40, 40, 40 + 4 * CELL, 40 + CELL), outline=255, width=2),
}


@pytest.mark.parametrize(
    ("form", "turned"), [*((form, 0) for form in FORMS), ("comb", 3), ("separate boxes", -3), ("open comb", 3)]
)
def test_forms_are_removed_and_writing_stays(samples: Samples, form: str, turned: int) -> None:
    size = (320, 140)
    writing = draw_mask(size, write(samples, "5073"), turned=turned)
    page = draw_mask(size, FORMS[form], write(samples, "5073"), turned=turned)
    remaining = remove_ink(page)
    assert (remaining & ~writing).sum() <= 0.05 * writing.sum()
    assert (writing & ~remaining).sum() <= 0.02 * writing.sum()


def test_strokes_that_cross_a_side_stay_whole(samples: Samples) -> None:
    size = (320, 140)
    text = write(samples, "283", left=82)
    writing, page = draw_mask(size, text), draw_mask(size, draw_boxes(4), text)
    remaining = remove_ink(page)
    assert (writing & ~remaining).sum() <= 0.05 * writing.sum()
    assert (page & ~remaining).sum() >= 0.6 * (page & ~writing).sum()


@pytest.mark.parametrize("radius", [0, 6, 14])
def test_nothing_is_left_of_blurred_boxes_between_pixels(samples: Samples, radius: int) -> None:
    size, left = (320, 140), 40.4
    picture = Image.new("L", (3 * size[0], 3 * size[1]), 245)
    on = ImageDraw.Draw(picture)
    for place in range(4):
        x, y = round(3 * (left + 60 * place)), 121
        on.rounded_rectangle((x, y, x + 155, y + 181), 3 * radius, outline=40, width=4)
    gray = np.asarray(picture.resize(size, Image.Resampling.BOX)).copy()
    writing = draw_mask(size, write(samples, "5073", left=46))
    gray[writing] = 40
    ink = binarize(gray)
    assert ink is not None
    near = np.asarray(Image.fromarray(writing.astype(np.uint8)).filter(ImageFilter.MaxFilter(5))) > 0
    assert not ((ink.labels > 0) & ~near).any()
    assert (writing & (ink.labels == 0)).sum() <= 0.05 * writing.sum()


def test_an_empty_box_to_tick_beside_a_form_is_form(samples: Samples) -> None:
    page = draw_mask(
        (320, 140), draw_boxes(3), write(samples, "573"), lambda on: on.rectangle((250, 55, 280, 85), outline=255)
    )
    assert not remove_ink(page)[:, 240:].any()


def test_empty_boxes_beside_filled_ones_are_form(samples: Samples) -> None:
    page = draw_mask((320, 140), draw_boxes(4, apart=4), write(samples, "5"))
    assert not remove_ink(page)[:, 100:].any()


@pytest.mark.slow
@pytest.mark.parametrize("pen", [3, 9])
def test_a_character_alone_is_no_form(samples: Samples, pen: int) -> None:
    for sample in samples:
        strokes = sample.scale_to_unit()

        def draw(on: ImageDraw.ImageDraw, strokes: tuple[npt.NDArray[np.float64], ...] = strokes) -> None:
            for stroke in strokes:
                on.line([tuple(20 + 80 * point) for point in stroke], fill=255, width=pen, joint="curve")

        mask = draw_mask((120, 120), draw)
        assert (remove_ink(mask) == mask).all()


def test_a_square_drawn_by_hand_is_no_form() -> None:
    mask = draw_mask((120, 120), lambda on: on.line([(30, 30), (32, 90), (88, 92), (90, 31), (28, 30)], 255, 5))
    assert (remove_ink(mask) == mask).all()


def draw_hostile_masks() -> Iterator[Mask]:
    rows, columns = np.mgrid[0:1536, 0:2048]
    yield (rows // 12 + columns // 12) % 2 == 0
    yield (rows % 12 < 2) | (columns % 12 < 2)
    yield (np.maximum(np.abs(rows - 768), np.abs(columns - 1024)) % 12) < 2
    random = np.random.default_rng(5)
    mask = np.zeros((1536, 2048), dtype=np.bool_)
    for x, y, w, h in random.integers(20, 400, (3000, 4)) * np.array([5, 3, 1, 1]):
        mask[y : y + h, [min(x, 2047), min(x + w, 2047)]] = True
        mask[[min(y, 1535), min(y + h, 1535)], x : x + w] = True
    yield mask


@pytest.mark.slow
def test_thousands_of_lines_take_bounded_memory() -> None:
    for mask in draw_hostile_masks():
        tracemalloc.start()
        remove_ink(mask)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 150e6


def remove_ink(mask: Mask) -> Mask:
    return remove_printed_lines(mask, mask, np.where(mask, 200, 0).astype(np.float32)).mask
