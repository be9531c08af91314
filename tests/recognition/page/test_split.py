"""Where characters are parted: every way of parting them, tried by hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.page.split import PER_CHARACTER, split_cheapest

Table = dict[tuple[int, int], float]


def spans(count: int) -> list[tuple[int, int]]:
    return [(start, end) for end in range(count + 1) for start in range(end)]


def partings(count: int, begun: int = 0) -> Iterator[list[tuple[int, int]]]:
    if begun == count:
        yield []
    for end in range(begun + 1, count + 1):
        for rest in partings(count, end):
            yield [(begun, end), *rest]


@st.composite
def priced(draw: st.DrawFn) -> tuple[int, Table, Table]:
    count = draw(st.integers(1, 6))
    shapes = st.floats(-3, 30) | st.just(float("inf"))
    shape = {span: draw(st.floats(-3, 30) if span[1] - span[0] == 1 else shapes) for span in spans(count)}
    return count, shape, {span: draw(st.floats(0, 14)) for span in spans(count)}


@given(priced())
def test_no_other_parting_costs_less(case: tuple[int, Table, Table]) -> None:
    count, shape, doubt = case

    def price(parting: list[tuple[int, int]]) -> float:
        return sum(shape[span] + doubt[span] + PER_CHARACTER for span in parting)

    found = split_cheapest(count, lambda *span: shape[span], lambda *span: doubt[span])
    assert price(found) == pytest.approx(min(map(price, partings(count))), abs=1e-9)


def test_what_cannot_win_is_not_asked_for() -> None:
    asked = []

    def doubt(start: int, end: int) -> float:
        asked.append((start, end))
        return 0.0

    assert split_cheapest(2, lambda start, end: 50.0 * (end - start > 1), doubt) == [(0, 1), (1, 2)]
    assert (0, 2) not in asked
