"""Which pixels of a page are ink."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from recognition.page.binarize import binarize
from tests.recognition.page.paper import write_page
from tests.strokes import Samples


def test_a_reflection_is_no_light_ink(samples: Samples) -> None:
    picture = ImageOps.expand(write_page(samples, "2024", height=60, gap=0.4).picture, 90, fill=225)
    page = np.asarray(picture).astype(np.float64)
    page = 150 - 0.45 * (page.max() - page)
    y, x = np.mgrid[0 : page.shape[0], 0 : page.shape[1]]
    spot = 1 / (1 + np.exp(8 * (np.hypot((x - 0.5 * page.shape[1]) / 140, (y - 80) / 22) - 1)))
    plain, lit = binarize(page.astype(np.uint8)), binarize((page + (255 - page) * 0.9 * spot).astype(np.uint8))
    assert plain is not None and lit is not None
    assert len(plain.boxes) == len(lit.boxes)


@pytest.mark.parametrize("width", [3, 4, 5])
def test_thick_ink_on_a_tiny_picture_is_not_its_paper(width: int) -> None:
    picture = Image.new("L", (28, 28), 255)
    pen = ImageDraw.Draw(picture)
    for top, bottom in ((4, 15), (12, 24)):
        pen.ellipse((8, top, 20, bottom), outline=0, width=width)
    ink = binarize(np.asarray(picture.filter(ImageFilter.GaussianBlur(0.7))))
    assert ink is not None
    assert ink.height == pytest.approx(21, abs=2)


@pytest.mark.parametrize("noise", [4, 6, 8])
def test_the_grain_of_blank_paper_is_no_ink(noise: float) -> None:
    height, width = 1200, 900
    y, x = np.mgrid[0:height, 0:width]
    light = 200 - 60 * ((y / height - 0.3) ** 2 + (x / width - 0.3) ** 2)
    levels = light + np.random.default_rng(1).normal(0, noise, (height, width))
    assert binarize(np.clip(levels, 0, 255).astype(np.uint8)) is None


def test_ink_on_grainy_paper_is_seen(samples: Samples) -> None:
    page = np.asarray(write_page(samples, "2024", height=60, gap=0.4).picture).astype(np.float64)
    levels = 200 - 0.3 * (page.max() - page) + np.random.default_rng(1).normal(0, 6, page.shape)
    ink = binarize(np.clip(levels, 0, 255).astype(np.uint8))
    assert ink is not None
    assert len(ink.boxes) == 4
