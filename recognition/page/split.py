"""Choosing where one character ends and the next begins, by asking the model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

PER_CHARACTER: Final = 0.5
"""What every further character costs, in nats: of two readings as sure, the one of fewer characters wins."""

Cost = Callable[[int, int], float]
"""What the span of units from its first argument up to, not including, its second costs as one character."""


def split_cheapest(count: int, shape: Cost, doubt: Cost) -> list[tuple[int, int]]:
    """Return the spans that cover ``count`` units in a row at the least cost.

    Args:
        count: how many units there are.
        shape: one part of the cost.
        doubt: the other, never negative; it is asked for only where it can matter, since it takes long.
    """
    best: list[float] = [0.0]
    came_from: list[int] = [0]
    for end in range(1, count + 1):
        least, came = float("inf"), end - 1
        for without, start in sorted((best[start] + shape(start, end), start) for start in range(end)):
            if without >= least:
                break
            cost = without + doubt(start, end)
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
