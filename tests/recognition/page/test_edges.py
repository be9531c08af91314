"""What lies over the edge of a page is not its ink."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from recognition.page.binarize import binarize
from recognition.page.sheet import find_sheet
from tests.recognition.page.paper import lay_on_desk, write_page
from tests.strokes import Samples

DARK_DESK = Image.new("L", (800, 480), 40)


def hold_with_finger(page: Image.Image) -> Image.Image:
    picture = lay_on_desk(page, DARK_DESK)
    pen = ImageDraw.Draw(picture)
    pen.line((240, 480, 240, 350), fill=130, width=30)
    pen.ellipse((225, 333, 255, 363), fill=130)
    return picture


def tear(page: Image.Image) -> Image.Image:
    torn = page.copy()
    pen = ImageDraw.Draw(torn)
    for y in range(20, torn.height, 60):
        pen.polygon([(0, y - 12), (35, y), (0, y + 12)], fill=40)
    return lay_on_desk(torn, DARK_DESK)


def punch_holes(page: Image.Image) -> Image.Image:
    punched = page.copy()
    pen = ImageDraw.Draw(punched)
    for x in range(20, punched.width - 14, 40):
        pen.ellipse((x - 11, 10, x + 11, 32), fill=40)
    return lay_on_desk(punched, DARK_DESK)


def throw_shadow(page: Image.Image) -> Image.Image:
    """Return a page on another one that is as light, of which only the shadow is seen."""
    picture = ImageOps.expand(Image.new("L", page.size, 90), 50, fill=225)
    picture = ImageChops.offset(picture, 8, 8).filter(ImageFilter.GaussianBlur(7))
    picture.paste(page, (50, 50))
    return picture


@pytest.mark.parametrize("damage", [hold_with_finger, tear, punch_holes, throw_shadow])
def test_only_the_writing_is_ink(samples: Samples, damage: Callable[[Image.Image], Image.Image]) -> None:
    page = ImageOps.expand(write_page(samples, "2024", height=90, gap=0.4).picture, 60, fill=225)
    whole = binarize(np.asarray(page))
    sheet = find_sheet(np.asarray(damage(page)))
    ink = binarize(sheet.gray, sheet.edges)
    assert whole is not None and ink is not None
    assert len(ink.boxes) == len(whole.boxes)


def test_a_row_of_letters_is_no_row_of_holes(samples: Samples) -> None:
    page = write_page(samples, "oooooooo", height=40, gap=0.5).picture
    ink = binarize(np.asarray(page))
    assert ink is not None and len(ink.boxes) == 8
