"""Chooses where one character ends and the next begins, with the help of the model."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Cost = Callable[[int, int], float]
"""Takes ``start`` and ``end``, exclusive, and returns the cost of reading the units between as one character."""


def split_cheapest(first_starts: Sequence[int], shape_cost: Cost, doubt_cost: Cost) -> list[tuple[int, int]]:
    """Return the spans that divide a row of units among characters at the least cost.

    Args:
        first_starts: for each unit, the first that may be in one character with it. With few units in reach the
            work grows only with their number.
        shape_cost: one part of a span's cost.
        doubt_cost: the other part, never negative. It is slow, so it is only called where it can change the
            result.
    """
    best: list[float] = [0.0]
    came_from: list[int] = [0]
    for end, first in enumerate(first_starts, 1):
        least, came = float("inf"), end - 1
        prices = sorted((best[start] + shape_cost(start, end), start) for start in range(first, end))
        for without_doubt, start in prices:
            if without_doubt >= least:
                break
            cost = without_doubt + doubt_cost(start, end)
            if cost < least:
                least, came = cost, start
        best.append(least)
        came_from.append(came)
    spans: list[tuple[int, int]] = []
    end = len(first_starts)
    while end:
        spans.append((came_from[end], end))
        end = came_from[end]
    return spans[::-1]
