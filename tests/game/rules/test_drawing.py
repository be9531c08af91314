"""The live drawing."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from game.rules import tuning
from game.rules.drawing import LiveDrawing
from game.rules.moves import Refused

points = st.lists(
    st.tuples(st.integers(0, 1023), st.integers(0, 1023), st.integers(0, 99)), min_size=1, max_size=9
)


def flat(drawn: list[tuple[int, int, int]]) -> list[int]:
    return [value for point in drawn for value in point]


def refusal(ink: LiveDrawing, number: int, added: list[int]) -> str:
    before = (ink.points, ink.to_drawing())
    with pytest.raises(Refused) as refused:
        ink.add(number, added)
    assert (ink.points, ink.to_drawing()) == before
    return refused.value.code


def test_strokes_grow_and_times_add_up() -> None:
    ink = LiveDrawing()
    ink.add(0, [10, 20, 5, 11, 21, 16])
    ink.add(0, [12, 22, 16])
    ink.add(1, [50, 60, 200])
    assert ink.get_strokes() == [[(10, 20), (11, 21), (12, 22)], [(50, 60)]]
    assert ink.to_drawing() == [[[10, 11, 12], [20, 21, 22], [0, 16, 32]], [[50], [60], [232]]]
    assert ink.to_flat_strokes() == [[10, 20, 0, 11, 21, 16, 12, 22, 16], [50, 60, 200]]
    assert ink.to_drawing(4) == ink.to_drawing()
    assert ink.to_drawing(2) == [[[10, 11], [20, 21], [0, 16]]]
    assert ink.to_drawing(0) == []


def test_a_stroke_number_never_goes_back() -> None:
    ink = LiveDrawing()
    ink.add(3, [1, 1, 0])
    ink.add(7, [1, 1, 0])
    assert refusal(ink, 3, [1, 1, 0]) == "bad_stroke"
    assert refusal(ink, -1, [1, 1, 0]) == "bad_stroke"
    ink.undo()
    ink.add(7, [2, 2, 0])
    ink.clear()
    ink.add(0, [1, 1, 0])
    assert ink.get_strokes() == [[(1, 1)]]


def test_undo_without_strokes_is_no_erasure() -> None:
    ink = LiveDrawing()
    ink.undo()
    ink.clear()
    assert (ink.points, ink.erasures, ink.to_drawing()) == (0, 0, [])


def test_a_pen_is_lifted_with_the_last_points_or_after_them() -> None:
    ink = LiveDrawing()
    assert refusal(ink, 0, []) == "bad_stroke"
    ink.add(0, [1, 1, 0], is_lifted=True)
    lifted = [ink.is_lifted]
    ink.add(1, [1, 1, 0])
    lifted.append(ink.is_lifted)
    size = ink.size
    ink.add(1, [], is_lifted=True)
    lifted.append(ink.is_lifted)
    assert (lifted, ink.size) == ([True, False, True], size)
    assert refusal(ink, 0, []) == refusal(ink, 2, []) == "bad_stroke"
    ink.undo()
    assert not ink.is_lifted


def test_a_drawing_has_a_limit_of_points_and_strokes() -> None:
    ink = LiveDrawing()
    ink.add(0, [1, 1, 1] * (tuning.MAX_POINTS - 1))
    assert refusal(ink, 0, [1, 1, 1] * 2) == "too_much_ink"
    ink.add(1, [1, 1, 1])
    assert refusal(ink, 1, [1, 1, 1]) == "too_much_ink"
    ink.clear()
    for number in range(tuning.MAX_STROKES):
        ink.add(number, [1, 1, 1])
    assert refusal(ink, tuning.MAX_STROKES, [1, 1, 1]) == "too_much_ink"
    ink.undo()
    ink.add(tuning.MAX_STROKES, [1, 1, 1])


class InkMachine(RuleBasedStateMachine):
    """A live drawing against a plain list of strokes."""

    def __init__(self) -> None:
        super().__init__()
        self.ink = LiveDrawing()
        self.model: list[list[tuple[int, int]]] = []
        self.number = 0

    @rule(drawn=points, fresh=st.booleans())
    def add(self, drawn: list[tuple[int, int, int]], fresh: bool) -> None:
        if fresh or not self.model:
            self.number += 1
            self.model.append([])
        self.ink.add(self.number, flat(drawn))
        self.model[-1] += [(x, y) for x, y, _ in drawn]

    @rule()
    def undo(self) -> None:
        self.ink.undo()
        self.model[-1:] = []
        self.number += 1  # what is drawn next must not go on with the stroke that is left
        if self.model:
            self.model.append([])
            self.ink.add(self.number, [0, 0, 0])
            self.model[-1].append((0, 0))

    @rule()
    def clear(self) -> None:
        self.ink.clear()
        self.model.clear()

    @invariant()
    def agrees(self) -> None:
        assert self.ink.get_strokes() == self.model
        assert self.ink.points == sum(map(len, self.model))
        drawing = self.ink.to_drawing()
        assert [list(zip(xs, ys, strict=True)) for xs, ys, _ in drawing] == self.model
        times = [time for _, _, ts in drawing for time in ts]
        assert times == sorted(times)
        assert times[:1] in ([], [0])

    @invariant()
    def a_part_is_the_beginning_of_the_whole(self) -> None:
        whole = [point for stroke in self.model for point in stroke]
        for count in (1, len(whole) // 2, len(whole)):
            part = self.ink.to_drawing(count)
            assert [p for xs, ys, _ in part for p in zip(xs, ys, strict=True)] == whole[:count]

    @invariant()
    def can_be_sent_again(self) -> None:
        copy = LiveDrawing()
        for number, stroke in enumerate(self.ink.to_flat_strokes()):
            copy.add(number, stroke)
        assert copy.to_drawing() == self.ink.to_drawing()


InkMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestInk = InkMachine.TestCase
