"""Underlines that letters touch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw

from recognition.page.lines import find_lines_across
from recognition.page.underlines import find_touched_underlines

Stroke = Sequence[tuple[int, int]]

WORD: list[Stroke] = [
    [(30, 50), (30, 80), (50, 80), (50, 50), (50, 104), (40, 112)],  # y
    [(70, 65), (90, 65), (90, 52), (70, 52), (70, 80), (92, 80)],  # e
    [(130, 50), (110, 54), (130, 68), (110, 82)],  # s
]


def find(strokes: Sequence[Stroke], width: int = 3) -> list[int]:
    """Return the rows of the underlines."""
    picture = Image.new("L", (200, 160), 0)
    for stroke in strokes:
        ImageDraw.Draw(picture).line([*stroke], 255, width)
    mask: npt.NDArray[np.bool_] = np.asarray(picture) > 127
    across = find_lines_across(mask)
    found = find_touched_underlines(mask, np.where(mask, 200, 0).astype(np.float32), across)
    return [round(float(row)) for row in across.rows[found]]


@pytest.mark.parametrize("second", [[], [[(20, 108), (140, 108)]]])
def test_an_underline_that_a_tail_runs_into_is_found(second: list[Stroke]) -> None:
    assert 96 in find([*WORD, [(20, 96), (140, 96)], *second])


def test_an_underline_that_all_letters_run_into_is_found() -> None:
    letters: list[Stroke] = [[(x, 96), (x + 8, 50), (x + 16, 96)] for x in (30, 60, 90, 120)]
    assert find([*letters, [(20, 96), (150, 96)]]) == [96]


@pytest.mark.parametrize(
    "strokes",
    [
        [[(30, 30), (90, 34), (30, 96), (120, 96)]],  # a 2 with a long foot
        [[(30, 50), (30, 96), (150, 96), (150, 50)], [(70, 96), (70, 60)], [(110, 96), (110, 60)]],  # a w
        [[(20, 40), (150, 40)], [(50, 40), (50, 100)], *WORD[1:]],  # a T with a long bar over the others
        [[(30, 20), (30, 96), (110, 96)], [(130, 20), (130, 96), (190, 96)]],  # LL
        [*WORD, [(20, 96), (140, 96)], [(60, 104), (60, 140)], [(80, 104), (110, 140)]],  # a fraction
        [[(30, 96), (30, 30), (100, 30)], [(30, 62), (80, 62)], [(30, 96), (100, 96)], *WORD[1:]],  # an E
    ],
)
def test_strokes_of_letters_are_no_underlines(strokes: list[Stroke]) -> None:
    assert not find(strokes)
