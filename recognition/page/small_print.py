"""Finds the small print in the cells of a form, such as the days of a calendar: it is at one place in all of them.

Plain geometry: the boxes of cells and blobs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.page.cells import Cell
from recognition.page.fields import Boxes, find_cells_of_blobs, find_rooms

_SMALL: Final = 0.55  # of the tallest blob in a cell: height of small print, at most
_FEWEST: Final = 4  # cells with small print at the same place
_MOST_OF_CELLS: Final = 0.6  # of the cells with ink that have it
_SAME_PLACE: Final = 0.1  # of the height of a cell: how far it is from its usual place, at most
_ALIKE: Final = 0.35  # of its height: difference between two letters of small print, at most
_NEXT: Final = 1.0  # of its height: gap between two letters of small print, at most


def find_small_print(boxes: npt.NDArray[np.int64], cells: Sequence[Cell]) -> npt.NDArray[np.bool_]:
    """Return bool (blobs,): which are small print that begins at the same place in most cells of a form.

    Args:
        boxes: int64 (blobs, 4), left, top, right and bottom of each blob.
        cells: of forms.
    """
    is_print = np.zeros(len(boxes), dtype=np.bool_)
    if len(cells) < _FEWEST or not len(boxes):
        return is_print
    rooms = find_rooms(cells)
    numbers = find_cells_of_blobs(boxes, rooms)
    heights = boxes[:, 3] - boxes[:, 1]
    inside = (numbers >= 0) & (heights <= (rooms[:, 3] - rooms[:, 1])[numbers])
    if not inside.any():
        return is_print
    is_small = inside & (heights <= _SMALL * heights[inside].max()) & (heights >= 3)
    firsts = _find_firsts(boxes, np.flatnonzero(is_small), numbers)
    if len(firsts) < _FEWEST:
        return is_print
    room = rooms[numbers[firsts]]
    offsets = (boxes[firsts, :2] - room[:, :2]) / (room[:, 3] - room[:, 1])[:, None]
    usual_height = float(np.median(heights[firsts]))
    is_at_place = (np.abs(offsets - np.median(offsets, axis=0)) <= _SAME_PLACE).all(axis=1)
    is_at_place &= np.abs(heights[firsts] - usual_height) <= _ALIKE * usual_height
    if np.count_nonzero(is_at_place) < max(_FEWEST, _MOST_OF_CELLS * len(np.unique(numbers[inside]))):
        return is_print
    for first in firsts[is_at_place].tolist():
        others = np.flatnonzero(is_small & (numbers == numbers[first]))
        _, top, end, bottom = boxes[first].tolist()
        for other in others[np.argsort(boxes[others, 0], kind="stable")].tolist():
            is_beside = boxes[other, 1] < bottom and boxes[other, 3] > top
            if is_beside and boxes[other, 0] - end <= _NEXT * usual_height:
                is_print[other] = True
                end = max(end, int(boxes[other, 2]))
    return is_print


def _find_firsts(
    boxes: npt.NDArray[np.int64], small: npt.NDArray[np.int64], numbers: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Return the number of the small blob in each cell that is nearest to the cell's upper left corner."""
    distances: Boxes = boxes[small, :2].sum(axis=1)
    ordered = small[np.argsort(distances, kind="stable")]
    _, first = np.unique(numbers[ordered], return_index=True)
    firsts: npt.NDArray[np.int64] = ordered[first]
    return firsts
