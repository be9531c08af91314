"""Chooses where one character ends and the next begins, with the help of the model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

PER_CHARACTER: Final = 0.5
"""Cost of each character, in nats. Of two equally likely ways to split, the one with fewer characters wins."""

Cost = Callable[[int, int], float]
"""Takes ``start`` and ``end``, exclusive, and returns the cost of reading the units between as one character."""


def split_cheapest(count: int, shape_cost: Cost, doubt_cost: Cost) -> list[tuple[int, int]]:
    """Return the spans that divide a row of ``count`` units among characters at the least cost.

    Args:
        count: the number of units.
        shape_cost: one part of a span's cost.
        doubt_cost: the other part, never negative. It is slow, so it is only called where it can change the
            result.
    """
    best: list[float] = [0.0]
    came_from: list[int] = [0]
    for end in range(1, count + 1):
        least, came = float("inf"), end - 1
        for without_doubt, start in sorted((best[start] + shape_cost(start, end), start) for start in range(end)):
            if without_doubt >= least:
                break
            cost = without_doubt + doubt_cost(start, end)
            if cost < least:
                least, came = cost, start
        best.append(least + PER_CHARACTER)
        came_from.append(came)
    spans: list[tuple[int, int]] = []
    end = count
    while end:
        spans.append((came_from[end], end))
        end = came_from[end]
    return spans[::-1]
