"""Blobs: connected pixels of a mask."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from recognition.page.bands import cut_rows
from recognition.page.runs import connect_runs, find_runs

Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int32]

WITH_DIAGONALS: Final = np.ones((3, 3), dtype=np.bool_)
"""The structure of blobs whose pixels may touch at a corner."""

AT_ONCE: Final = 64
"""How many blobs or pieces are compared with all others at a time, so that the tables stay small."""

_FEW: Final = 100_000  # pixels that are not chosen, up to which it is faster to look at those only


def find_boxes(labels: Labels) -> npt.NDArray[np.int64]:
    """Return int64 (blobs, 4): left, top, right and bottom of each label from 1, the last two exclusive."""
    slices = [(x.start, y.start, x.stop, y.stop) for y, x in ndimage.find_objects(labels)]
    return np.array(slices, dtype=np.int64).reshape(-1, 4)


def keep_blobs_with(chosen: Mask, mask: Mask) -> Mask:
    """Return ``mask``, bool (height, width), without the blobs that have no chosen pixel. Those must be ink."""
    rest = mask & ~chosen
    if np.count_nonzero(rest) <= _FEW:
        return _remove_apart(rest, chosen, mask)
    labels, count = ndimage.label(mask, structure=WITH_DIAGONALS)
    is_kept = np.zeros(count + 1, dtype=np.bool_)
    kept = np.empty_like(mask)
    for rows in cut_rows(*mask.shape):
        is_kept[labels[rows][chosen[rows]]] = True
    is_kept[0] = False
    for rows in cut_rows(*mask.shape):
        kept[rows] = is_kept[labels[rows]]
    return kept


def _remove_apart(rest: Mask, chosen: Mask, mask: Mask) -> Mask:
    """Return ``mask`` without the blobs of ``rest`` that touch no chosen pixel. All pixels need not be labeled."""
    kept = mask.copy()
    runs = find_runs(rest)
    if not len(runs.rows):
        return kept
    height, width = mask.shape
    lengths = runs.stops - runs.starts
    run = np.repeat(np.arange(len(lengths)), lengths)
    columns = np.arange(len(run)) - np.repeat(np.cumsum(lengths) - lengths, lengths) + runs.starts[run]
    rows = runs.rows[run]
    touches = np.zeros(len(lengths), dtype=np.bool_)
    for down in (-1, 0, 1):
        for across in (-1, 0, 1):
            touched = chosen[(rows + down).clip(0, height - 1), (columns + across).clip(0, width - 1)]
            touches[run[touched]] = True
    pieces = connect_runs(runs, width)
    is_kept = np.bincount(pieces[touches], minlength=int(pieces.max()) + 1) > 0
    is_apart = ~is_kept[pieces[run]]
    kept[rows[is_apart], columns[is_apart]] = False
    return kept
