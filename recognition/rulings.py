"""Taking the printed lines of ruled and squared paper out of the ink."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Mask = npt.NDArray[np.bool_]
Runs = npt.NDArray[np.int32]

_RUN: Final = 1 / 40  # of the side: what a straight, thin line goes on for in one row, however slightly it slopes
_WHOLE: Final = 0.95  # of the side: a line that goes from edge to edge
_HAIR: Final = 60  # times as long as thick: no pen stroke, wherever it ends
_HAIR_SPAN: Final = 0.08  # of the side
_COVERED: Final = 0.5  # of its length, at least, that is ink: not bars of letters in a row
_SLOPE: Final = 0.12  # of its length, how far a ruling may climb


def without_rulings(mask: Mask) -> Mask:
    """Return ``mask``, bool (height, width), without thin lines from side to side or from top to bottom.

    Strokes that cross a ruling are kept whole; those that run along it are lost.
    """
    turned = np.ascontiguousarray(mask.T)
    hairs = _rulings(mask, _HAIR_SPAN, _HAIR) | _rulings(turned, _HAIR_SPAN, _HAIR).T
    left = mask & ~hairs
    whole = _rulings(left, _WHOLE, 0) | _rulings(np.ascontiguousarray(left.T), _WHOLE, 0).T
    # A picture cut close around a character has strokes from edge to edge.
    bare = left & ~whole
    return bare if bare.sum() > 0.2 * left.sum() else left


def runs_down(mask: Mask) -> Runs:
    """Return int32 (height, width): how many pixels long the vertical run of ink through each pixel is."""
    height, _ = mask.shape
    rows = np.arange(height, dtype=np.int32)[:, None]
    last_paper = np.maximum.accumulate(np.where(mask, np.int32(-1), rows), axis=0)
    next_paper = np.minimum.accumulate(np.where(mask, np.int32(height), rows)[::-1], axis=0)[::-1]
    runs: Runs = np.where(mask, next_paper - last_paper - 1, 0).astype(np.int32)
    return runs


def _rulings(mask: Mask, span: float, slender: float) -> Mask:
    """Return the lines from left to right, over ``span`` of the width and ``slender`` times as long as thick."""
    height, width = mask.shape
    run = max(8, round(_RUN * width))
    runs_across = runs_down(np.ascontiguousarray(mask.T)).T
    straight: Mask = mask & (runs_across >= run)
    if not straight.any():
        return straight
    # What is thin in the other direction is a line, what is thick is a blot or a broad pen.
    tall = runs_down(mask)
    thin = straight & (tall <= max(3, height / 100))
    # Pieces of one line lie end to end, a step of a pixel or a crossing stroke apart.
    labels, count = ndimage.label(_widened(thin, run), structure=np.ones((3, 3), dtype=np.bool_))
    inked = np.where(thin, labels, 0)
    counts = np.bincount(inked.ravel(), minlength=count + 1)
    thick = ndimage.median(tall, inked, np.arange(count + 1))
    ruling = np.zeros(count + 1, dtype=np.bool_)
    for number, box in enumerate(ndimage.find_objects(inked, max_label=count), 1):
        if box is not None:
            climbs, long = (side.stop - side.start for side in box)
            ruling[number] = (
                long >= max(span * width, slender * thick[number])
                and climbs <= 4 + _SLOPE * long
                and counts[number] >= _COVERED * long
            )
    found: Mask = ruling[inked]
    if not found.any():
        return found
    usual = float(np.median(tall[found]))
    lines: Mask = mask & _widened(found, run) & (tall <= usual + 2)
    return lines


def _widened(mask: Mask, run: int) -> Mask:
    across = ndimage.maximum_filter1d(mask.view(np.uint8), size=run | 1, axis=1, mode="constant")
    wide: Mask = ndimage.maximum_filter1d(across, size=3, axis=0, mode="constant").view(np.bool_)
    return wide
