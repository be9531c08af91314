"""Ink is read that differs from its paper in color only, and luma is kept where it serves."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from recognition import Recognizer
from recognition.page.color import SMALL_SIDE, choose_projection
from recognition.page.images import open_gray
from tests.recognition.page.paper import Levels, draw_ink, encode_picture, make_picture, paint
from tests.strokes import Samples

Color = tuple[int, int, int]

PAIRS: dict[str, tuple[Color, Color]] = {
    "red on green": ((60, 160, 70), (205, 75, 60)),
    "orange on card": ((200, 170, 130), (235, 150, 60)),
    "blue on yellow": ((250, 225, 80), (60, 80, 200)),
    "a yellow marker on white": ((250, 250, 250), (250, 245, 110)),
    "red on a green blackboard": ((45, 80, 60), (140, 45, 45)),
    "violet on gray": ((120, 120, 120), (150, 85, 205)),
}


def add_shadow_and_noise(levels: Levels) -> Levels:
    """Return a photo of the picture: the edge of a shadow goes through the writing."""
    height, width, _ = levels.shape
    down, across = np.mgrid[:height, :width] / [[[height]], [[width]]]
    light = 1 - 0.35 / (1 + np.exp(-30 * (across + down - 1)))
    noise: Levels = np.random.default_rng(4).normal(0, 3, levels.shape)
    photo: Levels = levels * light[..., None] + noise
    return photo


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("kind", ["a drawing", "a photo"])
def test_colored_ink_is_read(recognizer: Recognizer, samples: Samples, name: str, kind: str) -> None:
    levels = paint(draw_ink(samples, "7"), *PAIRS[name])
    if kind == "a drawing":
        data = encode_picture(make_picture(levels))
    else:
        data = encode_picture(make_picture(add_shadow_and_noise(levels)), "JPEG", quality=80)
    (character,) = recognizer.read_image(data, "digits")
    assert character.prediction.label == "7"


@pytest.mark.slow
def test_colored_ink_of_a_large_picture_is_found_where_it_is(recognizer: Recognizer, samples: Samples) -> None:
    """A JPEG of this size is reduced while it is decoded in color."""
    ink = draw_ink(samples, "7", height=1400)
    levels = paint(ink, *PAIRS["a yellow marker on white"])
    (character,) = recognizer.read_image(encode_picture(make_picture(levels), "JPEG"), "digits")
    assert character.prediction.label == "7"
    x, y, width, height = character.box
    rows, columns = (np.flatnonzero((ink > 0.5).any(axis=axis)) for axis in (1, 0))
    differences = (x - columns[0], y - rows[0], x + width - columns[-1], y + height - rows[-1])
    assert max(map(abs, differences)) < 30


@pytest.mark.parametrize("ink", [(40, 40, 45), (45, 60, 150), (120, 110, 105)], ids=["black", "blue", "pencil"])
def test_luma_is_kept_where_it_serves(samples: Samples, ink: Color) -> None:
    levels = add_shadow_and_noise(paint(draw_ink(samples, "R"), (215, 208, 190), ink))
    picture = make_picture(levels)
    gray, reduction = open_gray(encode_picture(picture))
    assert reduction == 1
    assert (gray == np.asarray(picture.convert("L"))).all()


def test_black_ink_under_a_highlighter_is_read_by_luma(samples: Samples) -> None:
    levels = paint(draw_ink(samples, "R"), (250, 250, 250), (30, 30, 30))
    levels[20:140, 40:200] *= (1, 1, 0.4)
    picture = make_picture(levels)
    assert (open_gray(encode_picture(picture))[0] == np.asarray(picture.convert("L"))).all()


@pytest.mark.parametrize("size", [(1, 1), (2, SMALL_SIDE), (SMALL_SIDE, 3), (30, 30)])
def test_paper_without_ink_has_no_projection(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).normal((90, 160, 70), 3, (*size, 3))
    assert choose_projection(np.asarray(make_picture(noise))) is None
    assert choose_projection(np.full((*size, 3), (90, 160, 70), np.uint8)) is None


def test_a_projection_shows_ink_dark_on_light() -> None:
    pixels = np.full((60, 80, 3), (60, 160, 70), np.uint8)
    pixels[20:40, 30:34] = (205, 75, 60)
    projection = choose_projection(pixels)
    assert projection is not None
    gray = projection.apply(pixels)
    assert gray[0, 0] > 180 and gray[30, 32] < 90
    assert Image.fromarray(gray).mode == "L"
