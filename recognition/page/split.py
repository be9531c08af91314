"""Chooses where one character ends and the next begins, with the help of the networks."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence

Cost = Callable[[int, int], float]
"""Takes ``start`` and ``end``, exclusive, and returns the cost of reading the units between as one character."""


def split_cheapest(first_starts: Sequence[int], shape_cost: Cost, doubt_cost: Cost) -> list[tuple[int, int]]:
    """Return the spans that divide a row of units among characters at the least cost.

    This is the A* search (Hart, Nilsson and Raphael 1968). What the rest of the row costs at least is known from
    its shapes.

    Args:
        first_starts: for each unit, the first that may be in one character with it. With few units in reach the
            work grows only with their number.
        shape_cost: one part of a span's cost.
        doubt_cost: the other part, never negative. It is slow, so it is only called where it can change the
            result.
    """
    count = len(first_starts)
    shape_costs: list[dict[int, float]] = [{} for _ in range(count)]
    for end, first in enumerate(first_starts, 1):
        for start in range(first, end):
            shape_costs[start][end] = shape_cost(start, end)
    rest = [0.0] * (count + 1)
    for start in reversed(range(count)):
        rest[start] = min(cost + rest[end] for end, cost in shape_costs[start].items())
    came_from: dict[int, int] = {}
    # Entries: the least cost of the whole row, the end of a span, its start, the cost up to its end, and whether
    # the doubt is in the costs.
    waiting: list[tuple[float, int, int, float, bool]] = [(rest[0], 0, 0, 0.0, True)]
    while count not in came_from:
        least, end, start, cost, is_whole = heapq.heappop(waiting)
        if end in came_from:
            continue
        if not is_whole:
            doubt = doubt_cost(start, end)
            heapq.heappush(waiting, (least + doubt, end, start, cost + doubt, True))
            continue
        came_from[end] = start
        if end < count:
            for following, shape in shape_costs[end].items():
                total = cost + shape
                heapq.heappush(waiting, (total + rest[following], following, end, total, False))
    spans: list[tuple[int, int]] = []
    end = count
    while end:
        spans.append((came_from[end], end))
        end = came_from[end]
    return spans[::-1]
