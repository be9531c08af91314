"""What it costs to read some units of ink as one character. Costs are in nats, as negative logarithms are.

Every reading of a page is judged on equal terms. The costs of its characters are added up, whether a character is
one unit, several with gaps between them, or a part of a unit that was cut. `weights.py` has the weights.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from operator import mul
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.page.judge import Judge, Opinion
from recognition.page.weights import Shape, Weights
from recognition.page.window import Window

Floats = npt.NDArray[np.float64]

_MOST_PARTS: Final = 3  # separate parts of one character in a row, at most
_WIDEST: Final = 1.6  # of the height of writing: width of a character in a row, at most
_USUAL_WIDTH: Final = 0.6  # of the height of a character
_LEAST_HEIGHT: Final = 0.5  # of the height of writing: what gaps are compared with, at least


class Row:
    """A row of units, and what each reading of some of them as one character costs.

    Attributes:
        window: the units.
        count: how many units there are.
    """

    def __init__(self, window: Window, is_cut: Sequence[bool], height: float, judge: Judge) -> None:
        """Take a window.

        Args:
            window: the units.
            is_cut: for each boundary between two units, whether it is a cut through ink.
            height: the height of the writing in pixels.
            judge: says what the networks think of a mark.
        """
        self.window = window
        self.count = len(is_cut) + 1
        self._is_cut = is_cut
        self._height = height
        self._judge = judge
        self._bounds = window.bounds
        self._opinions: dict[tuple[int, int], Opinion] = {}

    def find_first_starts(self) -> list[int]:
        """Return for each unit the first that may be in one character with it."""
        starts = [0]
        for end in range(2, self.count + 1):
            starts.append(next(start for start in range(starts[-1], end) if not self._is_too_much(start, end)))
        return starts

    def price_shape(self, start: int, end: int) -> float:
        """Return the cost of the shape of the units from ``start`` to ``end``, exclusive, as one character."""
        return _add_up(self._judge.weights, self.measure_shape(start, end))

    def judge(self, start: int, end: int) -> Opinion:
        """Return what the networks think of the units from ``start`` to ``end``, exclusive."""
        if (start, end) not in self._opinions:
            self._opinions[start, end] = self._judge.judge(self.window, start, end, self._height)
        return self._opinions[start, end]

    def add_opinions(self, opinions: Mapping[int, Opinion]) -> None:
        """Take what the networks think of some pieces, counted from 0, so that they are not asked again."""
        edges = [0, *(unit + 1 for unit, is_cut in enumerate(self._is_cut) if not is_cut), self.count]
        self._opinions.update({(edges[piece], edges[piece + 1]): opinion for piece, opinion in opinions.items()})

    def measure_shape(self, start: int, end: int) -> Shape:
        """Return the measures of the shape of the units from ``start`` to ``end``, exclusive."""
        left, top, right, bottom = self.window.compute_bounds(start, end)
        bounds = self._bounds
        parts, gaps, overlaps = 0, 0, 0.0
        end_of_ink = bounds[start][2]
        for unit in range(start + 1, end):
            before, here = bounds[unit - 1], bounds[unit]
            if not self._is_cut[unit - 1]:
                parts += 1
                gap = here[0] - end_of_ink
                gaps += max(0, gap)
                overlaps += min(1.0, max(0, -gap) / min(here[2] - here[0], before[2] - before[0]))
            end_of_ink = max(end_of_ink, here[2])
        tall = bottom - top
        return Shape(
            parts,
            gaps / max(tall, _LEAST_HEIGHT * self._height),
            overlaps,
            float(end < self.count and self._is_cut[end - 1]),
            _measure_width(right - left, max(tall, self._height)),
        )

    def _is_too_much(self, start: int, end: int) -> bool:
        left, top, right, bottom = self.window.compute_bounds(start, end)
        parts = 1 + sum(not is_cut for is_cut in self._is_cut[start : end - 1])
        is_too_wide = right - left > _WIDEST * max(self._height, bottom - top)
        return end - start > 1 and (parts > _MOST_PARTS or is_too_wide)


def price_whole(boxes: Floats, weights: Weights) -> float:
    """Return the cost of the shape of all pieces of a page as one character. ``boxes`` as for `measure_whole`."""
    return _add_up(weights, measure_whole(boxes))


def measure_whole(boxes: Floats) -> Shape:
    """Return the measures of the shape of all pieces of a page as one character.

    Args:
        boxes: float64 (pieces, 4), left, top, right and bottom of each.
    """
    left, top, right, bottom = boxes.T
    widths = right - left
    across = np.maximum(left[:, None], left) - np.minimum(right[:, None], right)
    down = np.maximum(top[:, None], top) - np.minimum(bottom[:, None], bottom)
    apart = np.maximum(0, np.maximum(across, down))
    overlap = np.clip(-across / np.minimum(widths[:, None], widths), 0, 1)
    # Each piece is joined to the nearest of those before it, as in a minimum spanning tree.
    joined, rest = [0], list(range(1, len(boxes)))
    gaps = overlaps = 0.0
    while rest:
        near = apart[np.ix_(joined, rest)]
        place, number = np.unravel_index(int(np.argmin(near)), near.shape)
        one, other = joined[int(place)], rest.pop(int(number))
        joined.append(other)
        gaps += float(apart[one, other])
        overlaps += float(overlap[one, other])
    height = float(bottom.max() - top.min())
    width = float(right.max() - left.min())
    return Shape(len(boxes) - 1, gaps / height, overlaps, 0.0, _measure_width(width, height))


def _add_up(weights: Weights, shape: Shape) -> float:
    return float(sum(map(mul, weights.shape, shape)))


def _measure_width(width: float, height: float) -> float:
    return max(0.0, math.log(width / (_USUAL_WIDTH * height))) ** 2
