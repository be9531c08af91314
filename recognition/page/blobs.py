"""Blobs: connected pixels of a mask."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from recognition.page.bands import cut_rows

Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int32]

WITH_DIAGONALS: Final = np.ones((3, 3), dtype=np.bool_)
"""The structure of blobs whose pixels may touch at a corner."""


def find_boxes(labels: Labels) -> npt.NDArray[np.int64]:
    """Return int64 (blobs, 4): left, top, right and bottom of each label from 1, the last two exclusive."""
    slices = [(x.start, y.start, x.stop, y.stop) for y, x in ndimage.find_objects(labels)]
    return np.array(slices, dtype=np.int64).reshape(-1, 4)


def keep_blobs_with(chosen: Mask, mask: Mask) -> Mask:
    """Return ``mask``, bool (height, width), without the blobs that have no chosen pixel."""
    labels, count = ndimage.label(mask, structure=WITH_DIAGONALS)
    is_kept = np.zeros(count + 1, dtype=np.bool_)
    kept = np.empty_like(mask)
    for rows in cut_rows(*mask.shape):
        is_kept[labels[rows][chosen[rows]]] = True
    is_kept[0] = False
    for rows in cut_rows(*mask.shape):
        kept[rows] = is_kept[labels[rows]]
    return kept
