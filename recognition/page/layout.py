"""Sorts blobs of ink into lines of pieces. Plain geometry: boxes only, no pixels.

Boxes are float64 or int64 (n, 4): left, top, right and bottom in pixels, y downwards. A piece is a tuple of the
numbers of its blobs: a body, such as the stem of an i, with its dots and bars. A line is a list of pieces from
left to right. Limits are relative to the height of the writing, so the size of the picture makes no difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Boxes = npt.NDArray[Any]
Areas = npt.NDArray[np.int64]
Piece = tuple[int, ...]

# "height" is the height of the writing.
_BODY: Final = 0.3  # of the height: blobs as tall as this are bodies, shorter ones belong to a body
_ON_LINE: Final = 0.4  # of the smaller height: overlap with the end of a line that puts a body on it
_AMONG: Final = 0.4  # of their height: distance between the middles of rows that are one line
_END: Final = 3  # bodies at the end of a line that say where it continues
_BAR: Final = 2.0  # width over height of a bar, at least
_DOT: Final = 0.35  # of the height: width and height of a dot, at most
_DOT_FILL: Final = 0.5  # of a dot's box that is ink, at least; small letters are hollow
_DOT_ABOVE: Final = 0.5  # of the height: distance from a dot down to its stem, at most
_DOT_ASIDE: Final = 0.2  # of the height: how far the dot of an i may be beside its stem
_STEM: Final = 0.4  # of the height: width of a stem, at most; broader bodies seldom have a dot
_BAR_APART: Final = 0.15  # of the height: distance from a bar to its body, at most
_PAIR_APART: Final = 0.8  # of the height: distance between the dots of a colon or the bars of an equals sign
_STACKED: Final = 0.5  # of the smaller width: overlap of two blobs, seen from above, that are one character
_MOST_PARTS: Final = 4  # parts into which the ink of one character breaks
_BROADEST: Final = 2.6  # width over height of a character, at most
_PARTS_ASIDE: Final = 0.1  # of its longer side: distance between such parts side by side, at most
_PARTS_ABOVE: Final = 0.25  # of its longer side: distance between such parts one above the other, at most
_STEEPEST: Final = 0.25  # rise over length of a line, at most


def find_lines(boxes: Boxes, areas: Areas, height: float) -> list[list[Piece]]:
    """Return the pieces of each line, the lines from top to bottom and their pieces from left to right.

    Dots and bars without a body, such as punctuation and dust, are left out. If there are no bodies and only a few
    blobs, the largest blob becomes the only piece.

    Args:
        boxes: (n, 4), of the blobs.
        areas: (n,), the pixels of ink in each box.
        height: the height of the writing, in the unit of the boxes.
    """
    if not len(boxes):
        return []
    level = _level_boxes(boxes, height)
    widths, heights = (boxes[:, 2:] - boxes[:, :2]).T
    # A blurred dot is a pixel larger than it was.
    is_dot = (np.maximum(widths, heights) - 1 <= _DOT * height) & (areas >= _DOT_FILL * widths * heights)
    is_bar = (widths >= _BAR * heights) & (heights < height / 2)
    bodies = np.flatnonzero((heights >= _BODY * height) & ~is_dot & ~is_bar)
    if not len(bodies) and len(boxes) <= _MOST_PARTS:
        bodies = np.array([int(np.argmax(areas))])
    if not len(bodies):
        return []
    rows = _group_rows(level, bodies)
    pieces: dict[int, list[int]] = {int(body): [int(body)] for body in bodies}
    parts = np.setdiff1d(np.arange(len(boxes)), bodies)
    for part in parts[~_find_pairs(level[parts], level[bodies], height)]:
        body = _find_body(level, int(part), bodies, height)
        if body is not None:
            pieces[body].append(int(part))
    rows.sort(key=lambda row: float(np.median(level[row][:, [1, 3]])))
    return [
        sorted((tuple(pieces[body]) for body in row), key=lambda piece: _compute_middle(boxes, piece))
        for row in rows
    ]


def compute_bounds(boxes: Boxes, piece: Sequence[int]) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of all blobs of a piece."""
    piece_boxes = boxes[list(piece)]
    return (*piece_boxes[:, :2].min(axis=0).tolist(), *piece_boxes[:, 2:].max(axis=0).tolist())


def is_compact(boxes: Sequence[Sequence[float]]) -> bool:
    """Return whether the boxes (left, top, right, bottom) are so few and close that they may be one character."""
    if not 0 < len(boxes) <= _MOST_PARTS:
        return False
    left, top, right, bottom = np.array(boxes, dtype=np.float64).T
    span = float(max(right.max() - left.min(), bottom.max() - top.min()))
    across = np.maximum(left[:, None], left) - np.minimum(right[:, None], right)
    down = np.maximum(top[:, None], top) - np.minimum(bottom[:, None], bottom)
    is_near = (across <= _PARTS_ASIDE * span) & (down <= _PARTS_ABOVE * span)
    is_connected = np.linalg.matrix_power(is_near.astype(np.int64), len(boxes)) > 0
    is_narrow = right.max() - left.min() <= _BROADEST * (bottom.max() - top.min())
    return bool(is_connected.all()) and bool(is_narrow)


def _compute_middle(boxes: Boxes, piece: Sequence[int]) -> float:
    left, _, right, _ = compute_bounds(boxes, piece)
    return (left + right) / 2


def _level_boxes(boxes: Boxes, height: float) -> Boxes:
    """Return the boxes moved up or down so that rising and falling lines of writing become level."""
    middles = (boxes[:, 0] + boxes[:, 2]) / 2
    slope = _estimate_slope(boxes, middles, height)
    level: Boxes = boxes - (slope * (middles - middles.mean()))[:, None] * np.array([0, 1, 0, 1])
    return level


def _estimate_slope(boxes: Boxes, middles: npt.NDArray[Any], height: float) -> float:
    """Return the median slope from a body to the next one to its right, at most two heights away."""
    bodies = np.flatnonzero(boxes[:, 3] - boxes[:, 1] >= _BODY * height)
    if len(bodies) < 4:
        return 0.0
    across = middles[bodies][None, :] - middles[bodies][:, None]
    feet = boxes[bodies, 3]
    down = feet[None, :] - feet[:, None]
    is_near = (across > 0.2 * height) & (across < 2 * height) & (np.abs(down) < _STEEPEST * height)
    distances = np.where(is_near, across, np.inf)
    following = np.argmin(distances, axis=1)
    has_next = np.isfinite(distances[np.arange(len(bodies)), following])
    if has_next.sum() < 3:
        return 0.0
    rise = down[np.arange(len(bodies)), following][has_next]
    step = across[np.arange(len(bodies)), following][has_next]
    return float(np.clip(np.median(rise / step), -_STEEPEST, _STEEPEST))


def _group_rows(level: Boxes, bodies: npt.NDArray[np.int64]) -> list[list[int]]:
    """Return the bodies of each line. From left to right, each joins the line whose end it overlaps most."""
    rows: list[list[int]] = []
    ends: list[tuple[float, float]] = []  # top and bottom of the end of each row
    tops, bottoms = level[:, 1].tolist(), level[:, 3].tolist()
    for body in bodies[np.argsort(level[bodies, 0], kind="stable")].tolist():
        top, bottom = tops[body], bottoms[body]
        best_row, best_overlap = len(rows), _ON_LINE
        for row, (row_top, row_bottom) in enumerate(ends):
            shared = min(bottom, row_bottom) - max(top, row_top)
            overlap = shared / max(min(bottom - top, row_bottom - row_top), 1e-9)
            if overlap > best_overlap:
                best_row, best_overlap = row, overlap
        if best_row == len(rows):
            rows.append([])
            ends.append((top, bottom))
        rows[best_row].append(body)
        last = rows[best_row][-_END:]
        ends[best_row] = median(tops[other] for other in last), median(bottoms[other] for other in last)
    return _join_rows(rows, level)


def _join_rows(rows: list[list[int]], level: Boxes) -> list[list[int]]:
    """Join rows at the same height into one line, for example small letters after a capital that broke."""
    middles = {row[0]: float(np.median(level[row][:, [1, 3]])) for row in rows}
    joined: list[list[int]] = []
    for row in sorted(rows, key=lambda row: middles[row[0]]):
        above = joined[-1] if joined else row
        usual_height = float(np.median(level[above, 3] - level[above, 1]))
        is_aside = level[row, 0].min() > level[above, 2].max() or level[row, 2].max() < level[above, 0].min()
        if joined and not is_aside and middles[row[0]] - middles[above[0]] < _AMONG * usual_height:
            above.extend(row)
        else:
            joined.append(list(row))
    return joined


def _find_pairs(parts: Boxes, bodies: Boxes, height: float) -> npt.NDArray[np.bool_]:
    """Return bool (parts,): which dots and bars stand one above the other without a body, as in a colon."""
    middle, rise = (parts[:, 0] + parts[:, 2]) / 2, (parts[:, 1] + parts[:, 3]) / 2
    aside = np.abs(middle[:, None] - middle[None, :])
    apart = np.abs(rise[:, None] - rise[None, :])
    is_other = ~np.eye(len(parts), dtype=np.bool_)
    is_stacked = (aside <= _DOT_ASIDE * height) & (apart <= _PAIR_APART * height) & is_other
    is_over = (middle[:, None] >= bodies[None, :, 0]) & (middle[:, None] <= bodies[None, :, 2])
    is_level = (rise[:, None] >= bodies[None, :, 1] - _DOT_ABOVE * height) & (rise[:, None] <= bodies[None, :, 3])
    is_free = ~np.any(is_over & is_level, axis=1)
    is_paired: npt.NDArray[np.bool_] = np.any(is_stacked & is_free, axis=1) & is_free
    return is_paired


def _find_body(level: Boxes, part: int, bodies: npt.NDArray[np.int64], height: float) -> int | None:
    """Return the body that a dot or a bar belongs to, or None. It lies above the body or across it."""
    left, top, right, bottom = level[part]
    lefts, tops, rights, bottoms = level[bodies].T
    shared = np.minimum(right, rights) - np.maximum(left, lefts)
    # A bar, or a bit of a broken stroke: at the height of the body, or a little above or below it.
    apart = np.maximum(0, np.maximum(tops - bottom, top - bottoms))
    is_bar = (shared >= _STACKED * np.minimum(right - left, rights - lefts)) & (apart <= _BAR_APART * height)
    # A dot: above its stem, and perhaps a little to one side.
    is_above = (tops - bottom > -0.1 * height) & (tops - bottom <= _DOT_ABOVE * height)
    is_dot = is_above & (right - left - 1 <= _DOT * height) & (-shared <= _DOT_ASIDE * height)
    aside = np.abs((left + right) / 2 - (lefts + rights) / 2) + np.maximum(0, rights - lefts - _STEM * height)
    cost = np.minimum(np.where(is_bar, apart, np.inf), np.where(is_dot, aside + 0.3 * (tops - bottom), np.inf))
    best = int(np.argmin(cost))
    return int(bodies[best]) if np.isfinite(cost[best]) else None
