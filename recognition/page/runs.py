"""Runs: rows of neighboring pixels of ink. A page has far fewer of them than pixels."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


class Runs(NamedTuple):
    """Runs of ink in the rows of a mask, in order. All of a texture's are int32, since they are many.

    Attributes:
        rows: (n,).
        starts: (n,), the first column of each.
        stops: (n,), the column after the last.
    """

    rows: Ints | npt.NDArray[np.int32]
    starts: Ints | npt.NDArray[np.int32]
    stops: Ints | npt.NDArray[np.int32]

    def take(self, chosen: npt.NDArray[Any] | slice) -> Runs:
        """Return some of the runs."""
        return Runs(*(array[chosen] for array in self))


def find_runs(mask: Mask) -> Runs:
    """Return the runs of ink of a bool (height, width) mask."""
    height, width = mask.shape
    padded = np.zeros((height, width + 1), dtype=np.bool_)
    padded[:, :width] = mask
    flat = padded.ravel()
    ends = (np.flatnonzero(flat[1:] != flat[:-1]) + 1).astype(np.int32)
    if flat.size and flat[0]:
        ends = np.concatenate((np.zeros(1, dtype=np.int32), ends))
    rows = ends[::2] // (width + 1)
    return Runs(rows, ends[::2] - rows * (width + 1), ends[1::2] - rows * (width + 1))


def bridge_runs(runs: Runs, gap: int) -> Runs:
    """Return the runs, joined where the gap between two in one row is small."""
    is_new = np.ones(len(runs.rows) + 1, dtype=np.bool_)
    is_new[1:-1] = (runs.rows[1:] != runs.rows[:-1]) | (runs.starts[1:] - runs.stops[:-1] > gap)
    return Runs(runs.rows[is_new[:-1]], runs.starts[is_new[:-1]], runs.stops[is_new[1:]])


def measure_runs_down(mask: Mask) -> npt.NDArray[np.int16]:
    """Return int16 (height, width), the length in pixels of the vertical run of ink through each pixel."""
    ink = mask.astype(np.int16)
    return _count_down(ink) + _count_down(ink[::-1])[::-1] - ink


def _count_down(ink: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
    """Return for each pixel of ink the length of the vertical run of ink from its top to this pixel."""
    counts = ink.copy()
    for above, row in pairwise(counts):
        np.add(row, above * row, out=row)
    return counts


def connect_runs(runs: Runs, width: int) -> Ints:
    """Return int64 (runs,): the number of the piece that each run belongs to. Runs in a piece touch."""
    count, stride = len(runs.rows), width + 3
    below = (runs.rows + 1) * stride
    first = np.searchsorted(runs.rows * stride + runs.stops, below + runs.starts, side="left")
    last = np.searchsorted(runs.rows * stride + runs.starts, below + runs.stops, side="right")
    touching = np.maximum(last - first, 0)
    upper = np.repeat(np.arange(count), touching)
    lower = np.arange(touching.sum()) + np.repeat(first - np.cumsum(touching) + touching, touching)
    return group_pairs(upper, lower, count)


def group_pairs(first: Ints, second: Ints, count: int) -> Ints:
    """Return int64 (count,): the number of the group of each of some things, of which pairs are connected.

    Args:
        first: int64 (pairs,), the numbers of one thing of each pair.
        second: int64 (pairs,), those of the other thing.
        count: how many things there are.
    """
    graph = sparse.coo_array((np.ones(len(first), dtype=np.bool_), (first, second)), shape=(count, count))
    groups: Ints = sparse.csgraph.connected_components(graph, directed=False)[1].astype(np.int64)
    return groups


def measure_extents(runs: Runs, pieces: Ints, count: int) -> tuple[Ints, Ints]:
    """Return int64 (count,) each: the first column of each piece, and the column after its last.

    Args:
        runs: of all pieces.
        pieces: int64 (runs,), the number of the piece that each run belongs to.
        count: how many pieces there are. One without runs ends before it starts.
    """
    starts, stops = np.full(count, np.iinfo(np.int64).max), np.zeros(count, dtype=np.int64)
    np.minimum.at(starts, pieces, runs.starts)
    np.maximum.at(stops, pieces, runs.stops)
    return starts, stops
