"""Finds the bars of a screenshot: the clock and the icons along the edges of a phone's screen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from recognition.page.images import Gray

Boxes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

_LEAST_SIDE: Final = 200  # pixels: longer side of a screenshot
_FLAT: Final = 0.5  # of the pixels that have exactly the usual level; no photo has
_DEEPEST: Final = 0.2  # of the height: how far from the edge a bar ends
_SMALLER: Final = 0.9  # height of the largest icon over that of the writing, at most
_LEAST_ICONS: Final = 3
_SPAN: Final = 0.5  # of the width: distance between the first and the last icon, at least
_APART: Final = 0.9  # gap between icons over their width, at least
_ALIGNED: Final = 0.15  # of their height: how far the middles of icons are from a line
_EVEN: Final = 0.2  # of the least distance: how far the distances of icons are from multiples of it
_STATUS: Final = 0.05  # of the height: height of the line with the clock
_AT_SIDE: Final = 0.25  # of the width: how far from the sides its two groups end


def is_flat(gray: Gray) -> bool:
    """Return whether a picture, uint8 (height, width), has the even background of a screenshot."""
    if max(gray.shape) < _LEAST_SIDE:
        return False
    return max(Image.fromarray(gray).histogram()) >= _FLAT * gray.size


def find_bars(boxes: Boxes, shape: tuple[int, ...]) -> Mask:
    """Return bool (blobs,): which blobs are rows of small even marks along the top and the bottom of a screenshot.

    Args:
        boxes: int64 (blobs, 4), left, top, right and bottom, the last two exclusive.
        shape: height and width of the screenshot.
    """
    height, width = shape
    is_bar = np.zeros(len(boxes), dtype=np.bool_)
    for near, far in ((boxes[:, 1], boxes[:, 3]), (height - boxes[:, 3], height - boxes[:, 1])):
        for row in _list_rows(near, far, _DEEPEST * height):
            is_other = ~is_bar & (near >= far[row].max())
            if not is_other.any():
                break
            usual = np.median((boxes[:, 3] - boxes[:, 1])[is_other])
            icons = boxes[row][np.argsort(boxes[row, 0], kind="stable")]
            if not (_is_status(icons, height, width, usual) or _is_row_of_icons(icons, width, usual)):
                break
            is_bar[row] = True
    return is_bar


def _list_rows(near: npt.NDArray[np.int64], far: npt.NDArray[np.int64], depth: float) -> Iterator[Boxes]:
    """Yield the numbers of the blobs of each row, from the edge to ``depth``. Gaps separate rows."""
    order = np.argsort(near, kind="stable")
    ends = np.maximum.accumulate(far[order])
    first = 0
    for number in np.flatnonzero(near[order][1:] > ends[:-1]).tolist():
        if ends[number] > depth:
            return
        yield order[first : number + 1]
        first = number + 1


def _is_row_of_icons(icons: Boxes, width: int, usual: float) -> bool:
    """Return whether boxes, from left to right, are small, at even distances and on a line."""
    heights = icons[:, 3] - icons[:, 1]
    middles = (icons[:, 0] + icons[:, 2]) / 2
    if len(icons) < _LEAST_ICONS or heights.max() > _SMALLER * usual or np.ptp(middles) < _SPAN * width:
        return False
    gaps = icons[1:, 0] - icons[:-1, 2]
    if gaps.min() < _APART * np.median(icons[:, 2] - icons[:, 0]):
        return False
    if np.ptp((icons[:, 1] + icons[:, 3]) / 2) > 2 * _ALIGNED * heights.max():
        return False
    steps = np.diff(middles) / np.diff(middles).min()
    return bool((np.abs(steps - np.rint(steps)) <= _EVEN).all())


def _is_status(icons: Boxes, height: int, width: int, usual: float) -> bool:
    """Return whether boxes, from left to right, are a line of tiny marks at both sides: a clock and a battery."""
    heights = icons[:, 3] - icons[:, 1]
    if len(icons) < _LEAST_ICONS or heights.max() > min(_STATUS * height, _SMALLER * usual):
        return False
    is_left, is_right = icons[:, 2] <= _AT_SIDE * width, icons[:, 0] >= (1 - _AT_SIDE) * width
    return bool(is_left.any() and is_right.any() and (is_left | is_right).all())
