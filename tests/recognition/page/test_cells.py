"""The places that lines surround are found, in grids as in single boxes."""

from __future__ import annotations

import numpy as np

from recognition.page.cells import Cell, find_cells
from recognition.page.lines import find_lines_across


def _find(mask: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> list[Cell]:
    return find_cells(find_lines_across(mask), find_lines_across(np.ascontiguousarray(mask.T)))


def test_the_bar_of_a_character_does_not_divide_its_cell() -> None:
    mask = np.zeros((120, 340), dtype=np.bool_)
    mask[[20, 100], 20:321] = mask[20:101, 20:321:60] = True
    mask[70, 140:201] = True
    assert {cell.box for cell in _find(mask)} == {(x, 20, x + 60, 100) for x in range(20, 320, 60)}


def test_each_cell_of_a_grid_is_found_once_with_the_nearest_line_above_it() -> None:
    mask = np.zeros((500, 800), dtype=np.bool_)
    mask[20:421:40, 20:701] = mask[20:421, 20:701:40] = True
    cells = [cell for cell in _find(mask) if cell.ceiling >= 0]
    assert len(cells) == 10 * 17
    assert len({(round(x), round(y)) for x, y, *_ in (cell.box for cell in cells)}) == len(cells)
    for left, top, right, bottom in (cell.box for cell in cells):
        assert abs(right - left - 40) < 2 > abs(bottom - top - 40)


def test_the_stem_of_a_letter_that_stands_on_the_floor_of_a_box_is_no_wall() -> None:
    mask = np.zeros((120, 340), dtype=np.bool_)
    mask[[20, 100], 20:321] = mask[20:101, 20:321:60] = True
    mask[30:101, 110] = True
    assert {(round(cell.box[0]), round(cell.box[2])) for cell in _find(mask)} == {
        (x, x + 60) for x in range(20, 320, 60)
    }
