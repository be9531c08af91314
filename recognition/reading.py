"""Choosing where one character ends and the next begins, by asking the model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Cost = float
PER_CHARACTER: Final = 0.5
"""What every further character costs, in nats: of two readings as sure, the one of fewer characters wins."""


def cheapest(count: int, cost: Callable[[int, int], Cost], longest: int) -> list[tuple[int, int]]:
    """Return the spans that cover ``count`` units in a row at the least cost.

    Args:
        count: how many units there are.
        cost: what the span from its first argument up to, not including, its second costs as one character.
        longest: how many units a span takes at most.
    """
    best: list[Cost] = [0.0]
    came_from: list[int] = [0]
    for end in range(1, count + 1):
        options = [
            (best[start] + cost(start, end) + PER_CHARACTER, start) for start in range(max(0, end - longest), end)
        ]
        least, start = min(options)
        best.append(least)
        came_from.append(start)
    spans: list[tuple[int, int]] = []
    end = count
    while end:
        spans.append((came_from[end], end))
        end = came_from[end]
    return spans[::-1]
