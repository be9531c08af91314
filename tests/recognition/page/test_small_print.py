"""Small print at the same place in the cells of a form is not what is written in them."""

from __future__ import annotations

import numpy as np

from recognition.page.cells import Cell
from recognition.page.small_print import find_small_print

SIDE = 100
CELLS = [
    Cell((x, y, x + SIDE, y + SIDE), (0, 1), 1, 0, False) for y in (0, SIDE) for x in range(0, 4 * SIDE, SIDE)
]
WRITTEN = (40, 40, 65, 90)


def _find(*blobs_of_cells: list[tuple[int, int, int, int]]) -> list[bool]:
    """Return what is small print, of blobs whose places are relative to their cells."""
    boxes = [
        np.array(blob) + np.tile(cell.box[:2], 2).astype(int)
        for cell, blobs in zip(CELLS, blobs_of_cells, strict=True)
        for blob in blobs
    ]
    is_print: list[bool] = find_small_print(np.array(boxes), CELLS).tolist()
    return is_print


def test_the_days_of_a_calendar_are_small_print() -> None:
    days = [[(8, 8, 14, 22), (17, 8, 24, 22)]] * 7
    assert _find([(8, 8, 14, 22), WRITTEN], *days) == [True, False] + [True] * 14


def test_small_characters_at_other_places_are_written() -> None:
    small = [[(8 + 7 * n, 60 - 6 * n, 14 + 7 * n, 74 - 6 * n)] for n in range(7)]
    assert not any(_find([WRITTEN], *small))
