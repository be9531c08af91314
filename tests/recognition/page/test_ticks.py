"""A box with short ticks on its floor has a place for each character."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from recognition.page.cells import Cell, find_cells
from recognition.page.lines import find_lines_across
from recognition.page.ticks import divide_at_ticks

SIDES = list(range(20, 321, 60))


def _divide(*ticks: int) -> list[Cell]:
    """Return the cells of a box from 20 to 320 with ticks in some columns."""
    mask = np.zeros((120, 340), dtype=np.bool_)
    mask[[20, 100], 20:321] = mask[20:101, [20, 320]] = True
    for column in ticks:
        mask[76:101, column] = True
    across, down = find_lines_across(mask), find_lines_across(np.ascontiguousarray(mask.T))
    return divide_at_ticks(find_cells(across, down), across, down)


def _find_sides(cells: list[Cell]) -> set[tuple[int, int]]:
    return {(round(cell.box[0]), round(cell.box[2])) for cell in cells}


def test_a_box_is_divided_at_its_ticks() -> None:
    assert _find_sides(_divide(*SIDES[1:-1])) == set(pairwise(SIDES))


def test_a_tick_that_a_stroke_hides_divides_it_too() -> None:
    assert _find_sides(_divide(*SIDES[1:3], SIDES[4])) == set(pairwise(SIDES))


def test_strokes_at_uneven_distances_are_no_ticks() -> None:
    assert _find_sides(_divide(60, 75, 200)) == {(20, 320)}
