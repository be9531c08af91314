"""Chooses where one character ends and the next begins, with the help of the networks."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from typing import NamedTuple

Cost = Callable[[int, int], float]
"""Takes ``start`` and ``end``, exclusive, and returns the cost of reading the units between as one character."""

Spans = tuple[tuple[int, int], ...]


class Split(NamedTuple):
    """A way to divide a row of units among characters.

    Attributes:
        cost: of the whole row.
        spans: start and end, exclusive, of each character.
    """

    cost: float
    spans: Spans


def find_best_splits(
    first_starts: Sequence[int], shape_cost: Cost, doubt_cost: Cost, most: int = 1, margin: float = 0.0
) -> list[Split]:
    """Return the ways to divide a row of units among characters that cost least, the cheapest first.

    This is the A* search (Hart, Nilsson and Raphael 1968), which goes on after the first path. What the rest of
    the row costs at least is known from its shapes.

    Args:
        first_starts: for each unit, the first that may be in one character with it. With few units in reach the
            work grows only with their number.
        shape_cost: one part of a span's cost.
        doubt_cost: the other part, never negative. It is slow, so it is only called where it can change the
            result.
        most: how many to return, at most.
        margin: by how much the others may cost more than the cheapest.
    """
    count = len(first_starts)
    shape_costs: list[dict[int, float]] = [{} for _ in range(count)]
    for end, first in enumerate(first_starts, 1):
        for start in range(first, end):
            shape_costs[start][end] = shape_cost(start, end)
    rest = [0.0] * (count + 1)
    for start in reversed(range(count)):
        rest[start] = min(cost + rest[end] for end, cost in shape_costs[start].items())
    paths = [0] * (count + 1)  # how many of the best paths to each place were found
    doubts: dict[tuple[int, int], float] = {}
    splits: list[Split] = []
    # Entries: the least cost of the whole row, the end of the last span, the spans, the cost up to there, and
    # whether the doubt about the last span is in the costs.
    waiting: list[tuple[float, int, Spans, float, bool]] = [(rest[0], 0, (), 0.0, True)]
    while waiting:
        least, end, spans, cost, is_whole = heapq.heappop(waiting)
        if splits and least > splits[0].cost + margin:
            break
        if paths[end] == most:
            continue
        if not is_whole:
            span = spans[-1]
            if span not in doubts:
                doubts[span] = doubt_cost(*span)
            heapq.heappush(waiting, (least + doubts[span], end, spans, cost + doubts[span], True))
            continue
        paths[end] += 1
        if end == count:
            splits.append(Split(cost, spans))
            if len(splits) == most:
                break
            continue
        for following, shape in shape_costs[end].items():
            total = cost + shape
            entry = (total + rest[following], following, (*spans, (end, following)), total, False)
            heapq.heappush(waiting, entry)
    return splits
