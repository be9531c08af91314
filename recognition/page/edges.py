"""Finds blobs that are no writing but belong to the page's edge: a finger, a tear, a shadow, holes."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from recognition.page.polygons import Points

Labels = npt.NDArray[np.int32]
Boxes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

NO_EDGES: Final = np.zeros((0, 2, 2))
"""The edges of a page that is the whole picture."""

_NEAR: Final = 0.01  # of the page's longer side: what is closer to its edge touches it
_LEAST_NEAR: Final = 1.5  # pixels
_RIM: Final = 0.6  # of the page's sides: size of a rim around the writing, at least
_RIM_DEPTH: Final = 0.12  # of its sides: how far its ink is from its box, at most
_IN_RIM: Final = 0.08  # of its shorter side: longer side of what counts as writing inside
_LEAST_IN_RIM: Final = 2  # marks inside; one alone may be the bar of a G
_LEAST_HOLES: Final = 5  # in a row
_HOLE_SIDES: Final = 1.7  # longer side of a hole over the shorter one, at most
_HOLE_FILLED: Final = 0.62  # of its box, at least; the ring of an o is hollow
_HOLE_SIZES: Final = 1.5  # size of a hole over that of the usual one, at most, and the other way round
_HOLE_DEPTH: Final = 0.16  # of the page's sides: how far the middles of holes are from the nearest edge
_HOLE_ROW: Final = 0.5  # of a hole's size: how far the middles are from a line along that edge
_HOLE_GAPS: Final = 1.35  # distance of neighbors over the usual one, at most


def find_touching(labels: Labels, count: int, edges: Points) -> Mask:
    """Return bool (blobs,): which blobs touch the edge of the page.

    Args:
        labels: int32 (height, width), the number of the blob of each pixel, from 1; 0 on paper.
        count: how many blobs there are.
        edges: float64 (n, 2, 2), the ends of the page's sides, in the same pixels.
    """
    is_touching = np.zeros(count + 1, dtype=np.bool_)
    if len(edges):
        height, width = labels.shape
        strip = Image.new("1", (width, height))
        pen = ImageDraw.Draw(strip)
        wide = 1 + 2 * round(max(_LEAST_NEAR, _NEAR * max(labels.shape)))
        for start, end in edges.tolist():
            pen.line((*start, *end), fill=1, width=wide)
        is_touching[labels[np.asarray(strip)]] = True
    return is_touching[1:]


def find_rims(labels: Labels, boxes: Boxes) -> Mask:
    """Return bool (blobs,): which blobs run around all others along the edge of the page: its shadow, or a frame.

    Args:
        labels: as for `find_touching`.
        boxes: int64 (blobs, 4), left, top, right and bottom, the last two exclusive.
    """
    is_rim = np.zeros(len(boxes), dtype=np.bool_)
    sides = boxes[:, 2:] - boxes[:, :2]
    for number in np.flatnonzero((sides >= _RIM * np.array(labels.shape[::-1])).all(axis=1)).tolist():
        left, top, right, bottom = boxes[number].tolist()
        middles = (boxes[:, :2] + boxes[:, 2:]) / 2
        is_inside = ((middles > [left, top]) & (middles < [right, bottom])).all(axis=1)
        is_large = sides.max(axis=1) >= _IN_RIM * min(right - left, bottom - top)
        is_other = is_large & (np.arange(len(boxes)) != number)
        if np.count_nonzero(is_other) < _LEAST_IN_RIM or (is_other & ~is_inside).any():
            continue
        across, down = round(_RIM_DEPTH * (right - left)), round(_RIM_DEPTH * (bottom - top))
        inner = labels[top + down : bottom - down, left + across : right - across]
        is_rim[number] = not (inner == number + 1).any()
    return is_rim


def find_holes(boxes: Boxes, areas: npt.NDArray[np.int64], shape: tuple[int, ...]) -> Mask:
    """Return bool (blobs,): which blobs are in a row of solid dots of one size along an edge of the page.

    Args:
        boxes: int64 (blobs, 4), left, top, right and bottom, the last two exclusive.
        areas: int64 (blobs,), their pixels.
        shape: height and width of the page.
    """
    sides = boxes[:, 2:] - boxes[:, :2]
    longer, shorter = sides.max(axis=1), np.maximum(1, sides.min(axis=1))
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    size = np.array(shape[::-1])
    is_dot = (longer <= _HOLE_SIDES * shorter) & (areas >= _HOLE_FILLED * sides.prod(axis=1)) & (shorter > 1)
    is_hole = np.zeros(len(boxes), dtype=np.bool_)
    for axis in (0, 1):
        for depth in (middles[:, axis], size[axis] - middles[:, axis]):
            row = np.flatnonzero(is_dot & (depth <= _HOLE_DEPTH * size[axis]))
            if len(row) < _LEAST_HOLES:
                continue
            usual = float(np.median(longer[row]))
            row = row[(longer[row] <= _HOLE_SIZES * usual) & (longer[row] * _HOLE_SIZES >= usual)]
            if len(row) >= _LEAST_HOLES and _is_row(middles[row][:, [1 - axis, axis]], usual):
                is_hole[row] = True
    return is_hole


def _is_row(middles: Points, usual: float) -> bool:
    """Return whether most middles, float64 (n, 2), are at even distances on a line along the first axis."""
    along, across = middles[np.argsort(middles[:, 0], kind="stable")].T
    if np.ptp(along) <= usual:
        return False
    slope, offset = np.polyfit(along, across, 1)
    gaps = np.diff(along)
    step = float(np.median(gaps))
    is_even = (gaps <= _HOLE_GAPS * step) & (gaps * _HOLE_GAPS >= step)
    return bool(
        np.abs(across - (slope * along + offset)).max() <= _HOLE_ROW * usual
        and np.count_nonzero(is_even) >= _LEAST_HOLES - 1
        and is_even.mean() > 0.5
    )
