"""Ink on transparent paper is read on a background that shows it."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageCms

from recognition import Recognizer
from recognition.page.images import open_gray
from tests.recognition.page.paper import Levels, draw_ink, encode_picture, make_picture, paint, write_page
from tests.strokes import Samples


def make_transparent(ink: Levels, color: tuple[int, int, int], opacity: Levels | None = None) -> Image.Image:
    """Return a picture of one color whose opacity, 0 to 1, is the ink's if it is not given."""
    levels = np.full((*ink.shape, 4), (*color, 0), dtype=np.float64)
    levels[..., 3] = 255 * (ink if opacity is None else opacity)
    return make_picture(levels)


def make_half_transparent_paper(ink: Levels, paper: int, pen: int) -> Image.Image:
    levels = np.dstack([paint(ink, (paper,) * 3, (pen,) * 3), 255 * (0.4 + 0.6 * ink)])
    return make_picture(levels)


def make_page_with_clear_corners(ink: Levels, paper: int, pen: int) -> Image.Image:
    levels = np.dstack([paint(ink, (paper,) * 3, (pen,) * 3), np.full(ink.shape, 255.0)])
    for rows in (slice(0, 12), slice(-12, None)):
        for columns in (slice(0, 12), slice(-12, None)):
            levels[rows, columns, 3] = 0
    return make_picture(levels)


def make_palette(ink: Levels, level: int) -> Image.Image:
    picture = Image.fromarray((ink > 0.5).astype(np.uint8))
    picture.putpalette([level] * 6)
    return picture


KINDS: dict[str, Callable[[Levels], bytes]] = {
    "white ink": lambda ink: encode_picture(make_transparent(ink, (255, 255, 255))),
    "light yellow ink": lambda ink: encode_picture(make_transparent(ink, (255, 250, 170)), "WEBP"),
    "gray ink": lambda ink: encode_picture(make_transparent(ink, (150, 150, 150))),
    "black ink": lambda ink: encode_picture(make_transparent(ink, (0, 0, 0))),
    "blue ink": lambda ink: encode_picture(make_transparent(ink, (30, 60, 220))),
    "faint black ink": lambda ink: encode_picture(make_transparent(ink, (0, 0, 0), 0.4 * ink)),
    "white ink, in gray": lambda ink: encode_picture(make_transparent(ink, (255, 255, 255)).convert("LA")),
    "a palette with one color": lambda ink: encode_picture(make_palette(ink, 250), transparency=0),
    "a GIF": lambda ink: encode_picture(make_palette(ink, 20), "GIF", transparency=0),
    "a transparent color": lambda ink: encode_picture(
        make_picture(np.where(ink[..., None] > 0.5, (240, 240, 200), (1, 2, 3))), transparency=(1, 2, 3)
    ),
    "a transparent level": lambda ink: encode_picture(
        make_picture(np.where(ink > 0.5, 240, 128)), transparency=128
    ),
    "holes in black": lambda ink: encode_picture(make_transparent(ink, (0, 0, 0), 1 - ink)),
    "holes in white": lambda ink: encode_picture(make_transparent(ink, (255, 255, 255), 1 - ink)),
    "half-transparent white paper": lambda ink: encode_picture(make_half_transparent_paper(ink, 255, 0)),
    "half-transparent black paper": lambda ink: encode_picture(make_half_transparent_paper(ink, 0, 255)),
    "clear corners of a white page": lambda ink: encode_picture(make_page_with_clear_corners(ink, 250, 20)),
    "clear corners of a black page": lambda ink: encode_picture(make_page_with_clear_corners(ink, 20, 250)),
}


@pytest.mark.parametrize("name", KINDS)
def test_ink_is_read_whatever_is_transparent(recognizer: Recognizer, samples: Samples, name: str) -> None:
    (character,) = recognizer.read_image(KINDS[name](draw_ink(samples, "7")), "digits")
    assert character.prediction.label == "7"


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_a_transparent_picture_has_no_ink(recognizer: Recognizer, mode: str) -> None:
    hidden = np.random.default_rng(0).integers(0, 256, (60, 80, 4), dtype=np.uint8)
    hidden[..., 3] = 0
    assert recognizer.read_image(encode_picture(Image.fromarray(hidden).convert(mode))) == []


def test_an_opaque_picture_with_an_alpha_channel_keeps_its_luma(samples: Samples) -> None:
    picture = make_picture(paint(draw_ink(samples), (200, 205, 210), (60, 50, 40)))
    gray, _ = open_gray(encode_picture(picture.convert("RGBA")))
    assert (gray == np.asarray(picture.convert("L"))).all()


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "I;16"])
def test_a_large_picture_is_reduced_as_a_jpeg_is(mode: str) -> None:
    levels = np.full((4101, 4200), 200, dtype=np.uint8)
    levels[1000:1500, 2000:2040] = 20
    picture = Image.fromarray(levels.astype(np.uint16) if mode == "I;16" else levels).convert(mode)
    gray, reduction = open_gray(encode_picture(picture))
    assert gray.shape == (2051, 2100)
    assert reduction == 2
    rows, columns = np.nonzero(gray < 100)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (500, 749, 1000, 1019)


def test_lab_colors_are_read(recognizer: Recognizer, samples: Samples) -> None:
    picture = write_page(samples, "4 7", height=60).picture.convert("RGB")
    to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    lab = ImageCms.applyTransform(picture, to_lab)
    assert lab is not None
    data = encode_picture(lab, "TIFF", compression="tiff_lzw")
    with Image.open(io.BytesIO(data)) as opened:
        assert opened.mode == "LAB"
    assert [character.prediction.label for character in recognizer.read_image(data, "digits")] == ["4", "7"]
