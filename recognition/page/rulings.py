"""Removes the printed lines of ruled and squared paper from the ink."""

from __future__ import annotations

from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Mask = npt.NDArray[np.bool_]
Levels = npt.NDArray[np.float32]
Runs = npt.NDArray[np.int16]

_RUN: Final = 1 / 40  # of the side: the shortest run of ink in one row that may be part of a ruling
_THIN: Final = 1 / 100  # of the side, or 3 pixels if that is more: the thickest a ruling is
_HAIR: Final = 40  # length over thickness from which a line is no pen stroke
_HAIR_SPAN: Final = 0.08  # of the side: the shortest such line
_WHOLE_SPAN: Final = 0.95  # of the side: a line from edge to edge
_COVERED: Final = 0.5  # of a ruling's length that is ink, at least; the bars of letters in a row cover less
_DARKER: Final = 1.6  # times the rulings' usual contrast: ink of the pen on a ruling
_SLOPE: Final = 0.12  # rise over length of a ruling, at most
_LEAST_LEFT: Final = 0.2  # of the ink that must be left, or lines from edge to edge are not taken for rulings

_WITH_DIAGONALS: Final = np.ones((3, 3), dtype=np.bool_)


def remove_rulings(mask: Mask, contrast: Levels) -> Mask:
    """Return ``mask`` without thin lines that are very long for their thickness or go from edge to edge.

    Strokes that cross a ruling stay whole. Strokes along a ruling are lost, unless they are darker.

    Args:
        mask: bool (height, width), where there is ink.
        contrast: float32 (height, width), how dark it is.
    """
    without_hairs = _remove_lines(mask, contrast, _HAIR_SPAN, _HAIR)
    if min(mask.shape) >= 2 * _HAIR * 3:
        return without_hairs
    # In a small picture even a line from edge to edge is short for its thickness. But if the picture is cropped
    # close to a character, such lines are its strokes.
    without_lines = _remove_lines(without_hairs, contrast, _WHOLE_SPAN, 0)
    return without_lines if without_lines.sum() > _LEAST_LEFT * without_hairs.sum() else without_hairs


def _remove_lines(mask: Mask, contrast: Levels, span: float, slenderness: float) -> Mask:
    tall, wide = _measure_runs_down(mask), _measure_runs_down(np.ascontiguousarray(mask.T))
    across = _find_rulings(np.ascontiguousarray(wide.T), tall, contrast, span, slenderness)
    down = _find_rulings(np.ascontiguousarray(tall.T), wide, contrast.T, span, slenderness)
    if across is None and down is None:
        return mask
    remaining, bands = mask.copy(), np.zeros_like(mask)
    if across is not None:
        remaining &= ~(across.band & (tall <= across.thickness + 2) & (contrast <= across.darkest))
        bands |= across.band
    if down is not None:
        remaining &= ~((down.band & (wide <= down.thickness + 2)).T & (contrast <= down.darkest))
        bands |= down.band.T
    # Where two rulings cross, neither is thin. Their remains lie inside the bands, unlike ink of the pen.
    labels, count = ndimage.label(remaining, structure=_WITH_DIAGONALS)
    reaches_out = np.zeros(count + 1, dtype=np.bool_)
    reaches_out[labels[remaining & ~bands]] = True
    pen_ink: Mask = reaches_out[labels]
    return pen_ink


class _Rulings(NamedTuple):
    """The rulings in one direction.

    Attributes:
        band: bool (height, width), where they are, with a pixel or two around them.
        thickness: their usual thickness in pixels.
        darkest: pixels with more contrast are the pen's.
    """

    band: Mask
    thickness: float
    darkest: float


def _find_rulings(wide: Runs, tall: Runs, contrast: Levels, span: float, slenderness: float) -> _Rulings | None:
    """Return the lines from left to right.

    Args:
        wide: the length in pixels of the horizontal run of ink through each pixel.
        tall: the length of the vertical run through it.
        contrast: how dark each pixel is.
        span: how long a line must be, relative to the width.
        slenderness: how long a line must be, relative to its thickness.
    """
    height, width = wide.shape
    run = max(8, round(_RUN * width))
    # Ink that is thick in the other direction is a blot or a broad pen.
    thin: Mask = (wide >= run) & (tall <= max(3, _THIN * height))
    if not thin.any():
        return None
    # The pieces of a line lie end to end, with a step of a pixel or a crossing stroke between them.
    labels, count = ndimage.label(_widen(thin, run, 3), structure=_WITH_DIAGONALS)
    line_of_pixel = labels[thin]
    counts = np.bincount(line_of_pixel, minlength=count + 1)
    thicknesses = np.bincount(line_of_pixel, tall[thin], minlength=count + 1) / np.maximum(counts, 1)
    lengths, rises = np.zeros((2, count + 1))
    for number, (rows, columns) in enumerate(ndimage.find_objects(labels), 1):
        lengths[number], rises[number] = columns.stop - columns.start - run, rows.stop - rows.start - 2
    is_ruling = (
        (lengths >= np.maximum(span * width - 2, slenderness * thicknesses))
        & (rises <= 4 + _SLOPE * lengths)
        & (counts >= _COVERED * lengths)
    )
    is_ruling[0] = False
    if not is_ruling.any():
        return None
    pixels = thin.copy()
    pixels[thin] = is_ruling[line_of_pixel]
    darkest = _DARKER * float(np.median(contrast[pixels]))
    return _Rulings(_widen(pixels, run, 5), float(np.median(tall[pixels])), darkest)


def _measure_runs_down(mask: Mask) -> Runs:
    """Return int16 (height, width), the length in pixels of the vertical run of ink through each pixel."""
    ink = mask.astype(np.int16)
    return _count_down(ink) + _count_down(ink[::-1])[::-1] - ink


def _count_down(ink: Runs) -> Runs:
    """Return for each pixel of ink the length of the vertical run of ink from its top to this pixel."""
    counts = ink.copy()
    for above, row in pairwise(counts):
        np.add(row, above * row, out=row)
    return counts


def _widen(mask: Mask, columns: int, rows: int) -> Mask:
    across = ndimage.maximum_filter1d(mask.view(np.uint8), size=columns | 1, axis=1, mode="constant")
    wide: Mask = ndimage.maximum_filter1d(across, size=rows, axis=0, mode="constant").view(np.bool_)
    return wide
