"""Dashed and dotted lines, with their gaps closed."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recognition.page.dashes import close_gaps


def draw_sides(dash: int, gap: int, thick: int) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    mask = np.zeros((160, 260), dtype=np.bool_)
    for start in range(20, 221, dash + gap):
        mask[[*range(20, 20 + thick), *range(120, 120 + thick)], start : start + dash] = True
    for start in range(20, 121, dash + gap):
        mask[start : start + dash, [*range(20, 20 + thick), *range(220, 220 + thick)]] = True
    return mask


@pytest.mark.parametrize(("dash", "gap", "thick"), [(8, 6, 2), (12, 8, 3), (12, 12, 3), (3, 5, 3), (2, 3, 2)])
def test_dashed_and_dotted_lines_become_whole(dash: int, gap: int, thick: int) -> None:
    mask = draw_sides(dash, gap, thick)
    assert not mask[20, 30:200].all()
    closed = close_gaps(mask)
    assert closed[20, 30:200].all()
    assert closed[120, 30:200].all()
    assert closed[30:110, 20].all()
    assert not (closed & ~mask)[40:100, 40:200].any()


def test_strokes_side_by_side_or_of_different_lengths_stay_apart() -> None:
    picture = Image.new("L", (400, 120), 0)
    on = ImageDraw.Draw(picture)
    for x in range(20, 200, 20):  # a row of ones
        on.line([(x, 20), (x, 60)], 255, 4)
    for x, length in ((220, 30), (270, 14), (310, 22), (350, 40)):  # bars
        on.line([(x, 40), (x + length, 40)], 255, 4)
    mask = np.asarray(picture) > 127
    assert (close_gaps(mask) == mask).all()
