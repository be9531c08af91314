"""Finds where touching characters could be cut: along paths from top to bottom that cross little ink.

A path may lean and bend, so it also separates neighbors that reach over each other, such as a 7 and a 4. Paths are
found on a small copy of the ink by dynamic programming, as in seam carving (Avidan and Shamir 2007).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Columns = npt.NDArray[np.int64]

# "height" is the height of the writing.
_ROWS: Final = 32  # of the small copy, for ink as tall as the writing
_MOST_SIDE: Final = 512  # rows or columns of the small copy
_SIDEWAYS: Final = 0.15  # price of a step to the side, relative to that of a step through ink
_NARROWEST: Final = 0.15  # of the height: distance between two cuts, and from a cut to an end, at least
_MOST_INK: Final = 0.45  # of the height: ink that may be cut through
_MOST_CUTS: Final = 12  # through one piece


def find_cuts(mask: Mask, height: float) -> Columns:
    """Return the best places to cut a piece, from left to right. They never cross.

    Args:
        mask: bool (rows, columns), the ink of the piece, cropped to it.
        height: the height of the writing in pixels.

    Returns:
        int64 (cuts, rows), for each cut and row the first column to its right.
    """
    rows, columns = mask.shape
    scale = min(1.0, _ROWS / height, _MOST_SIDE / max(rows, columns))
    small = _shrink(mask, scale)
    down, up = _accumulate(small)
    middle = len(small) // 2
    price = down[middle] + up[middle] - small[middle]
    unit = height * scale
    distance = max(2, round(_NARROWEST * unit))
    is_least = price <= ndimage.minimum_filter1d(price, size=distance | 1, mode="nearest")
    is_least &= price <= _MOST_INK * unit
    is_least[:distance] = is_least[len(is_least) - distance :] = False
    runs = np.flatnonzero(np.diff(is_least, prepend=False, append=False)).reshape(-1, 2)
    starts = ((runs[:, 0] + runs[:, 1] - 1) // 2).tolist()
    starts = sorted(sorted(starts, key=lambda column: float(price[column]))[:_MOST_CUTS])
    paths = np.array([_trace(down, up, middle, start) for start in starts]).reshape(-1, len(small))
    row_of = np.minimum((np.arange(rows) + 0.5) * scale, len(small) - 1).astype(np.int64)
    full = np.rint((paths[:, row_of] + 0.5) / scale).astype(np.int64).clip(0, columns)
    return np.maximum.accumulate(full, axis=0)


def _shrink(mask: Mask, scale: float) -> Floats:
    """Return the share of ink in each pixel of a smaller copy."""
    edges = [np.linspace(0, side, max(1, round(side * scale)) + 1).round().astype(np.int64) for side in mask.shape]
    sums = np.add.reduceat(mask, edges[0][:-1], axis=0, dtype=np.int64)
    sums = np.add.reduceat(sums, edges[1][:-1], axis=1)
    shares: Floats = sums / np.outer(np.diff(edges[0]), np.diff(edges[1]))
    return shares


def _accumulate(ink: Floats) -> tuple[Floats, Floats]:
    """Return for each pixel the price of the cheapest path from the top to it, and from the bottom to it."""
    prices = np.stack((ink, ink[::-1]), axis=1)  # rows, directions, columns: both at once
    for above, row in pairwise(prices):
        best = above.copy()
        aside = above + _SIDEWAYS
        np.minimum(best[:, 1:], aside[:, :-1], out=best[:, 1:])
        np.minimum(best[:, :-1], aside[:, 1:], out=best[:, :-1])
        np.add(row, best, out=row)
    return prices[:, 0], prices[::-1, 1]


def _trace(down: Floats, up: Floats, middle: int, start: int) -> Columns:
    """Return the column in each row of the cheapest path through a column of the middle row."""
    upper = _follow(down[: middle + 1][::-1], start)[::-1]
    return np.concatenate((upper, _follow(up[middle:], start)[1:]))


def _follow(prices: Floats, start: int) -> Columns:
    """Return the columns of the cheapest path from a column of the first row to the last row."""
    path = [start]
    last = prices.shape[1] - 1
    column = start
    for row in prices[1:].tolist():
        here = column
        least = row[here]
        if here and row[here - 1] + _SIDEWAYS < least:
            column, least = here - 1, row[here - 1] + _SIDEWAYS
        if here < last and row[here + 1] + _SIDEWAYS < least:
            column = here + 1
        path.append(column)
    return np.array(path)
