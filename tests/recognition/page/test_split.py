"""The cheapest ways to split units among characters, compared with all ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.page.split import find_best_splits

Table = dict[tuple[int, int], float]


def list_spans(count: int) -> list[tuple[int, int]]:
    return [(start, end) for end in range(count + 1) for start in range(end)]


def list_splits(count: int, start: int = 0) -> Iterator[list[tuple[int, int]]]:
    if start == count:
        yield []
    for end in range(start + 1, count + 1):
        for rest in list_splits(count, end):
            yield [(start, end), *rest]


@st.composite
def price_tables(draw: st.DrawFn) -> tuple[int, Table, Table]:
    count = draw(st.integers(1, 6))
    shapes = st.floats(-3, 30) | st.just(float("inf"))
    shape = {span: draw(st.floats(-3, 30) if span[1] - span[0] == 1 else shapes) for span in list_spans(count)}
    return count, shape, {span: draw(st.floats(0, 14)) for span in list_spans(count)}


@given(price_tables(), st.integers(1, 5), st.floats(0, 6))
def test_no_other_splits_cost_less(case: tuple[int, Table, Table], most: int, margin: float) -> None:
    count, shape, doubt = case

    def compute_cost(split: Iterable[tuple[int, int]]) -> float:
        return sum(shape[span] + doubt[span] for span in split)

    best = find_best_splits([0] * count, lambda *span: shape[span], lambda *span: doubt[span], most, margin)
    costs = sorted(map(compute_cost, list_splits(count)))
    expected = [cost for cost in costs[:most] if cost < costs[0] + margin]
    assert [split.cost for split in best[: len(expected)]] == pytest.approx(expected, abs=1e-9)
    assert [compute_cost(split.spans) for split in best] == pytest.approx([split.cost for split in best], abs=1e-9)
    assert len({split.spans for split in best}) == len(best) <= most


def test_the_model_is_not_asked_about_spans_that_cannot_win() -> None:
    asked: list[tuple[int, int]] = []

    def doubt(start: int, end: int) -> float:
        asked.append((start, end))
        return 0.0

    splits = find_best_splits([0, 0], lambda start, end: 50.0 * (end - start > 1), doubt)
    assert [split.spans for split in splits] == [((0, 1), (1, 2))]
    assert (0, 2) not in asked
