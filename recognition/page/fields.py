"""Says which box of a form each blob of ink is in, and which boxes make a row or hold one word.

Plain geometry: the boxes of cells and blobs. It gives the reading order of tables and combs.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from recognition.page.cells import Cell

Boxes = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_NARROW: Final = (1.35, 3.0)  # of its height, of the height of writing: width of a cell for one character, at most
_OVER_WALL: Final = 0.25  # of a cell's width: how far a character may reach over a wall
_BODY: Final = 0.5  # of the height of writing: height of a blob that may be a character
_SHARED: Final = 0.2  # of the smaller width: overlap of two characters, seen from above, at most
_ROW: Final = (0.3, 0.5)  # of the lower cell's height: difference between floors, and tops, in one row, at most
_ALIKE: Final = 0.3  # difference between the heights of cells that are alike, relative to them
_BESIDE: Final = 4.0  # of the lower cell's height: distance between neighbors in a row, at most
_APART: Final = (
    0.75,
    0.35,
)  # of a cell's width: gap in a word, and how much wider it is than the narrowest, at most
_ONE_LINE: Final = 2.4  # of the height of writing: height of a cell for one line, at most
_OVER_COMB: Final = 1.0  # of a cell's width: height of the writing in a comb of ticks, at least


class Fields(NamedTuple):
    """Where each blob is in a form.

    Attributes:
        cells: int64 (blobs,), the number of the cell that the blob is in, or -1. Blobs in different cells are
            never one character.
        rows: int64 (blobs,), the number of the row of cells that it is in, or -1.
        combs: int64 (blobs,), the number of the word that its cell belongs to, if each cell of the word is for one
            character, or -1.
        is_low: bool (blobs,), whether it is in a row of cells that are too low for two lines.
    """

    cells: Ints
    rows: Ints
    combs: Ints
    is_low: npt.NDArray[np.bool_]

    @classmethod
    def make_none(cls, count: int) -> Fields:
        """Return what says that none of some blobs is in a form."""
        none = np.full(count, -1, dtype=np.int64)
        return cls(none, none, none, np.zeros(count, dtype=np.bool_))


def find_fields(boxes: npt.NDArray[np.int64], cells: Sequence[Cell], height: float) -> Fields:
    """Return in which cell, row and comb each blob is.

    Args:
        boxes: int64 (n, 4), left, top, right and bottom of each blob.
        cells: of forms.
        height: of the writing, in pixels.
    """
    if not cells or not len(boxes):
        return Fields.make_none(len(boxes))
    room = find_rooms(cells)
    numbers = find_cells_of_blobs(boxes, room)
    is_in = numbers >= 0
    rows = np.where(is_in, _find_rows(room)[numbers], -1)
    is_single = _are_single(boxes, numbers, room, height)
    # A blob that reaches far over a wall may be in either cell.
    slack = _OVER_WALL * (room[numbers, 2] - room[numbers, 0])
    reaches_over = (boxes[:, 0] < room[numbers, 0] - slack) | (boxes[:, 2] > room[numbers, 2] + slack)
    in_comb = is_in & is_single[numbers] & ~reaches_over
    combs = np.where(in_comb, _find_combs(room, numbers[in_comb], rows[in_comb])[numbers], -1)
    is_low = is_in & (room[numbers, 3] - room[numbers, 1] <= _ONE_LINE * height)
    return Fields(np.where(reaches_over, -1, numbers), rows, combs, is_low)


def find_rooms(cells: Sequence[Cell]) -> Boxes:
    """Return float64 (n, 4): the cells that hold no other cells, with the room above a comb of ticks."""
    return _choose_innermost(np.array([_get_room(cell) for cell in cells]))


def _get_room(cell: Cell) -> tuple[float, float, float, float]:
    """Return the box of a cell with the place above a comb of ticks."""
    left, top, right, bottom = cell.box
    return left, top if cell.ceiling >= 0 else min(top, bottom - _OVER_COMB * (right - left)), right, bottom


def _choose_innermost(room: Boxes) -> Boxes:
    """Return the cells without those that hold others, such as a frame around a form."""
    area = (room[:, 2] - room[:, 0]) * (room[:, 3] - room[:, 1])
    chosen: list[int] = []
    centers = np.empty((2, 0))
    for number in np.argsort(area, kind="stable").tolist():
        left, top, right, bottom = room[number]
        x, y = centers
        if not ((x > left) & (x < right) & (y > top) & (y < bottom)).any():
            chosen.append(number)
            centers = np.column_stack((centers, [(left + right) / 2, (top + bottom) / 2]))
    return room[sorted(chosen)]


def find_cells_of_blobs(boxes: npt.NDArray[np.int64], room: Boxes) -> Ints:
    """Return int64 (n,): the number of the cell that the middle of each box is in, or -1."""
    numbers = np.full(len(boxes), -1, dtype=np.int64)
    x, y = (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2
    for number, (left, top, right, bottom) in enumerate(room.tolist()):
        numbers[(x > left) & (x < right) & (y > top) & (y < bottom)] = number
    return numbers


def _find_rows(room: Boxes) -> Ints:
    """Return int64 (cells,): the number of the row that each cell is in. Neighbors in a row are at one height."""
    rows = np.arange(len(room))
    for number in np.argsort(room[:, 0], kind="stable").tolist():
        left, top, _, bottom = room[number]
        lower = np.minimum(bottom - top, room[:, 3] - room[:, 1])
        is_level = np.abs(room[:, 3] - bottom) <= _ROW[0] * lower
        is_level &= np.abs(room[:, 1] - top) <= _ROW[1] * lower
        gaps = left - room[:, 2]
        is_before = is_level & (room[:, 0] < left) & (gaps <= _BESIDE * lower)
        before = np.flatnonzero(is_before)
        if len(before):
            rows[number] = rows[before[np.argmin(gaps[before])]]
    return rows


def _are_single(boxes: npt.NDArray[np.int64], numbers: Ints, room: Boxes, height: float) -> npt.NDArray[np.bool_]:
    """Return bool (cells,): which are for one character.

    They are narrow. But if most of the cells of their size hold several characters, it is a table of words.
    """
    widths, heights = room[:, 2] - room[:, 0], room[:, 3] - room[:, 1]
    is_single = (widths <= _NARROW[0] * heights) & (widths <= _NARROW[1] * height)
    is_body = (boxes[:, 3] - boxes[:, 1] >= _BODY * height) & (numbers >= 0)
    counts = np.zeros(len(room), dtype=np.int64)
    for number in np.unique(numbers[is_body]).tolist():
        inside = boxes[is_body & (numbers == number)]
        inside = inside[np.argsort(inside[:, 0], kind="stable")]
        counts[number] = 1 + sum(
            before[2] - after[0] <= _SHARED * min(before[2] - before[0], after[2] - after[0])
            for before, after in pairwise(inside.tolist())
        )
    is_alike = np.abs(np.log(heights[:, None] / heights)) <= _ALIKE
    with_several, filled = is_alike @ (counts > 1), is_alike @ (counts > 0)
    result: npt.NDArray[np.bool_] = is_single & (2 * with_several <= np.maximum(filled, 1))
    return result


def _find_combs(room: Boxes, numbers: Ints, rows: Ints) -> Ints:
    """Return int64 (cells,): the number of the word that each cell belongs to, for those in ``numbers``.

    Args:
        room: float64 (cells, 4).
        numbers: of the cells with ink for one character.
        rows: the row of each.
    """
    combs = np.full(len(room), -1, dtype=np.int64)
    words = 0
    for row in np.unique(rows).tolist():
        filled = np.unique(numbers[rows == row])
        filled = filled[np.argsort(room[filled, 0], kind="stable")]
        gaps = room[filled[1:], 0] - room[filled[:-1], 2]
        sides = room[filled, 2] - room[filled, 0]
        widths = np.minimum(sides[1:], sides[:-1])
        narrowest = max(0.0, float(gaps.min())) if len(gaps) else 0.0
        is_new = (gaps > _APART[0] * widths) | (gaps > narrowest + _APART[1] * widths)
        combs[filled] = words + np.concatenate(([0], np.cumsum(is_new)))
        words = int(combs.max()) + 1
    return combs
