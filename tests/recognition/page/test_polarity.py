"""Whether ink is lighter or darker than its paper, where most of the picture is ink."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from recognition.page.binarize import binarize
from recognition.page.polarity import find_polarity


@pytest.mark.parametrize(("ink_level", "paper_level"), [(30, 245), (235, 20)])
def test_strokes_that_fill_half_of_a_picture_are_ink(ink_level: int, paper_level: int) -> None:
    picture = Image.new("L", (90, 120), paper_level)
    pen = ImageDraw.Draw(picture)
    pen.line([(4, 22), (70, 22), (70, 116)], fill=ink_level, width=38)
    picture = picture.filter(ImageFilter.GaussianBlur(0.7))
    ink = binarize(np.asarray(picture))
    assert ink is not None and len(ink.boxes) == 1
    is_drawn = np.abs(np.asarray(picture).astype(np.int64) - paper_level) > 150
    assert (ink.labels > 0)[is_drawn].all()
    assert not (ink.labels > 0)[np.asarray(picture) == paper_level].any()


@pytest.mark.parametrize("width", [0.16, 0.2, 0.3])
def test_a_strip_of_the_desk_is_no_thick_character(width: float) -> None:
    levels = np.full((300, 420), 240, dtype=np.float32)
    levels[:, : round(width * 420)] = 60
    assert not find_polarity(levels).is_thick
