"""Tells the boxes of forms from letters: they hold ink, and their sides are thin and straight.

A letter such as H or D has straight strokes too, and even a hand-drawn square is closed. But nothing else is
written inside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from recognition.page.blobs import WITH_DIAGONALS, Labels
from recognition.page.cells import Cell, is_straight_enough
from recognition.page.lines import Lines
from recognition.page.runs import Ints, Mask

Table = npt.NDArray[np.bool_]

_EVEN: Final = 3.0  # pixels: difference between the distances of the lines of double sides
_ALIKE: Final = 0.12  # difference between cells that are alike, relative to their sides
_INSIDE: Final = 0.2  # of a cell's side: height or width of ink that fills it, at least
_SHARP: Final = (12, 0.5)  # times the thickness, pixels: side, and error, of a cell that ink may touch
_MARGIN: Final = 0.2  # of a cell's side, at each side of it: where ink may be a corner of a square letter
_EMPTY_CELLS: Final = 3  # cells alike that are a form even if nothing is in them
_ALSO_THICK: Final = 1.5  # times the thickness of a side: the line that makes it double
_DOUBLE: Final = 0.2  # of a cell's side: distance between the two lines of a double side, at most
_OVER_TICKS: Final = 1.7  # height over width of the space over a comb of ticks


def find_corners(cells: Sequence[Cell], across: Lines, down: Lines) -> list[tuple[float, float, float, float]]:
    """Return the rounded corners of cells, as `recognition.page.erase.erase_corners` takes them."""
    corners = []
    for cell in cells:
        if not cell.is_rounded:
            continue
        left, top, right, bottom = cell.box
        for wall, x in zip(cell.walls, (left, right), strict=True):
            for side, y in ((cell.ceiling, top), (cell.floor, bottom)):
                end = across.starts[side] - x if x == left else across.stops[side] - x
                rise = down.starts[wall] - y if y == top else down.stops[wall] - y
                radius = max(3.0, abs(float(end)), abs(float(rise)))
                corners.append((x, y, radius if x == left else -radius, radius if y == top else -radius))
    return corners


class Forms(NamedTuple):
    """What is form among the lines.

    Attributes:
        across: numbers of the lines from left to right that are sides of boxes.
        down: the same, of those from top to bottom.
        cells: the cells of the forms.
    """

    across: Ints
    down: Ints
    cells: list[Cell]


def choose_forms(cells: list[Cell], mask: Mask, inner: Mask, across: Lines, down: Lines) -> Forms:
    """Return the cells that are form, with their lines: those that hold ink, and those that are like them.

    Args:
        cells: what lines surround, at least one.
        mask: bool (height, width), the ink.
        inner: bool (height, width), the ink without all sides of cells.
        across: lines from left to right.
        down: lines from top to bottom.
    """
    labels, _ = ndimage.label(mask, structure=WITH_DIAGONALS)
    blobs_across, blobs_down = _find_blobs(labels, across), _find_blobs(labels.T, down)
    is_sharp = np.array([is_sharp_cell(cell, across, down) for cell in cells])
    is_filled = np.zeros(len(cells), dtype=np.bool_)
    for number, cell in enumerate(cells):
        sides = [blobs_across[side] for side in (cell.floor, cell.ceiling) if side >= 0]
        touching = np.unique(np.concatenate([*sides, *(blobs_down[wall] for wall in cell.walls)]))
        is_filled[number] = _holds_ink(cell, inner, labels, touching, is_sharp=bool(is_sharp[number]))
    sizes = np.array([(c.box[2] - c.box[0], c.box[3] - c.box[1]) for c in cells])
    is_rounded = np.array([cell.is_rounded for cell in cells])
    are_alike = (np.abs(np.log(sizes[:, None] / sizes)) <= _ALIKE).all(axis=2)
    are_alike &= is_rounded[:, None] == is_rounded
    share = _share_lines(cells)
    is_form = is_filled | ((are_alike | share) & is_filled).any(axis=1)
    is_form |= np.count_nonzero(are_alike & share & is_sharp, axis=1) >= _EMPTY_CELLS
    to_tick = np.flatnonzero(is_sharp & ~is_form) if is_form.any() else np.zeros(0, dtype=np.int64)
    extents = ndimage.find_objects(labels) if len(to_tick) else []
    for number in to_tick.tolist():
        is_form[number] = _stands_alone(cells[number], blobs_across, blobs_down, extents)
    chosen = [cell for cell, is_chosen in zip(cells, is_form.tolist(), strict=True) if is_chosen]
    sides_across = {n for cell in chosen for n in (cell.floor, cell.ceiling) if n >= 0}
    sides_down = {n for cell in chosen for n in cell.walls}
    for cell in chosen:
        double = _find_double(cell, across, down)
        sides_across |= double[0]
        sides_down |= double[1]
    return Forms(
        np.array(sorted(sides_across), dtype=np.int64), np.array(sorted(sides_down), dtype=np.int64), chosen
    )


def _stands_alone(
    cell: Cell, blobs_across: list[Ints], blobs_down: list[Ints], extents: Sequence[tuple[slice, slice] | None]
) -> bool:
    """Return whether a blob consists of the sides of a cell and nothing else, as an empty box to tick does."""
    sides = [blobs_across[cell.floor], blobs_across[cell.ceiling], *(blobs_down[wall] for wall in cell.walls)]
    blobs = set(np.concatenate(sides).tolist()) - {0}
    extent = extents[blobs.pop() - 1] if len(blobs) == 1 else None
    if extent is None:
        return False
    rows, columns = extent
    ends = (columns.start, rows.start, columns.stop - 1, rows.stop - 1)
    return all(abs(end - side) <= _EVEN for end, side in zip(ends, cell.box, strict=True))


def _share_lines(cells: list[Cell]) -> Table:
    walls = np.array([cell.walls for cell in cells])
    floors = np.array([cell.floor for cell in cells])
    result: Table = (walls[:, None, :, None] == walls[None, :, None, :]).any(axis=(2, 3)) & (
        floors[:, None] == floors
    )
    return result


def _find_blobs(labels: Labels, lines: Lines) -> list[Ints]:
    """Return for each line the numbers of the blobs that it is part of."""
    rows = np.floor(lines.centers + 0.5).astype(np.int64)
    on_line = labels[rows, lines.columns]
    ends = np.searchsorted(lines.numbers, np.arange(len(lines.starts) + 1))
    return [np.unique(on_line[start:stop]) for start, stop in pairwise(ends.tolist())]


def is_sharp_cell(cell: Cell, across: Lines, down: Lines) -> bool:
    """Return whether a cell's sides are as thin and straight as only printed ones are."""
    left, top, right, bottom = cell.box
    floors, walls = [cell.floor, cell.ceiling] if cell.ceiling >= 0 else [cell.floor], list(cell.walls)
    thickness = max(across.thicknesses[floors].max(), down.thicknesses[walls].max())
    error = max(across.errors[floors].max(), down.errors[walls].max())
    is_thin = min(right - left, bottom - top) >= _SHARP[0] * thickness
    return bool(is_thin and error <= _SHARP[1]) and not cell.is_rounded and cell.ceiling >= 0


def _holds_ink(cell: Cell, inner: Mask, labels: Labels, touching: Ints, *, is_sharp: bool) -> bool:
    """Return whether enough ink is in the middle of a cell. Unless its sides are sharp, it must not touch them."""
    left, top, right, bottom = cell.box
    width, height = right - left, bottom - top
    if cell.ceiling < 0 and height < _OVER_TICKS * width:
        top = bottom - max(height, _OVER_TICKS * width / 2)
        height = bottom - top
    aside, above = max(2.0, _MARGIN * width), max(2.0, _MARGIN * height)
    rows = slice(max(0, int(top + above)), max(0, int(bottom - above) + 1))
    columns = slice(max(0, int(left + aside)), max(0, int(right - aside) + 1))
    crop = inner[rows, columns]
    if not is_sharp:
        crop = crop & ~np.isin(labels[rows, columns], touching)
    if not crop.size:
        return False
    tall, wide = np.count_nonzero(crop.any(axis=1)), np.count_nonzero(crop.any(axis=0))
    is_large = tall >= _INSIDE * height or wide >= _INSIDE * width
    return bool(is_large and tall >= 3 and min(tall, wide) >= 2)


def _find_double(cell: Cell, across: Lines, down: Lines) -> tuple[set[int], set[int]]:
    """Return the second lines of a cell whose four sides are all double: from left to right, and down."""
    left, top, right, bottom = cell.box
    thickness = float(across.thicknesses[cell.floor])
    beside = _DOUBLE * min(right - left, bottom - top)
    sides = [_find_beside(across, left, right, row, beside, thickness) for row in (top, bottom)]
    walls = [_find_beside(down, top, bottom, column, beside, thickness) for column in (left, right)]
    found = [side for side in (*sides, *walls) if side]
    if len(found) < 4 or np.ptp([apart for _, apart in found]) > _EVEN:
        return set(), set()
    return {side[0] for side in sides if side}, {wall[0] for wall in walls if wall}


def _find_beside(
    lines: Lines, start: float, stop: float, row: float, beside: float, thickness: float
) -> tuple[int, float] | None:
    """Return the number of the line nearest to a side of a cell and parallel to it, and its distance."""
    apart = lines.compute_rows(np.full(len(lines.starts), (start + stop) / 2)) - row
    ends = np.abs(apart) + _EVEN
    is_long = (lines.starts <= start + ends) & (lines.stops >= stop - ends)
    thicker, thinner = np.maximum(lines.thicknesses, thickness), np.minimum(lines.thicknesses, thickness)
    is_second = is_long & (np.abs(apart) > thickness) & (np.abs(apart) <= beside)
    is_second &= (thicker <= _ALSO_THICK * thinner + 1) & is_straight_enough(lines)
    numbers = np.flatnonzero(is_second)
    if not len(numbers):
        return None
    nearest = int(numbers[np.argmin(np.abs(apart[numbers]))])
    return nearest, abs(float(apart[nearest]))
