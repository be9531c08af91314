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
    mask[40:100, 60:64] = mask[40:44, 60:90] = mask[96:100, 60:90] = True  # a C
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


def write_down(text: str, rows: int) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Write the same line of uprights and bars, again and again, at even distances."""
    mask = np.zeros((60 * rows + 40, 40 * len(text) + 40), dtype=np.bool_)
    for left, character in zip(range(20, 40 * len(text) + 20, 40), text, strict=True):
        for top in range(20, 60 * rows + 20, 60):
            mask[top : top + 36, left : left + 4] |= character in "1HEF"
            mask[top : top + 36, left + 22 : left + 26] |= character == "H"
            for bar, letters in ((0, "EF"), (16, "HEF=-"), (26, "="), (32, "E")):
                mask[top + bar : top + bar + 4, left : left + 24] |= character in letters
    return mask


@pytest.mark.parametrize("text", ["1", "1111", "HE1", "FEEF", "1=1", "-11", "1111111 HFE"])
def test_strokes_under_each_other_stay_apart(text: str) -> None:
    mask = write_down(text, 12)
    assert (close_gaps(mask) == mask).all()


def test_strokes_side_by_side_or_of_different_lengths_stay_apart() -> None:
    picture = Image.new("L", (400, 120), 0)
    on = ImageDraw.Draw(picture)
    for x in range(20, 200, 20):  # a row of ones
        on.line([(x, 20), (x, 60)], 255, 4)
    for x, length in ((220, 30), (270, 14), (310, 22), (350, 40)):  # bars
        on.line([(x, 40), (x + length, 40)], 255, 4)
    mask = np.asarray(picture) > 127
    assert (close_gaps(mask) == mask).all()
