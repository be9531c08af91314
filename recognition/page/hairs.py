"""Tells rulings from the straight strokes of thin pens. Both are very long for their thickness."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from recognition.page.blobs import WITH_DIAGONALS, find_boxes
from recognition.page.lines import Lines
from recognition.page.runs import Ints, Mask

_HAIR: Final = 40  # length over thickness from which a line is no usual stroke
_HAIR_SPAN: Final = 0.08  # of the side: the shortest such line
_THICKEST: Final = 3.5  # pixels: thickness of a ruling, at most
_THICK: Final = 0.01  # of the side: the same, in a large picture
_LONGER: Final = 1.6  # times the height of a character beside it: a stroke, at most
_SHORTER: Final = 0.5  # times that: a stroke, at least
_BESIDE: Final = 1.0  # heights of a character: how far away it is, at most
_TOUCHING: Final = 4  # pixels: the same for a stroke across, which is always a part of a character
_MOST: Final = 300  # blobs of a page with which such lines are compared
_MOST_HAIRS: Final = 24  # on a page with more of them, they are rulings or sides of boxes

Boxes = npt.NDArray[np.float64]


def find_hairs(lines: Lines, side: int) -> Ints:
    """Return the numbers of the lines that are very long for their thickness: rulings or strokes of a thin pen."""
    is_long = lines.lengths >= np.maximum(_HAIR_SPAN * side - 2, _HAIR * lines.thicknesses)
    result: Ints = np.flatnonzero(is_long & (lines.thicknesses <= max(_THICKEST, _THICK * side)))
    return result


def may_be_strokes(across: Lines, down: Lines, hairs: tuple[Ints, Ints], shape: tuple[int, ...]) -> bool:
    """Return whether some of the hairs of a page of this shape are short enough to be strokes."""
    height, width = shape
    is_short = (across.lengths[hairs[0]] < width / 2).any() or (down.lengths[hairs[1]] < height / 2).any()
    return bool(is_short) and len(hairs[0]) + len(hairs[1]) <= _MOST_HAIRS


def remove_strokes(rest: Mask, across: Lines, down: Lines, hairs: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """Return the hairs that are rulings: no character beside them is as tall as they are long.

    Args:
        rest: bool (height, width), the ink without any hairs.
        across: lines from left to right.
        down: lines from top to bottom.
        hairs: the numbers of those that are hairs.
    """
    blobs = find_boxes(ndimage.label(rest, structure=WITH_DIAGONALS)[0]).astype(np.float64)
    if not len(blobs) or len(blobs) > _MOST:
        return hairs
    is_stroke = (
        _are_strokes(_find_line_boxes(across, hairs[0]), blobs),
        _are_strokes(_find_line_boxes(down, hairs[1])[:, [1, 0, 3, 2]], blobs),
    )
    return hairs[0][~is_stroke[0]], hairs[1][~is_stroke[1]]


def _find_line_boxes(lines: Lines, numbers: Ints) -> Boxes:
    """Return float64 (n, 4): left, top, right and bottom of some lines from left to right."""
    starts, stops = lines.starts[numbers], lines.stops[numbers]
    halves = (lines.thicknesses[numbers] + np.abs(lines.slopes[numbers]) * (stops - starts)) / 2
    rows = lines.rows[numbers]
    return np.stack([starts, rows - halves, stops, rows + halves], axis=1)


def _are_strokes(hairs: Boxes, blobs: Boxes) -> npt.NDArray[np.bool_]:
    """Return bool (hairs,): whether a blob is beside each, or touches it, that is about as tall as it is long."""
    low, high = hairs[:, None, :2], hairs[:, None, 2:]
    gaps = np.maximum(np.maximum(blobs[None, :, :2] - high, low - blobs[None, :, 2:]), 0)
    sizes = (hairs[:, 2:] - hairs[:, :2]).max(axis=1)
    tall = (blobs[:, 3] - blobs[:, 1])[None]
    is_down = hairs[:, 3] - hairs[:, 1] > hairs[:, 2] - hairs[:, 0]
    is_beside = (gaps[..., 0] <= _BESIDE * tall) & (gaps[..., 1] == 0) & is_down[:, None]
    is_touching = gaps.max(axis=2) <= _TOUCHING
    is_as_tall = (sizes[:, None] <= _LONGER * tall) & (sizes[:, None] >= _SHORTER * tall)
    result: npt.NDArray[np.bool_] = ((is_beside | is_touching) & is_as_tall).any(axis=1)
    return result
