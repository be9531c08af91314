"""Removes printed lines from the ink: rulings of paper, and the boxes, combs and tables of forms."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from recognition.page.cells import Cell, find_cells
from recognition.page.dashes import close_gaps
from recognition.page.erase import cover_lines, erase_corners, erase_lines, erase_remains
from recognition.page.forms import choose_forms, find_corners, is_sharp_cell
from recognition.page.hairs import find_hairs, may_be_strokes, remove_strokes
from recognition.page.lines import Lines, find_lines_across
from recognition.page.runs import Mask
from recognition.page.ticks import divide_at_ticks
from recognition.page.underlines import find_touched_underlines

Levels = npt.NDArray[np.float32]

_WHOLE_SPAN: Final = 0.95  # of the side: a line from edge to edge
_WHOLE_SLENDER: Final = 15  # length over thickness of such a line, at least
_SMALL: Final = 240  # pixels: shorter side of a picture in which they are looked for, at most
_LEAST_LEFT: Final = 0.2  # of the ink that must be left, or lines from edge to edge are not taken for rulings


class WithoutLines(NamedTuple):
    """The ink without printed lines.

    Attributes:
        mask: bool (height, width).
        cells: the boxes of forms.
        sides: bool (height, width), the sides of everything that lines surround, or None without sharp boxes.
    """

    mask: Mask
    cells: list[Cell]
    sides: Mask | None


def remove_printed_lines(mask: Mask, faint: Mask, contrast: Levels) -> WithoutLines:
    """Return the ink without rulings and without the boxes of forms. Strokes that cross them stay whole.

    Args:
        mask: bool (height, width), where there is ink.
        faint: bool (height, width), the same with a lower threshold. Lines are looked for in this.
        contrast: float32 (height, width), how dark it is.
    """
    faint = close_gaps(faint)
    across, down = find_lines_across(faint), find_lines_across(np.ascontiguousarray(faint.T))
    height, width = mask.shape
    hairs = find_hairs(across, width), find_hairs(down, height)
    cells = divide_at_ticks(find_cells(across, down), across, down)
    if not cells and may_be_strokes(across, down, hairs, mask.shape):
        rest = _erase(mask, contrast, across, down, [], *hairs)
        hairs = remove_strokes(rest, across, down, hairs)
    forms_across, forms_down = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    surroundings = None
    if cells:
        sides = [n for cell in cells for n in (cell.floor, cell.ceiling) if n >= 0]
        walls = [n for cell in cells for n in cell.walls]
        inner = _erase(
            mask, contrast, across, down, cells, np.union1d(sides, hairs[0]), np.union1d(walls, hairs[1])
        )
        if any(is_sharp_cell(cell, across, down) for cell in cells):
            surroundings = cover_lines(mask.shape, across.take(np.unique(sides)), down.take(np.unique(walls)))
        forms_across, forms_down, cells = choose_forms(cells, mask, inner, across, down)
    removed = np.union1d(forms_across, hairs[0]), np.union1d(forms_down, hairs[1])
    result = _erase(mask, contrast, across, down, cells, *removed)
    if cells:
        result = erase_remains(result, [cell.box for cell in cells])
    else:
        underlines = find_touched_underlines(result, contrast, across)
        if len(underlines):
            removed = np.union1d(removed[0], underlines), removed[1]
            result = _erase(mask, contrast, across, down, [], *removed)
    if not cells and min(mask.shape) < _SMALL:
        # In a small picture even a line from edge to edge is short for its thickness. But if the picture is
        # cropped close to a character, such lines are its strokes.
        whole = _find_whole(across, width), _find_whole(down, height)
        edges = [np.union1d(w, r) for w, r in zip(whole, removed, strict=True)]
        without = _erase(mask, contrast, across, down, [], *edges)
        if without.sum() > _LEAST_LEFT * result.sum():
            result = without
    return WithoutLines(result, cells, surroundings)


def _erase(
    mask: Mask,
    contrast: Levels,
    across: Lines,
    down: Lines,
    cells: list[Cell],
    chosen_across: npt.NDArray[Any],
    chosen_down: npt.NDArray[Any],
) -> Mask:
    """Return the ink without the chosen lines and the rounded corners of the cells."""
    chosen = across.take(chosen_across.astype(np.int64)), down.take(chosen_down.astype(np.int64))
    result = erase_lines(mask, contrast, *chosen)
    corners = find_corners(cells, across, down)
    return erase_corners(result, corners, float(np.median(chosen[0].thicknesses))) if corners else result


def _find_whole(lines: Lines, side: int) -> npt.NDArray[np.int64]:
    """Return the numbers of the lines from edge to edge."""
    is_thin = lines.lengths >= _WHOLE_SLENDER * lines.thicknesses
    result: npt.NDArray[np.int64] = np.flatnonzero((lines.lengths >= _WHOLE_SPAN * side - 2) & is_thin)
    return result
