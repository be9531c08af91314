"""Erases printed lines from the ink, and leaves the strokes of the pen that cross them whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from recognition.page.bands import cut_rows
from recognition.page.blobs import WITH_DIAGONALS, keep_blobs_with
from recognition.page.lines import Floats, Lines
from recognition.page.runs import Ints, Mask

Levels = npt.NDArray[np.float32]

_RIM: Final = 1.0  # pixels on either side of a line that blur has made ink
_BEYOND: Final = (2.0, 3.0)  # pixels from the side of a line: ink in both belongs to a stroke that meets the line
_SMOOTH: Final = 15  # columns over which the middle of a line is smoothed
_DARKER: Final = 1.6  # times the usual contrast of a line: ink of the pen on it
_CORNER: Final = 0.15  # of the shorter side of a box: how far from a corner remains of it may be
_REMAINS: Final = 3.0  # pixels on either side of a line: what is left there and nowhere else was part of it


def erase_lines(mask: Mask, contrast: Levels, across: Lines, down: Lines) -> Mask:
    """Return ``mask`` without some lines.

    Args:
        mask: bool (height, width), where there is ink.
        contrast: float32 (height, width), how dark it is. What is much darker than its line stays.
        across: lines from left to right.
        down: lines from top to bottom, found in the transposed mask.
    """
    if not len(across.starts) and not len(down.starts):
        return mask
    pen = mask & ~cover_lines(mask.shape, across, down, _RIM)
    erased = mask.copy()
    _erase(erased, pen, contrast, across)
    _erase(erased.T, pen.T, contrast.T, down)
    # Where two lines meet, blur leaves remains. They lie beside the lines, unlike ink of the pen.
    band = cover_lines(mask.shape, across, down)
    return keep_blobs_with(erased & ~band, erased)


def erase_corners(mask: Mask, corners: Sequence[tuple[float, float, float, float]], thickness: float) -> Mask:
    """Return ``mask`` without the arcs of rounded corners.

    Args:
        mask: bool (height, width), where there is ink.
        corners: for each the column and row of its corner, and by how many columns and rows its arc's center lies
            to the right of and below it.
        thickness: of the lines, in pixels.
    """
    erased = mask.copy()
    for x, y, across, down in corners:
        left, right = sorted((x - np.sign(across) * (thickness + 1), x + across))
        top, bottom = sorted((y - np.sign(down) * (thickness + 1), y + down))
        part = erased[max(0, round(top)) : round(bottom) + 1, max(0, round(left)) : round(right) + 1]
        rows, columns = np.ogrid[: part.shape[0], : part.shape[1]]
        rows, columns = rows + max(0, round(top)) - (y + down), columns + max(0, round(left)) - (x + across)
        # Outside an ellipse just inside of the arc.
        inside = 1 - (thickness / 2 + 2.5) / min(abs(across), abs(down))
        part[(columns / across) ** 2 + (rows / down) ** 2 >= max(inside, 0.0) ** 2] = False
    return erased


def erase_remains(mask: Mask, boxes: Sequence[tuple[float, float, float, float]]) -> Mask:
    """Return ``mask`` without what blur has left at the corners of boxes. Strokes of the pen lead out of a corner.

    Args:
        mask: bool (height, width), where there is ink.
        boxes: left, top, right and bottom of each.
    """
    erased = mask.copy()
    for left, top, right, bottom in boxes:
        reach = max(3.0, _CORNER * min(right - left, bottom - top))
        for x, y in ((left, top), (right, top), (left, bottom), (right, bottom)):
            rows = slice(max(0, round(y - reach)), max(0, round(y + reach)) + 1)
            part = erased[rows, max(0, round(x - reach)) : max(0, round(x + reach)) + 1]
            if part.any():
                labels = ndimage.label(part, structure=WITH_DIAGONALS)[0]
                part &= np.isin(labels, np.concatenate((labels[0], labels[-1], labels[:, 0], labels[:, -1])))
    return erased


def cover_lines(shape: tuple[int, ...], across: Lines, down: Lines, rim: float = _REMAINS) -> Mask:
    """Return bool ``shape``: the pixels of the lines, and a rim on either side."""
    band = np.zeros(shape, dtype=np.bool_)
    _cover(band, across, rim)
    _cover(band.T, down, rim)
    return band


def _cover(band: Mask, lines: Lines, rim: float) -> None:
    """Set the pixels of the lines, and a rim on either side, in ``band``."""
    half, centers = (lines.thicknesses[lines.numbers] - 1) / 2 + rim, smooth_centers(lines)
    _set_rows(band, lines.columns, centers - half, centers + half, True)


def _erase(erased: Mask, pen: Mask, contrast: Levels, lines: Lines) -> None:
    if not len(lines.columns):
        return
    half, centers = (lines.thicknesses[lines.numbers] - 1) / 2, smooth_centers(lines)
    meets = np.zeros((2, len(centers)), dtype=np.bool_)
    for side, sign in enumerate((-1, 1)):
        beside = [_round(centers + sign * (half + beyond)) for beyond in _BEYOND]
        meets[side] = np.logical_and.reduce([_get(pen, row, lines.columns) for row in beside])
    # A slanting stroke meets the upper side of the line in other columns than the lower side.
    reach = int(np.max(lines.thicknesses, initial=1)) + 2
    keep = meets.any(axis=0)
    between = ndimage.binary_closing(keep, np.ones(2 * (reach // 2) + 1)) & (
        ndimage.maximum_filter1d(meets[0].view(np.uint8), size=2 * reach + 1)
        & ndimage.maximum_filter1d(meets[1].view(np.uint8), size=2 * reach + 1)
    ).view(np.bool_)
    keep |= between
    rows = _round(centers)
    is_inked = _get(erased, rows, lines.columns) > 0  # not the gaps of a dashed line
    # The middle of a line may be between two rows, of which one is darker.
    across_line = [_round(centers + sign * (half + 0.5)) for sign in (-1, 1)]
    darker = np.maximum.reduce([_get(contrast, of_line, lines.columns) for of_line in (rows, *across_line)])
    levels, numbers = darker[is_inked], lines.numbers[is_inked]
    usual = [np.median(part) for part in np.split(levels, np.flatnonzero(np.diff(numbers)) + 1) if len(part)]
    present = np.unique(numbers)
    darkest = np.zeros(len(lines.starts))
    darkest[present] = _DARKER * np.array(usual)
    go = ~keep
    _set_rows(
        erased,
        lines.columns[go],
        (centers - half - _RIM)[go],
        (centers + half + _RIM)[go],
        False,
        contrast,
        darkest[lines.numbers][go],
    )


def _set_rows(
    mask: Mask,
    columns: Ints,
    tops: Floats,
    bottoms: Floats,
    value: bool,
    contrast: Levels | None = None,
    darkest: Floats | None = None,
) -> None:
    """Set the pixels from ``tops`` to ``bottoms`` in each column, except those darker than ``darkest``."""
    height = mask.shape[0]
    for part in cut_rows(len(columns), 1):
        first, last, across = _round(tops[part]), _round(bottoms[part]), columns[part]
        for step in range(int((last - first).max()) + 1):
            rows = first + step
            chosen = (rows <= last) & (rows >= 0) & (rows < height)
            if contrast is not None and darkest is not None:
                chosen[chosen] = contrast[rows[chosen], across[chosen]] <= darkest[part][chosen]
            mask[rows[chosen], across[chosen]] = value


def _round(rows: Floats) -> Ints:
    """Round half up, so that a row and the next one never become the same."""
    result: Ints = np.floor(rows + 0.5).astype(np.int64)
    return result


def _get(array: npt.NDArray[Any], rows: Ints, columns: Ints) -> npt.NDArray[Any]:
    """Return the values at these places, 0 outside."""
    height = array.shape[0]
    inside = (rows >= 0) & (rows < height)
    values: npt.NDArray[Any] = np.where(inside, array[rows.clip(0, height - 1), columns], 0)
    return values


def smooth_centers(lines: Lines) -> Floats:
    """Return the middle of each line in each of its columns, without the bumps of strokes that lie on it."""
    middles = (lines.starts + lines.stops) / 2
    straight = lines.rows[lines.numbers] + lines.slopes[lines.numbers] * (lines.columns - middles[lines.numbers])
    off = (lines.centers - straight).clip(-3, 3)
    smooth: Floats = straight + ndimage.uniform_filter1d(off, size=_SMOOTH, mode="nearest")
    return smooth
