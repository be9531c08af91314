"""Blobs: connected pixels of a mask."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from recognition.page.bands import cut_rows

Mask = npt.NDArray[np.bool_]

WITH_DIAGONALS: Final = np.ones((3, 3), dtype=np.bool_)
"""The structure of blobs whose pixels may touch at a corner."""


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
