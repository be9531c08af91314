"""Taking the printed lines of ruled and squared paper out of the ink."""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Mask = npt.NDArray[np.bool_]
Levels = npt.NDArray[np.float32]
Runs = npt.NDArray[np.int16]

_RUN: Final = 1 / 40  # of the side: what a straight, thin line goes on for in one row, however slightly it slopes
_THIN: Final = 1 / 100  # of the side, or 3 pixels: a ruling is no thicker
_HAIR: Final = 40  # times as long as thick: no pen stroke, wherever it ends
_HAIR_SPAN: Final = 0.08  # of the side
_WHOLE_SPAN: Final = 0.95  # of the side: a line that goes from edge to edge
_COVERED: Final = 0.5  # of its length, at least, that is ink: not bars of letters in a row
_DARKER: Final = 1.6  # times the usual contrast of rulings: the pen's, which goes along or across them
_SLOPE: Final = 0.12  # of its length, how far a ruling may climb
_LEFT: Final = 0.2  # of the ink: what is left of it at least where lines from edge to edge are rulings

_TOUCHING: Final = np.ones((3, 3), dtype=np.bool_)


def remove_rulings(mask: Mask, contrast: Levels) -> Mask:
    """Return ``mask``, bool (height, width), without thin lines, slender ones and those from edge to edge.

    Strokes that cross a ruling are kept whole. Those that run along it are lost if they are no darker.

    Args:
        mask: where there is ink.
        contrast: float32 (height, width), how dark it is.
    """
    left = _without(mask, contrast, _HAIR_SPAN, _HAIR)
    if min(mask.shape) >= 2 * _HAIR * 3:
        return left
    # On a small picture not even a line from edge to edge is slender. Where it is cut close around a character,
    # though, such lines are its strokes.
    bare = _without(left, contrast, _WHOLE_SPAN, 0)
    return bare if bare.sum() > _LEFT * left.sum() else left


def _without(mask: Mask, contrast: Levels, span: float, slender: float) -> Mask:
    tall, wide = _runs_down(mask), _runs_down(np.ascontiguousarray(mask.T))
    across = _rulings(np.ascontiguousarray(wide.T), tall, contrast, span, slender)
    down = _rulings(np.ascontiguousarray(tall.T), wide, contrast.T, span, slender)
    if across is None and down is None:
        return mask
    left, bands = mask.copy(), np.zeros_like(mask)
    if across is not None:
        left &= ~(across.band & (tall <= across.thickness + 2) & (contrast <= across.darkest))
        bands |= across.band
    if down is not None:
        left &= ~((down.band & (wide <= down.thickness + 2)).T & (contrast <= down.darkest))
        bands |= down.band.T
    # Where two rulings cross, neither looks thin. What is left of them lies wholly on them.
    labels, count = ndimage.label(left, structure=_TOUCHING)
    beyond = np.zeros(count + 1, dtype=np.bool_)
    beyond[labels[left & ~bands]] = True
    kept: Mask = beyond[labels]
    return kept


class _Lines(NamedTuple):
    """Rulings in one direction.

    Attributes:
        band: bool (height, width), where they are, and a pixel or two about them.
        thickness: usual, in pixels.
        darkest: what has more contrast is the pen's.
    """

    band: Mask
    thickness: float
    darkest: float


def _rulings(wide: Runs, tall: Runs, contrast: Levels, span: float, slender: float) -> _Lines | None:
    """Return the lines from left to right, over ``span`` of the width and ``slender`` times as long as thick.

    Args:
        wide: how long the horizontal run of ink through each pixel is.
        tall: the same of the vertical run.
        contrast: how dark each pixel is.
        span: of the width.
        slender: times its thickness.
    """
    height, width = wide.shape
    run = max(8, round(_RUN * width))
    # What is thin in the other direction is a line, what is thick is a blot or a broad pen.
    thin: Mask = (wide >= run) & (tall <= max(3, _THIN * height))
    if not thin.any():
        return None
    # Pieces of one line lie end to end, a step of a pixel or a crossing stroke apart.
    labels, count = ndimage.label(_widened(thin, run, 3), structure=_TOUCHING)
    of_thin = labels[thin]
    counts = np.bincount(of_thin, minlength=count + 1)
    thick = np.bincount(of_thin, tall[thin], minlength=count + 1) / np.maximum(counts, 1)
    long, climbs = np.zeros((2, count + 1))
    for number, (rows, columns) in enumerate(ndimage.find_objects(labels), 1):
        long[number], climbs[number] = columns.stop - columns.start - run, rows.stop - rows.start - 2
    ruling = (
        (long >= np.maximum(span * width - 2, slender * thick))
        & (climbs <= 4 + _SLOPE * long)
        & (counts >= _COVERED * long)
    )
    ruling[0] = False
    if not ruling.any():
        return None
    found = thin.copy()
    found[thin] = ruling[of_thin]
    darkest = _DARKER * float(np.median(contrast[found]))
    return _Lines(_widened(found, run, 5), float(np.median(tall[found])), darkest)


def _runs_down(mask: Mask) -> Runs:
    """Return int16 (height, width): how many pixels long the vertical run of ink through each pixel is."""
    ink = mask.astype(np.int16)
    return _counted(ink) + _counted(ink[::-1])[::-1] - ink


def _counted(ink: Runs) -> Runs:
    """Return how much ink there is without a break down to each pixel and with it, for 1 where there is any."""
    counted = ink.copy()
    for above, row in pairwise(counted):
        np.add(row, above * row, out=row)
    return counted


def _widened(mask: Mask, run: int, rows: int) -> Mask:
    across = ndimage.maximum_filter1d(mask.view(np.uint8), size=run | 1, axis=1, mode="constant")
    wide: Mask = ndimage.maximum_filter1d(across, size=rows, axis=0, mode="constant").view(np.bool_)
    return wide
