"""From blobs of ink to lines of characters: plain geometry, no pixels.

Boxes are float64 or int64 (n, 4): left, top, right, bottom in pixels, y downwards. A piece is a tuple of the
numbers of blobs that surely are of one character; a line is a list of pieces from left to right. Limits are in
multiples of the height of writing, so that a picture's size makes no difference.
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

_BODY: Final = 0.3  # of the height of writing: what is as tall stands on a line by itself; dots and bars do not
_ON_LINE: Final = 0.4  # of the smaller height that must overlap with the end of a line to go on with it
_AMONG: Final = 0.4  # of their height, between the middles of rows that are of one line
_END: Final = 3  # bodies at the end of a line that tell where it goes on
_BAR: Final = 2.0  # times as wide as high
_DOT: Final = 0.35  # of the height of writing, in width and height, at most
_DOT_FILL: Final = 0.5  # of a dot's box, at least, that is ink; letters as small as that are hollow
_DOT_ABOVE: Final = 0.5  # of the height of writing, from a dot down to its stem
_DOT_ASIDE: Final = 0.2  # of the height of writing, that the dot of an i may be beside its stem
_STEM: Final = 0.4  # of the height of writing: a broader body seldom has a dot
_BAR_APART: Final = 0.15  # of the height of writing, from a bar to the body that it belongs to
_PAIR_APART: Final = 0.8  # of the height of writing, between the dots of a colon or the bars of an equals sign
_STACKED: Final = 0.5  # of the narrower width: what overlaps so much from above is of the same character
_MOST_PARTS: Final = 4  # that a broken character is in
_BROADEST: Final = 2.6  # times as wide as high, of a character
_PARTS_ASIDE: Final = 0.1  # of its longer side, from one part to another beside it
_PARTS_ABOVE: Final = 0.25  # of its longer side, from one part to another below it
_STEEPEST: Final = 0.25  # climb of a line of writing, of its length


def find_lines(boxes: Boxes, areas: Areas, height: float) -> list[list[Piece]]:
    """Return the pieces of each line, lines from top to bottom, pieces from left to right.

    Dots and bars that stand alone, such as punctuation and dust, are left out. If there is nothing but a few of
    them, the largest is a line by itself.

    Args:
        boxes: (n, 4) of the blobs.
        areas: (n,), how much of each box is ink.
        height: of the writing, in the unit of the boxes.
    """
    if not len(boxes):
        return []
    level = _levelled(boxes, height)
    wide, tall = (boxes[:, 2:] - boxes[:, :2]).T
    # Blur makes the smallest dot a pixel larger than it was.
    dots = (np.maximum(wide, tall) - 1 <= _DOT * height) & (areas >= _DOT_FILL * wide * tall)
    bars = (wide >= _BAR * tall) & (tall < height / 2)
    bodies = np.flatnonzero((tall >= _BODY * height) & ~dots & ~bars)
    if not len(bodies) and len(boxes) <= _MOST_PARTS:
        bodies = np.array([int(np.argmax(areas))])
    if not len(bodies):
        return []
    rows = _rows(level, bodies)
    stems: dict[int, list[int]] = {int(body): [int(body)] for body in bodies}
    parts = np.setdiff1d(np.arange(len(boxes)), bodies)
    for part in parts[~_paired(level[parts], level[bodies], height)]:
        body = _body_of(level, int(part), bodies, height)
        if body is not None:
            stems[body].append(int(part))
    rows.sort(key=lambda row: float(np.median(level[row][:, [1, 3]])))
    return [sorted((tuple(stems[body]) for body in row), key=lambda p: _middle(boxes, p)) for row in rows]


def compute_bounds(boxes: Boxes, piece: Sequence[int]) -> tuple[float, float, float, float]:
    """Return left, top, right, bottom of everything in a piece."""
    of = boxes[list(piece)]
    return (*of[:, :2].min(axis=0).tolist(), *of[:, 2:].max(axis=0).tolist())


def is_compact(boxes: Sequence[Sequence[float]]) -> bool:
    """Return whether boxes (left, top, right, bottom) are few and close, as the parts of one broken character."""
    if not 0 < len(boxes) <= _MOST_PARTS:
        return False
    left, top, right, bottom = np.array(boxes, dtype=np.float64).T
    span = float(max(right.max() - left.min(), bottom.max() - top.min()))
    across = np.maximum(left[:, None], left) - np.minimum(right[:, None], right)
    down = np.maximum(top[:, None], top) - np.minimum(bottom[:, None], bottom)
    near = (across <= _PARTS_ASIDE * span) & (down <= _PARTS_ABOVE * span)
    reached = np.linalg.matrix_power(near.astype(np.int64), len(boxes)) > 0
    return bool(reached.all()) and bool(right.max() - left.min() <= _BROADEST * (bottom.max() - top.min()))


def _middle(boxes: Boxes, piece: Piece) -> float:
    left, _, right, _ = compute_bounds(boxes, piece)
    return left + right


def _levelled(boxes: Boxes, height: float) -> Boxes:
    """Return the boxes moved up and down so that lines which climb or fall with the page lie level."""
    middle = (boxes[:, 0] + boxes[:, 2]) / 2
    slope = _slope(boxes, middle, height)
    level: Boxes = boxes - (slope * (middle - middle.mean()))[:, None] * np.array([0, 1, 0, 1])
    return level


def _slope(boxes: Boxes, middle: npt.NDArray[Any], height: float) -> float:
    """Return the median climb from a body to the next one to its right, each a stride of two heights or less."""
    bodies = np.flatnonzero(boxes[:, 3] - boxes[:, 1] >= _BODY * height)
    if len(bodies) < 4:
        return 0.0
    across = middle[bodies][None, :] - middle[bodies][:, None]
    feet = boxes[bodies, 3]
    down = feet[None, :] - feet[:, None]
    near = (across > 0.2 * height) & (across < 2 * height) & (np.abs(down) < _STEEPEST * height)
    away = np.where(near, across, np.inf)
    after = np.argmin(away, axis=1)
    found = np.isfinite(away[np.arange(len(bodies)), after])
    if found.sum() < 3:
        return 0.0
    rise, step = down[np.arange(len(bodies)), after][found], across[np.arange(len(bodies)), after][found]
    return float(np.clip(np.median(rise / step), -_STEEPEST, _STEEPEST))


def _rows(level: Boxes, bodies: npt.NDArray[np.int64]) -> list[list[int]]:
    """Return the bodies of each line: from left to right, each goes on the line whose end it overlaps most."""
    rows: list[list[int]] = []
    ends: list[tuple[float, float]] = []  # the top and the bottom of what stands last on each row
    tops, bottoms = level[:, 1].tolist(), level[:, 3].tolist()
    for body in bodies[np.argsort(level[bodies, 0], kind="stable")].tolist():
        top, bottom = tops[body], bottoms[body]
        best, most = len(rows), _ON_LINE
        for row, (row_top, row_bottom) in enumerate(ends):
            shared = min(bottom, row_bottom) - max(top, row_top)
            overlap = shared / max(min(bottom - top, row_bottom - row_top), 1e-9)
            if overlap > most:
                best, most = row, overlap
        if best == len(rows):
            rows.append([])
            ends.append((top, bottom))
        rows[best].append(body)
        last = rows[best][-_END:]
        ends[best] = median(tops[of] for of in last), median(bottoms[of] for of in last)
    return _joined(rows, level)


def _joined(rows: list[list[int]], level: Boxes) -> list[list[int]]:
    """Return the rows, those put together that lie among each other: small letters after a capital that broke."""
    rise = {row[0]: float(np.median(level[row][:, [1, 3]])) for row in rows}
    joined: list[list[int]] = []
    for row in sorted(rows, key=lambda row: rise[row[0]]):
        above = joined[-1] if joined else row
        tall = float(np.median(level[above, 3] - level[above, 1]))
        aside = level[row, 0].min() > level[above, 2].max() or level[row, 2].max() < level[above, 0].min()
        if joined and not aside and rise[row[0]] - rise[above[0]] < _AMONG * tall:
            above.extend(row)
        else:
            joined.append(list(row))
    return joined


def _paired(parts: Boxes, bodies: Boxes, height: float) -> npt.NDArray[np.bool_]:
    """Return which of the dots and bars stand one above the other with no body there, as in a colon."""
    middle, rise = (parts[:, 0] + parts[:, 2]) / 2, (parts[:, 1] + parts[:, 3]) / 2
    aside = np.abs(middle[:, None] - middle[None, :])
    apart = np.abs(rise[:, None] - rise[None, :])
    alike = (aside <= _DOT_ASIDE * height) & (apart <= _PAIR_APART * height) & ~np.eye(len(parts), dtype=np.bool_)
    over = (middle[:, None] >= bodies[None, :, 0]) & (middle[:, None] <= bodies[None, :, 2])
    level = (rise[:, None] >= bodies[None, :, 1] - _DOT_ABOVE * height) & (rise[:, None] <= bodies[None, :, 3])
    free = ~np.any(over & level, axis=1)
    paired: npt.NDArray[np.bool_] = np.any(alike & free, axis=1) & free
    return paired


def _body_of(level: Boxes, part: int, bodies: npt.NDArray[np.int64], height: float) -> int | None:
    """Return the body that a dot or a bar belongs to, if any: above or across it, not beside or below it."""
    left, top, right, bottom = level[part]
    lefts, tops, rights, bottoms = level[bodies].T
    shared = np.minimum(right, rights) - np.maximum(left, lefts)
    # A bar or a bit of broken stroke: level with the body or a little above or below it.
    apart = np.maximum(0, np.maximum(tops - bottom, top - bottoms))
    bar = (shared >= _STACKED * np.minimum(right - left, rights - lefts)) & (apart <= _BAR_APART * height)
    # A dot: above its stem, which it may be beside of.
    above = (tops - bottom > -0.1 * height) & (tops - bottom <= _DOT_ABOVE * height)
    dot = above & (right - left - 1 <= _DOT * height) & (-shared <= _DOT_ASIDE * height)
    aside = np.abs((left + right) / 2 - (lefts + rights) / 2) + np.maximum(0, rights - lefts - _STEM * height)
    cost = np.minimum(np.where(bar, apart, np.inf), np.where(dot, aside + 0.3 * (tops - bottom), np.inf))
    best = int(np.argmin(cost))
    return int(bodies[best]) if np.isfinite(cost[best]) else None
