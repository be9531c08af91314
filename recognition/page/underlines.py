"""Finds the lines under words that a stroke of a letter runs into, as the tail of a y does.

Such a line and the letter are one blob, which lies under all letters of the word. A line that touches nothing is
found later, in `layout.py`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from recognition.page.blobs import WITH_DIAGONALS, find_boxes
from recognition.page.erase import cover_lines, erase_lines
from recognition.page.lines import Lines
from recognition.page.runs import Ints, Mask

Boxes = npt.NDArray[np.int64]

_MOST: Final = 100  # lines that are looked at; more are a texture
_SLENDER: Final = 10  # length over thickness of an underline, at least
_LONG: Final = 1.2  # times the height of the letters on it: length of an underline, at least
_LETTER: Final = 3.0  # times its thickness: height of a letter, at least
_ABOVE: Final = (0.4, 0.6)  # of the height of a letter: how far its bottom is below or above the line, at most
_UNDER_FREE: Final = 0.25  # of its length: what letters that do not touch it cover of an underline, at least
_MANY: Final = 3  # letters that may all touch an underline that is longer than they are
_ENDS: Final = 0.3  # of its thickness: by how much it is longer at each end, at least
_UNDER_ALL: Final = 0.5  # of its length: what all letters cover, at least
_BELOW: Final = (0.4, 0.25)  # of the height of letters, of its length: other ink so close below it, at most
_STICKS_OUT: Final = 0.5  # of the height of letters: by how much the outer ones may stick out


def find_touched_underlines(mask: Mask, contrast: npt.NDArray[np.float32], across: Lines) -> Ints:
    """Return the numbers of the lines that are underlines and touch a letter.

    Args:
        mask: bool (height, width), the ink, without the lines of forms.
        contrast: float32 (height, width), how dark it is.
        across: lines from left to right.
    """
    chosen = np.flatnonzero(across.lengths >= _SLENDER * across.thicknesses)
    none = np.zeros(0, dtype=np.int64)
    if not 0 < len(chosen) <= _MOST:
        return none
    lines = across.take(chosen)
    # Letters stay whole where they cross a line that is erased, so their blobs tell which touch it.
    without = erase_lines(mask, contrast, lines, lines.take(none))
    labels, count = ndimage.label(without, structure=WITH_DIAGONALS)
    if not count:
        return none
    boxes = find_boxes(labels)
    band = cover_lines(mask.shape, lines, lines.take(none), 1.0)
    touching = np.unique(labels[band])
    touches = np.isin(np.arange(1, count + 1), touching)
    is_underline = [_is_underline(lines, number, boxes, touches) for number in range(len(chosen))]
    return chosen[np.array(is_underline, dtype=np.bool_)]


def _is_underline(lines: Lines, number: int, boxes: Boxes, touches: npt.NDArray[np.bool_]) -> bool:
    start, stop, row = (float(values[number]) for values in (lines.starts, lines.stops, lines.rows))
    thickness, length = float(lines.thicknesses[number]), stop - start
    lefts, tops, rights, bottoms = boxes.T
    heights = bottoms - tops
    middles = (lefts + rights) / 2
    is_letter = (heights >= _LETTER * thickness) & (middles > start) & (middles < stop)
    is_over = is_letter & (tops < row) & (bottoms <= row + _ABOVE[0] * heights)
    is_over &= bottoms >= row - _ABOVE[1] * heights
    if not (is_over & touches).any():
        return False
    outer = lefts[is_over].min() - start, stop - rights[is_over].max()
    # The ends of an underline are free. The foot of a w or of two 2s begins or ends below a stroke.
    is_longer = np.count_nonzero(is_over) >= _MANY and min(outer) >= _ENDS * thickness
    if not is_longer and _measure_cover(boxes[is_over & ~touches], start, stop) < _UNDER_FREE * length:
        return False
    height = float(np.max(heights[is_over]))
    if length < _LONG * height:
        return False
    if _measure_cover(boxes[is_over], start, stop) < _UNDER_ALL * length:
        return False
    if min(outer) < -_STICKS_OUT * height:
        return False
    is_below = ~is_over & (bottoms > row + thickness) & (tops <= row + _BELOW[0] * height)
    is_below &= heights >= _LETTER * thickness  # and no second underline
    return _measure_cover(boxes[is_below], start, stop) <= _BELOW[1] * length


def _measure_cover(boxes: Boxes, start: float, stop: float) -> int:
    """Return how many columns of a line are above or below boxes."""
    first, last = round(start), round(stop)
    steps = np.zeros(max(last - first, 0) + 1, dtype=np.int64)
    np.add.at(steps, boxes[:, 0].clip(first, last) - first, 1)
    np.add.at(steps, boxes[:, 2].clip(first, last) - first, -1)
    return int(np.count_nonzero(np.cumsum(steps[:-1])))
