"""Sorts blobs of ink into lines of pieces. Plain geometry: boxes only, no pixels.

Boxes are float64 or int64 (n, 4): left, top, right and bottom in pixels, y downwards. A piece is a tuple of the
numbers of its blobs: a body, such as the stem of an i, with its dots and bars. Limits are relative to the height
of the writing, so the size of the picture makes no difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from recognition.page.blobs import AT_ONCE
from recognition.page.dots import find_dots
from recognition.page.fields import Fields
from recognition.page.rows import BODY, level_boxes, order_rows

Boxes = npt.NDArray[Any]
Areas = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Piece = tuple[int, ...]

# "height" is the height of the writing.
_LAST: Final = 3  # marks to the left of a mark that it may be joined with
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
_LONG: Final = (2.0, 0.25)  # width, relative to the height, and rise over width of a line under a word
_UNDER: Final = (-0.3, 0.7)  # of the height: from the feet of a word down to the line under it, from and to
_BELOW: Final = 1.0  # of the height: distance from a fraction bar down to what is below it, at most
_BAND: Final = (0.5, 0.5)  # of the height: how far a mark may be above the next body and below it
_BESIDE: Final = 1.5  # of the height: how far it may be beside it
_QUOTES_APART: Final = 0.3  # of the height: distance between the two strokes of a quotation mark


class Line(NamedTuple):
    """A line of writing.

    Attributes:
        pieces: from left to right. Each has a body.
        marks: dots and bars that belong to no body, from left to right: perhaps signs such as a comma or an equals
            sign, whose strokes are one mark, or dust.
    """

    pieces: list[Piece]
    marks: list[Piece]


def find_lines(boxes: Boxes, areas: Areas, height: float, fields: Fields | None = None) -> list[Line]:
    """Return the lines of writing, from top to bottom, one column after the other. A row of boxes is one line.

    Lines under words, and dots and bars away from all writing, are left out. If there are no bodies and only a few
    blobs, the largest blob becomes the only piece.

    Args:
        boxes: (n, 4), of the blobs.
        areas: (n,), the pixels of ink in each box.
        height: the height of the writing, in the unit of the boxes.
        fields: where the blobs are in a form, if any are.
    """
    if not len(boxes):
        return []
    level = level_boxes(boxes, height)
    widths, heights = (boxes[:, 2:] - boxes[:, :2]).T
    # A blurred dot is a pixel larger than it was.
    is_dot = (np.maximum(widths, heights) - 1 <= _DOT * height) & (areas >= _DOT_FILL * widths * heights)
    is_bar = (widths >= _BAR * heights) & (heights < height / 2)
    is_long = (widths >= _LONG[0] * height) & (heights <= _LONG[1] * widths)
    bodies = np.flatnonzero((heights >= BODY * height) & ~is_dot & ~is_bar & ~is_long)
    if not len(bodies) and len(boxes) <= _MOST_PARTS:
        bodies = np.array([int(np.argmax(areas))])
    if not len(bodies):
        return []
    cells = fields.cells if fields else None
    dots = find_dots(level, bodies, bodies, height, cells)
    bodies = np.setdiff1d(bodies, list(dots))
    rows = order_rows(level, bodies, height, fields)
    parts = np.setdiff1d(np.arange(len(boxes)), [*bodies, *dots])
    bodies = np.array([body for row in rows for body in row])
    pieces: dict[int, list[int]] = {int(body): [int(body)] for body in bodies}
    parts = parts[~(is_long[parts] & _find_underlines(level[parts], level[bodies], height))]
    is_single = ~_find_pairs(level[parts], level[bodies], height) & ~is_long[parts]
    single, loose = parts[is_single], parts[~is_single].tolist()
    in_cell = fields.cells >= 0 if fields else np.zeros(len(boxes), dtype=np.bool_)
    found = _find_bodies(level[single], level[bodies], height, in_cell[single], in_cell[bodies])
    for part, body in zip(single.tolist(), found, strict=True):
        if body is not None:
            pieces[int(bodies[body])].append(part)
    far = single[[body is None for body in found]]
    dots |= find_dots(level, far, bodies, height, cells)
    for dot, stem in dots.items():
        if stem in pieces:  # it is not, if it is small print in a form
            pieces[stem].append(dot)
    loose += [part for part in far.tolist() if part not in dots]
    row_of_body = {body: number for number, row in enumerate(rows) for body in row}
    marks: list[list[int]] = [[] for _ in rows]
    nearest = _find_nearest(level[loose], level[bodies], height, in_cell[loose], in_cell[bodies])
    for part, body in zip(loose, nearest, strict=True):
        if body is not None:
            marks[row_of_body[int(bodies[body])]].append(part)
    return [
        Line(
            sort_pieces(boxes, [tuple(pieces[body]) for body in row]),
            sort_pieces(boxes, _join_marks(level, row_marks, height)),
        )
        for row, row_marks in zip(rows, marks, strict=True)
    ]


def compute_bounds(boxes: Boxes, piece: Sequence[int]) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of all blobs of a piece."""
    if len(piece) == 1:
        left, top, right, bottom = boxes[piece[0]].tolist()
        return left, top, right, bottom
    piece_boxes = boxes[list(piece)]
    return (*piece_boxes[:, :2].min(axis=0).tolist(), *piece_boxes[:, 2:].max(axis=0).tolist())


def sort_pieces(boxes: Boxes, pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces from left to right, by their middles."""
    return sorted(pieces, key=lambda piece: _compute_middle(boxes, piece))


def _compute_middle(boxes: Boxes, piece: Sequence[int]) -> float:
    left, _, right, _ = compute_bounds(boxes, piece)
    return (left + right) / 2


def _find_pairs(parts: Boxes, bodies: Boxes, height: float) -> npt.NDArray[np.bool_]:
    """Return bool (parts,): which dots and bars stand one above the other without a body, as in a colon."""
    middle, rise = (parts[:, 0] + parts[:, 2]) / 2, (parts[:, 1] + parts[:, 3]) / 2
    is_paired = np.zeros(len(parts), dtype=np.bool_)
    for start in range(0, len(parts), AT_ONCE):
        here = slice(start, start + AT_ONCE)
        x, y = middle[here, None], rise[here, None]
        is_stacked = (np.abs(x - middle) <= _DOT_ASIDE * height) & (np.abs(y - rise) <= _PAIR_APART * height)
        has_other = np.count_nonzero(is_stacked, axis=1) > 1  # each is stacked with itself
        is_over = (x >= bodies[:, 0]) & (x <= bodies[:, 2])
        is_level = (y >= bodies[:, 1] - _DOT_ABOVE * height) & (y <= bodies[:, 3])
        is_paired[here] = has_other & ~np.any(is_over & is_level, axis=1)
    return is_paired


def _find_bodies(
    parts: Boxes, bodies: Boxes, height: float, parts_in_cell: Mask, bodies_in_cell: Mask
) -> list[int | None]:
    """Return for each dot or bar the body that it belongs to, or None. It lies above the body or across it.

    What is above the box of a form is small print, not the dot of a letter in the box.
    """
    found: list[int | None] = []
    lefts, tops, rights, bottoms = bodies.T
    for start in range(0, len(parts), AT_ONCE):
        left, top, right, bottom = parts[start : start + AT_ONCE].T[:, :, None]
        shared = np.minimum(right, rights) - np.maximum(left, lefts)
        # A bar, or a bit of a broken stroke: at the height of the body, or a little above or below it.
        apart = np.maximum(0, np.maximum(tops - bottom, top - bottoms))
        is_bar = (shared >= _STACKED * np.minimum(right - left, rights - lefts)) & (apart <= _BAR_APART * height)
        # A dot: above its stem, and perhaps a little to one side.
        above = tops - bottom
        is_above = (above > -0.1 * height) & (above <= _DOT_ABOVE * height)
        is_dot = is_above & (right - left - 1 <= _DOT * height) & (-shared <= _DOT_ASIDE * height)
        is_dot &= parts_in_cell[start : start + AT_ONCE, None] | ~bodies_in_cell
        aside = np.abs((left + right) / 2 - (lefts + rights) / 2) + np.maximum(0, rights - lefts - _STEM * height)
        cost = np.minimum(np.where(is_bar, apart, np.inf), np.where(is_dot, aside + 0.3 * above, np.inf))
        found += _choose_cheapest(cost)
    return found


def _find_underlines(parts: Boxes, bodies: Boxes, height: float) -> npt.NDArray[np.bool_]:
    """Return bool (parts,): which lie under bodies, with nothing close below them as under a fraction bar."""
    is_under = np.zeros(len(parts), dtype=np.bool_)
    lefts, tops, rights, bottoms = bodies.T
    middles = (lefts + rights) / 2
    for start in range(0, len(parts), AT_ONCE):
        left, top, right, bottom = parts[start : start + AT_ONCE].T[:, :, None]
        rise = (top + bottom) / 2
        has_over = (middles >= left) & (middles <= right)
        is_above = has_over & (rise - bottoms >= _UNDER[0] * height) & (rise - bottoms <= _UNDER[1] * height)
        is_below = has_over & (tops >= rise) & (tops - rise <= _BELOW * height)
        is_under[start : start + AT_ONCE] = is_above.any(axis=1) & ~is_below.any(axis=1)
    return is_under


def _find_nearest(
    parts: Boxes, bodies: Boxes, height: float, parts_in_cell: Mask, bodies_in_cell: Mask
) -> list[int | None]:
    """Return for each dot or bar the nearest body beside it, or None if there is none near.

    What is above or below the box of a form is small print, and belongs to no body in the box.
    """
    nearest: list[int | None] = []
    lefts, tops, rights, bottoms = bodies.T
    for start in range(0, len(parts), AT_ONCE):
        left, top, right, bottom = parts[start : start + AT_ONCE].T[:, :, None]
        rise = (top + bottom) / 2
        aside = np.maximum(0, np.maximum(lefts - right, left - rights))
        is_print = ~parts_in_cell[start : start + AT_ONCE, None] & bodies_in_cell
        above, below = (np.where(is_print, 0, band * height) for band in _BAND)
        is_in_band = (rise >= tops - above) & (rise <= bottoms + below)
        apart = np.maximum(0, np.maximum(tops - rise, rise - bottoms))
        cost = np.where(is_in_band & (aside <= _BESIDE * height), aside + apart, np.inf)
        nearest += _choose_cheapest(cost)
    return nearest


def _choose_cheapest(costs: npt.NDArray[np.float64]) -> list[int | None]:
    """Return for each row the column that costs least, or None if all cost infinitely much."""
    cheapest = np.argmin(costs, axis=1)
    is_finite = np.isfinite(costs[np.arange(len(costs)), cheapest])
    return [
        column if finite else None for column, finite in zip(cheapest.tolist(), is_finite.tolist(), strict=True)
    ]


def _join_marks(level: Boxes, marks: Sequence[int], height: float) -> list[Piece]:
    """Return the marks of a line, those joined that stand one above the other or as the two strokes of a quote."""
    joined: list[list[int]] = []
    for mark in sorted(marks, key=lambda mark: float(level[mark, 0])):
        left, top, right, bottom = level[mark].tolist()
        for other in reversed(joined[-_LAST:]):
            before = compute_bounds(level, other)
            shared = min(right, before[2]) - max(left, before[0])
            middle_apart = abs(left + right - before[0] - before[2]) / 2
            is_stacked = shared >= _STACKED * min(right - left, before[2] - before[0]) or (
                middle_apart <= _DOT_ASIDE * height
            )
            apart = max(top - before[3], before[1] - bottom)
            is_alike = abs(top - before[1]) <= _DOT_ASIDE * height >= abs(bottom - before[3])
            is_upright = bottom - top > right - left
            if (is_stacked and apart <= _PAIR_APART * height) or (
                is_alike and is_upright and left - before[2] <= _QUOTES_APART * height
            ):
                other.append(mark)
                break
        else:
            joined.append([mark])
    return [tuple(sorted(piece)) for piece in joined]
