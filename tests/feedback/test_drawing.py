"""Strokes in any unit become a drawing in stored form."""

from __future__ import annotations

import sys

from hypothesis import given
from hypothesis import strategies as st

from feedback.drawing import MAX_POINTS, MAX_STROKES, is_too_much, make_drawing, measure_duration_ms

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
POINTS = st.one_of(st.tuples(NUMBERS, NUMBERS), st.tuples(NUMBERS, NUMBERS, st.floats(allow_nan=False)))
STROKES = st.lists(st.lists(POINTS, max_size=8), min_size=1, max_size=5).filter(any)


def test_whole_numbers_on_the_square_are_kept_as_they_are() -> None:
    assert make_drawing([[[10, 20, 5], [11.0, 1023, 30]], [], [[0, 7, 90]]]) == [
        [[10, 11], [20, 1023], [0, 25]],
        [[0], [7], [85]],
    ]


def test_other_units_are_scaled_onto_the_square_with_their_aspect() -> None:
    assert make_drawing([[[0.1, 0.5], [0.2, 0.7]]]) == [[[0, 512], [0, 1023], [0, 0]]]
    assert make_drawing([[[-5000, 0], [5000, 2500]]]) == [[[0, 1023], [0, 256], [0, 0]]]


def test_any_finite_number_is_drawn() -> None:
    huge = sys.float_info.max
    assert make_drawing([[[-huge, 0], [huge, 0]]]) == [[[0, 1023], [0, 0], [0, 0]]]
    assert make_drawing([[[-huge, -huge], [0, huge]]]) == [[[0, 512], [0, 1023], [0, 0]]]


def test_a_dot_in_any_unit_is_a_dot() -> None:
    assert make_drawing([[[0.5, 0.5]]]) == [[[0], [0], [0]]]
    assert make_drawing([[[0, 0], [5e-324, 0]]]) == [[[0, 0], [0, 0], [0, 0]]]


def test_times_never_go_back() -> None:
    drawing = make_drawing([[[1, 1, 100], [2, 2, 50], [3, 3], [4, 4, 160]]])
    assert drawing[0][2] == [0, 0, 0, 60]
    assert measure_duration_ms(drawing) == 60
    assert measure_duration_ms(make_drawing([[[1, 1], [2, 2]]])) is None


@given(STROKES)
def test_what_is_kept_is_whole_on_the_square_and_complete(strokes: list[list[tuple[float, ...]]]) -> None:
    drawing = make_drawing(strokes)
    assert [len(stroke[0]) for stroke in drawing] == [len(stroke) for stroke in strokes if stroke]
    times = [time for stroke in drawing for time in stroke[2]]
    assert times == sorted(times)
    assert min(times) >= 0
    for stroke in drawing:
        assert len({len(column) for column in stroke}) == 1
        assert all(isinstance(value, int) for column in stroke for value in column)
        assert all(0 <= value <= 1023 for column in stroke[:2] for value in column)


def test_the_limits_are_met_exactly() -> None:
    point = [1, 1]
    assert not is_too_much([[point]] * MAX_STROKES)
    assert is_too_much([[point]] * (MAX_STROKES + 1))
    assert not is_too_much([[point] * MAX_POINTS])
    assert is_too_much([[point] * MAX_POINTS, [point]])
