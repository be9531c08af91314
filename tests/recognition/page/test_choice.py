"""Between splits of ink that cost nearly the same, the line decides."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from recognition.page.choice import Choice, choose_marks

K = Choice(1.0, 1.0, ["k"])
LC = Choice(0.5, 0.5, ["l", "c"])
T = Choice(0.0, 0.0, ["t"])


def like(*words: str) -> dict[str, float]:
    return dict.fromkeys(words, 5.0)


def choose(rows: list[list[Choice[str]]], lines: list[int], words: dict[str, float]) -> str:
    return "".join(choose_marks(rows, lines, lambda marks: words.get("".join(marks), 0.0)))


def test_the_line_chooses() -> None:
    rows = [[T], [LC, K]]
    assert choose(rows, [0, 0], {}) == "tlc"
    assert choose(rows, [0, 0], like("tk")) == "tk"
    assert choose(rows, [0, 1], like("tk")) == "tlc"  # the t is on another line
    assert choose(rows, [0, 1], like("k")) == "tk"


def test_nothing_is_measured_without_a_choice() -> None:
    measured: list[list[str]] = []

    def measure(marks: list[str]) -> float:
        measured.append(marks)
        return 0.0

    assert choose_marks([[T], [K]], [0, 0], measure) == ["t", "k"]
    assert not measured


def test_many_choices_are_not_all_tried() -> None:
    measured: list[int] = []

    def measure(marks: list[str]) -> float:
        measured.append(len(marks))
        return 0.0

    assert len(choose_marks([[LC, K]] * 500, [0] * 500, measure)) == 1000
    assert len(measured) < 100


@given(st.lists(st.lists(st.floats(0, 3), min_size=1, max_size=3).map(sorted), min_size=1, max_size=4), st.data())
def test_a_change_never_makes_it_worse(rows: list[list[float]], data: st.DataObject) -> None:
    choices = [
        [Choice(cost, cost, [(number, place)]) for place, cost in enumerate(row)]
        for number, row in enumerate(rows)
    ]
    keys = itertools.product(*(range(len(row)) for row in rows))
    worth = {key: data.draw(st.floats(-5, 5)) for key in keys}

    def measure(marks: list[tuple[int, int]]) -> float:
        return worth[tuple(place for _, place in marks)]

    def total(marks: list[tuple[int, int]]) -> float:
        return measure(marks) - sum(rows[number][place] for number, place in marks)

    best = choose_marks(choices, [0] * len(rows), measure)
    assert [number for number, _ in best] == list(range(len(rows)))
    assert total(best) >= total([(number, 0) for number in range(len(rows))]) - 1e-9
