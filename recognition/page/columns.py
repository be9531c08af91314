"""Finds columns of text, which are read one after the other. Plain geometry: boxes only."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

Boxes = npt.NDArray[Any]
Numbers = npt.NDArray[np.int64]

# "height" is the height of the writing.
_GUTTER: Final = 1.5  # of the height: width of the white space between two columns, at least
_NARROWEST: Final = 4.0  # of the height: width of a column with lines at the heights of the other's, at least
_LEVEL: Final = 0.25  # of the height: difference between the heights of a row of a table
_ALIGNED: Final = 0.7  # of the lines that are at the height of another column's, at least, in a table
_ROWS: Final = 3  # lines of a column, at least
_ROW: Final = 0.7  # of the height: distance between the middles of characters on two lines, at least
_BESIDE: Final = 0.5  # of the shorter column's height that is beside the other column, at least
_TITLES: Final = 3  # lines over all columns, at most


def find_columns(boxes: Boxes, height: float) -> list[Numbers]:
    """Return the numbers of the boxes in each column, in reading order. Lines over all columns come first.

    Args:
        boxes: (n, 4), of characters or parts of them, where lines of writing run level.
        height: the height of the writing, in the unit of the boxes.
    """
    every = np.arange(len(boxes))
    middles = (boxes[:, 1] + boxes[:, 3]) / 2
    ends = _find_row_ends(middles, height)
    for top in (-np.inf, *ends[:_TITLES]):
        below = every[middles > top]
        columns = _cut(boxes, below, height)
        if len(columns) > 1:
            above = every[middles <= top]
            return [above, *columns] if len(above) else columns
    return [every]


def _find_row_ends(middles: npt.NDArray[Any], height: float) -> list[float]:
    """Return the height between each row and the next one."""
    ordered = np.sort(middles)
    places = np.flatnonzero(np.diff(ordered) >= _ROW * height)
    return [float(end) for end in (ordered[places] + ordered[places + 1]) / 2]


def _cut(boxes: Boxes, numbers: Numbers, height: float) -> list[Numbers]:
    """Return the columns that white space from top to bottom separates."""
    ordered = numbers[np.argsort(boxes[numbers, 0], kind="stable")]
    ends = np.maximum.accumulate(boxes[ordered, 2])
    for place in np.flatnonzero(boxes[ordered[1:], 0] - ends[:-1] >= _GUTTER * height).tolist():
        left, right = ordered[: place + 1], ordered[place + 1 :]
        if _are_columns(boxes[left], boxes[right], height):
            return [np.sort(left), *_cut(boxes, right, height)]
    return [np.sort(numbers)]


def _are_columns(left: Boxes, right: Boxes, height: float) -> bool:
    """Return whether both have several lines, and are broad or have them at other heights than each other."""
    rows = [_measure_rows(side, height) for side in (left, right)]
    if min(map(len, rows)) < _ROWS:
        return False
    shared = min(left[:, 3].max(), right[:, 3].max()) - max(left[:, 1].min(), right[:, 1].min())
    shorter = min(np.ptp(left[:, [1, 3]]), np.ptp(right[:, [1, 3]]))
    if shared < _BESIDE * shorter:
        return False
    fewer, more = sorted(rows, key=len)
    apart = np.abs(fewer[:, None] - more).min(axis=1)
    is_table = np.count_nonzero(apart <= _LEVEL * height) >= _ALIGNED * len(fewer)
    narrower = min(side[:, 2].max() - side[:, 0].min() for side in (left, right))
    return bool(not is_table or narrower >= _NARROWEST * height)


def _measure_rows(boxes: Boxes, height: float) -> npt.NDArray[Any]:
    """Return the middle of each line: the median of its feet, which differ less than its tops."""
    middles = (boxes[:, 1] + boxes[:, 3]) / 2
    rows = np.searchsorted(_find_row_ends(middles, height), middles)
    return np.array([np.median(boxes[rows == row, 3]) for row in np.unique(rows)])
