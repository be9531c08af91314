"""Divides a box at the short ticks that stand on its floor: it is a comb with a place for each character."""

from __future__ import annotations

from typing import Final

import numpy as np

from recognition.page.cells import Cell
from recognition.page.lines import Floats, Lines
from recognition.page.runs import Ints

_NEAR: Final = 2.5  # pixels, beyond half their thicknesses: from the foot of a tick to the floor, at most
_TALL: Final = (0.1, 0.8)  # of the cell's height: height of a tick, from and to
_ALIKE: Final = (2.5, 0.15)  # pixels, of the height: difference between the heights of two ticks, at most
_FEWEST: Final = 2  # ticks of a comb
_MOST: Final = 60  # places of a comb
_NARROWEST: Final = (9, 0.25)  # pixels, of the cell's height: width of a place, at least
_EVEN: Final = 0.1  # of the width of a place: how far a tick is from where it should be, at most
_PRESENT: Final = 0.6  # of the ticks of a comb that are found, at least; strokes may hide the others


def divide_at_ticks(cells: list[Cell], across: Lines, down: Lines) -> list[Cell]:
    """Return the cells, with a cell for each place of those that have evenly spaced ticks.

    Args:
        cells: what lines surround.
        across: lines from left to right.
        down: lines from top to bottom, found in the transposed mask.
    """
    divided = [(cell, _divide(cell, across, down)) for cell in cells]
    ticks = {(cell.floor, wall) for cell, places in divided if len(places) > 1 for wall in _find_ticks(places)}
    # Between two ticks, a stroke of a character may seem to be a lower ceiling.
    return [
        place
        for cell, places in divided
        if len(places) > 1 or not any((cell.floor, wall) in ticks for wall in cell.walls)
        for place in places
    ]


def _find_ticks(places: list[Cell]) -> list[int]:
    return [place.walls[0] for place in places[1:]]


def _divide(cell: Cell, across: Lines, down: Lines) -> list[Cell]:
    left, top, right, bottom = cell.box
    tall = bottom - top
    middles = (down.starts + down.stops) / 2
    inside = (down.rows > left) & (down.rows < right) & (middles > top) & (middles < bottom + tall)
    inside[list(cell.walls)] = False
    numbers = np.flatnonzero(inside)
    if len(numbers) < _FEWEST:
        return [cell]
    floors = _find_rows(across, cell.floor, down.rows[numbers])
    heights = floors - down.starts[numbers]
    near = (across.thicknesses[cell.floor] + down.thicknesses[numbers]) / 2 + _NEAR
    is_tick = np.abs(floors - down.stops[numbers]) <= near
    is_tick &= (heights >= _TALL[0] * tall) & (heights <= _TALL[1] * tall)
    numbers, heights = numbers[is_tick], heights[is_tick]
    if len(numbers) < _FEWEST:
        return [cell]
    alike = np.abs(heights[:, None] - heights) <= _ALIKE[0] + _ALIKE[1] * heights
    numbers = numbers[alike[np.argmax(np.count_nonzero(alike, axis=1))]]
    left, right = down.compute_rows(np.full(len(down.starts), bottom))[list(cell.walls)].tolist()
    places, count = _find_places((down.rows[numbers] - left) / (right - left), (right - left) / tall, right - left)
    if not count:
        return [cell]
    walls = {0: cell.walls[0], count: cell.walls[1], **dict(zip(places.tolist(), numbers.tolist(), strict=True))}
    edges = np.linspace(left, right, count + 1)
    for place, wall in walls.items():
        edges[place] = down.rows[wall] if 0 < place < count else edges[place]
    middles = (edges[1:] + edges[:-1]) / 2
    bottoms = _find_rows(across, cell.floor, middles)
    tops = _find_rows(across, cell.ceiling, middles) if cell.ceiling >= 0 else bottoms - tall
    divided = []
    for place in range(count):
        box = float(edges[place]), float(tops[place]), float(edges[place + 1]), float(bottoms[place])
        # A tick that a stroke hides has no line. The one before it has the same place on the floor.
        sides = walls.get(place, cell.walls[0]), walls.get(place + 1, cell.walls[1])
        divided.append(Cell(box, sides, cell.floor, cell.ceiling, False))
    return divided


def _find_rows(lines: Lines, number: int, columns: Floats) -> Floats:
    """Return the rows of one line at some columns."""
    middle = (lines.starts[number] + lines.stops[number]) / 2
    rows: Floats = lines.rows[number] + lines.slopes[number] * (columns - middle)
    return rows


def _find_places(shares: Floats, ratio: float, width: float) -> tuple[Ints, int]:
    """Return between which places each tick stands, from 1, and the number of places, 0 if they are not even.

    Args:
        shares: float64 (ticks,), where the ticks are, from 0 at the left wall to 1 at the right one.
        ratio: width over height of the cell.
        width: of the cell, in pixels.
    """
    most = int(min(_MOST, width / _NARROWEST[0], ratio / _NARROWEST[1]))
    for count in range(len(shares) + 1, most + 1):
        places = np.floor(shares * count + 0.5).astype(np.int64)
        # In perspective, the ticks in the middle are all shifted to the side where the places are narrower.
        shifts, bow = shares - places / count, places / count * (1 - places / count)
        shifts = shifts - bow * (shifts @ bow) / max(float(bow @ bow), 1e-9)
        is_even = (np.abs(shifts) * count <= _EVEN).all() and len(np.unique(places)) == len(places)
        if is_even and places.min() >= 1 and places.max() < count and len(places) >= _PRESENT * (count - 1):
            return places, count
    return np.zeros(0, dtype=np.int64), 0
