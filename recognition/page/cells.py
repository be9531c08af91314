"""Finds the places that lines surround: cells of boxes, combs and tables, and those inside letters."""

from __future__ import annotations

from collections import Counter
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from recognition.page.lines import Floats, Lines
from recognition.page.runs import Ints

Table = npt.NDArray[np.bool_]

_STRAIGHT: Final = (0.6, 0.15, 0.004)  # pixels, of the thickness, of the length: how far a side is from straight
_NEAR: Final = 2.5  # pixels, beyond half their thicknesses: distance between sides that meet
_NEAR_SIDE: Final = 0.1  # of the shorter side: the same, at most
_ROUND: Final = 0.35  # of the shorter side: radius of rounded corners, at most
_EVEN: Final = (3.0, 0.12)  # pixels, of the side: difference between corners of one box
_SMALLEST: Final = 9  # pixels: side of a cell, at least
_ALIKE: Final = 0.12  # difference between cells that are alike, relative to their sides
_ROOMY: Final = 7.0  # times the thickness: side of a cell with rounded corners, at least
_TALL_WALL: Final = 0.12  # of the distance between walls: height of a tick, at least
_THICKER: Final = 2.0  # times the thickness of the thinnest side of a cell
_MOST_PAIRS: Final = 8  # walls, and lines over a line, that are tried for one box with rounded corners
_MOST_CELLS: Final = 1_000


class Cell(NamedTuple):
    """A place that lines of a form surround, open at the top in a comb.

    Attributes:
        box: left, top, right and bottom, in pixels, of the middles of its sides.
        walls: numbers of the lines at its left and right side.
        floor: number of the line below it.
        ceiling: number of the line above it, or -1.
        is_rounded: whether its corners are rounded.
    """

    box: tuple[float, float, float, float]
    walls: tuple[int, int]
    floor: int
    ceiling: int
    is_rounded: bool


def find_cells(across: Lines, down: Lines) -> list[Cell]:
    """Return the places that lines surround. Nothing says yet that they are parts of a form.

    Args:
        across: lines from left to right.
        down: lines from top to bottom, found in the transposed mask.
    """
    if len(across.starts) < 1 or len(down.starts) < 2:
        return []
    columns = down.compute_rows(np.broadcast_to(across.rows, (len(down.starts), len(across.starts)))).T
    rows = across.compute_rows(columns)
    shorter = np.minimum(across.lengths[:, None], down.lengths)
    near = (across.thicknesses[:, None] + down.thicknesses) / 2 + np.minimum(_NEAR, _NEAR_SIDE * shorter)
    straight_h, straight_v = is_straight_enough(across), is_straight_enough(down)
    is_straight = straight_h[:, None] & straight_v

    def find_meeting(slack: Floats) -> Table:
        result: Table = (
            (columns >= across.starts[:, None] - slack)
            & (columns <= across.stops[:, None] + slack)
            & (rows >= down.starts - slack)
            & (rows <= down.stops + slack)
        )
        return result

    meets = find_meeting(near) & is_straight
    line, wall = np.nonzero(meets)  # few of all pairs
    end_here = 1.5 * near[line, wall]
    ends_down = [
        _mark(wall, np.abs(rows[line, wall] - ends[wall]) <= end_here, len(down.starts))
        for ends in (down.starts, down.stops - 1)
    ]
    ends_across = [
        _mark(line, np.abs(columns[line, wall] - ends[line]) <= end_here, len(across.starts))
        for ends in (across.starts, across.stops - 1)
    ]
    closed = meets & (ends_down[0] & ends_down[1]) & (ends_across[0] & ends_across[1])[:, None]
    cells: list[Cell] = []
    for floor in np.flatnonzero(np.count_nonzero(meets, axis=1) >= 2).tolist():
        has_walls = np.count_nonzero(closed[floor]) >= 2
        boxes = _find_cells_over(floor, closed, columns, rows, across, down) if has_walls else []
        cells += boxes
        comb = _find_comb(floor, meets, columns, rows, near, across, down)
        # In a box with a ceiling, the stem of a letter such as D is no wall.
        cells += [cell for cell in comb if not any(_is_part(cell, box) for box in boxes)]
        if len(cells) > _MOST_CELLS:
            return []
    cells += _find_rounded_cells(
        find_meeting(near + _ROUND * shorter) & is_straight, meets, columns, rows, across, down
    )
    return _leave_out_crossbars(cells) if len(cells) <= _MOST_CELLS else []


def _mark(numbers: Ints, is_marked: Table, count: int) -> Table:
    """Return bool (count,): which of the lines with these numbers are marked."""
    marks: Table = np.bincount(numbers[is_marked], minlength=count) > 0
    return marks


def _leave_out_crossbars(cells: list[Cell]) -> list[Cell]:
    """Leave out the cells that the bar of a character makes by dividing one cell of a row, as a 4 may."""
    floors, ceilings = Counter(cell.floor for cell in cells), Counter(cell.ceiling for cell in cells)
    in_rows = Counter((cell.floor, cell.ceiling) for cell in cells)
    in_row = [cell for cell in cells if cell.ceiling >= 0 and in_rows[cell.floor, cell.ceiling] > 1]
    whole = {(*cell.walls, side) for cell in in_row for side in (cell.floor, cell.ceiling)}

    def is_divided(cell: Cell) -> bool:
        sides = cell.floor, cell.ceiling
        is_short = [floors[side] <= 1 and ceilings[side] <= 1 for side in sides]
        is_of_row = [(*cell.walls, side) in whole for side in sides]
        return (is_short[0] and is_of_row[1]) or (is_short[1] and is_of_row[0])

    return [cell for cell in cells if not is_divided(cell)]


def is_straight_enough(lines: Lines) -> Table:
    """Return bool (n,): which lines are straight enough for a side of a box."""
    result: Table = lines.errors <= (
        _STRAIGHT[0] + _STRAIGHT[1] * lines.thicknesses + _STRAIGHT[2] * lines.lengths
    )
    return result


def _find_cells_over(
    floor: int, meets: Table, columns: Floats, rows: Floats, across: Lines, down: Lines
) -> list[Cell]:
    """Return the cells between neighboring walls that stand on a line."""
    walls = np.flatnonzero(meets[floor] & (rows[floor] - down.starts >= _SMALLEST / 2))
    walls = walls[np.argsort(columns[floor, walls], kind="stable")]
    is_over = meets[:, walls] & (rows[floor, walls] - rows[:, walls] >= _SMALLEST)  # (n, walls)
    over = np.flatnonzero(np.count_nonzero(is_over, axis=1) >= 2)
    over = over[np.argsort(-across.rows[over], kind="stable")]  # a lower one counts before a higher one
    # Arrays, since a grid has as many pairs of walls and lines above each other as cells, times its rows.
    line, place = np.nonzero(is_over[over])
    is_pair = line[1:] == line[:-1]
    ceilings = over[line[1:][is_pair]]
    lefts, rights = walls[place[:-1][is_pair]], walls[place[1:][is_pair]]
    thicknesses = across.thicknesses[ceilings], down.thicknesses[lefts], down.thicknesses[rights]
    every = np.stack([*thicknesses, np.full(len(ceilings), across.thicknesses[floor])])
    widths = columns[floor, rights] + columns[ceilings, rights] - columns[floor, lefts] - columns[ceilings, lefts]
    is_cell = (every.max(axis=0) <= _THICKER * every.min(axis=0) + 1) & (widths >= 2 * _SMALLEST)
    possible = np.flatnonzero(is_cell)
    # A line over only one cell may be the bar of a character, unless there are many such lines.
    cells_under = np.bincount(ceilings[possible], minlength=len(across.starts))
    if 2 * np.count_nonzero(cells_under == 1) < cells_under.max(initial=0):
        possible = possible[np.argsort(cells_under[ceilings[possible]] == 1, kind="stable")]
    _, first = np.unique(lefts[possible] * len(down.starts) + rights[possible], return_index=True)
    chosen = possible[first]
    return [
        _make_cell(floor, *walls_and_ceiling, columns, rows)
        for walls_and_ceiling in zip(
            ceilings[chosen].tolist(), lefts[chosen].tolist(), rights[chosen].tolist(), strict=True
        )
    ]


def _make_cell(floor: int, ceiling: int, left: int, right: int, columns: Floats, rows: Floats) -> Cell:
    x = columns[[floor, ceiling]][:, [left, right]].mean(axis=0)
    y = rows[[ceiling, floor]][:, [left, right]].mean(axis=1)
    return Cell((float(x[0]), float(y[0]), float(x[1]), float(y[1])), (left, right), floor, ceiling, False)


def _is_part(cell: Cell, box: Cell) -> bool:
    """Return whether a cell is a part of a box on the same floor, but not all of it."""
    (left, top, right, bottom), outer = cell.box, box.box
    slack = _NEAR + _NEAR_SIDE * (bottom - top)
    is_inside = outer[0] - slack <= left and right <= outer[2] + slack and top >= outer[1] - slack
    return is_inside and cell.walls != box.walls


def _are_alike(*thicknesses: Floats) -> bool:
    every = np.concatenate(thicknesses)
    return bool(every.max() <= _THICKER * every.min() + 1)


def _find_comb(
    floor: int, meets: Table, columns: Floats, rows: Floats, near: Floats, across: Lines, down: Lines
) -> list[Cell]:
    """Return the cells of a comb that is open at the top: walls of one height, one at each end of a line."""
    walls = np.flatnonzero(meets[floor] & (rows[floor] - down.starts >= _SMALLEST / 2))
    walls = walls[np.argsort(columns[floor, walls], kind="stable")]
    heights = rows[floor, walls] - down.starts[walls]
    on_line = np.abs(rows[floor, walls] - down.stops[walls]) <= near[floor, walls]
    at_end = (np.abs(columns[floor, walls] - across.starts[floor]) <= near[floor, walls]) | (
        np.abs(columns[floor, walls] - across.stops[floor]) <= near[floor, walls]
    )
    ends = np.flatnonzero(on_line & at_end)
    if len(ends) != 2:
        return []
    tall = heights[ends].mean()
    walls = walls[on_line & (np.abs(heights - tall) <= max(3.0, 2 * _ALIKE * tall))]
    x = columns[floor, walls]
    if len(walls) < 2:
        return []
    widths = np.diff(x)
    # Between the cells there may be gaps, which the line may seem to bridge.
    is_cell = widths >= max(_SMALLEST, widths.max() / 2)
    if not (is_cell[0] and is_cell[-1] and (is_cell[1:] | is_cell[:-1]).all()):
        return []
    if tall < _TALL_WALL * widths.max() or not _are_alike(across.thicknesses[[floor]], down.thicknesses[walls]):
        return []
    cells = []
    for left, right in zip(walls[:-1][is_cell].tolist(), walls[1:][is_cell].tolist(), strict=True):
        bottom = float(rows[floor, [left, right]].mean())
        box = float(columns[floor, left]), bottom - float(tall), float(columns[floor, right]), bottom
        cells.append(Cell(box, (left, right), floor, -1, False))
    return cells


def _find_rounded_cells(
    may_meet: Table, meets: Table, columns: Floats, rows: Floats, across: Lines, down: Lines
) -> list[Cell]:
    """Return the boxes whose corners are rounded: two lines and two walls, none of which reach a corner."""
    cells: list[Cell] = []
    may_meet = may_meet & ~meets
    for floor in np.flatnonzero(np.count_nonzero(may_meet, axis=1) >= 2).tolist():
        walls = np.flatnonzero(may_meet[floor])
        radii = across.starts[floor] - columns[floor, walls], columns[floor, walls] - across.stops[floor]
        lefts, rights = (walls[side >= 0][:_MOST_PAIRS] for side in radii)
        even = _EVEN[0] + _EVEN[1] * across.lengths[floor]
        pairs = np.abs(
            across.starts[floor] - columns[floor, lefts][:, None] - columns[floor, rights] + across.stops[floor]
        )
        overs = (
            np.abs(across.starts - across.starts[floor]) + np.abs(across.stops - across.stops[floor]) <= 2 * even
        )
        for left, right in np.argwhere(pairs <= even)[:_MOST_PAIRS].tolist():
            both = may_meet[:, lefts[left]] & may_meet[:, rights[right]] & overs
            for ceiling in np.flatnonzero(both)[:_MOST_PAIRS].tolist():
                cell = _make_rounded(
                    floor, ceiling, int(lefts[left]), int(rights[right]), columns, rows, across, down
                )
                if cell:
                    cells.append(cell)
        if len(cells) > _MOST_CELLS:
            break
    return cells


def _make_rounded(
    floor: int, ceiling: int, left: int, right: int, columns: Floats, rows: Floats, across: Lines, down: Lines
) -> Cell | None:
    x = columns[[floor, ceiling]][:, [left, right]].mean(axis=0)
    y = rows[[ceiling, floor]][:, [left, right]].mean(axis=1)
    width, height = float(x[1] - x[0]), float(y[1] - y[0])
    thickest = float(max(across.thicknesses[[floor, ceiling]].max(), down.thicknesses[[left, right]].max()))
    if min(width, height) < max(_SMALLEST, _ROOMY * thickest):
        return None
    if not _are_alike(across.thicknesses[[floor, ceiling]], down.thicknesses[[left, right]]):
        return None
    corners = np.array(
        [
            *(across.starts[[floor, ceiling]] - x[0]),
            *(x[1] - across.stops[[floor, ceiling]]),
            *(down.starts[[left, right]] - y[0]),
            *(y[1] - down.stops[[left, right]]),
        ]
    )
    if corners.min() < -_EVEN[0] or np.ptp(corners) > _EVEN[0] + _EVEN[1] * min(width, height):
        return None
    return Cell((float(x[0]), float(y[0]), float(x[1]), float(y[1])), (left, right), floor, ceiling, True)
