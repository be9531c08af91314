"""The cheapest way to split units among characters, compared with all ways."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.page.split import split_cheapest

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


@given(price_tables())
def test_no_other_split_costs_less(case: tuple[int, Table, Table]) -> None:
    count, shape, doubt = case

    def compute_cost(split: list[tuple[int, int]]) -> float:
        return sum(shape[span] + doubt[span] for span in split)

    cheapest = split_cheapest([0] * count, lambda *span: shape[span], lambda *span: doubt[span])
    assert compute_cost(cheapest) == pytest.approx(min(map(compute_cost, list_splits(count))), abs=1e-9)


def test_the_model_is_not_asked_about_spans_that_cannot_win() -> None:
    asked: list[tuple[int, int]] = []

    def doubt(start: int, end: int) -> float:
        asked.append((start, end))
        return 0.0

    assert split_cheapest([0, 0], lambda start, end: 50.0 * (end - start > 1), doubt) == [(0, 1), (1, 2)]
    assert (0, 2) not in asked
