"""What is a drawing and what is not."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition import EmptyDrawing, InvalidStrokes, RecognitionError
from recognition.strokes import parse_strokes

json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=20,
)


@given(json_like)
def test_whatever_comes_is_a_drawing_or_a_typed_error(value: Any) -> None:
    try:
        ink = parse_strokes(value)
    except RecognitionError as error:
        assert str(error)
    else:
        assert np.isfinite(ink.points).all()
        assert ink.stroke_lengths.sum() == len(ink.points)


@pytest.mark.parametrize(
    "value",
    [
        [[["1", "2"]]],
        [[[True, False]]],
        [[[1, 2], [3, 4, 5]]],
        [[[1]]],
        [[[1, 2, 3, 4]]],
        [[1, 2]],
        [[[float("nan"), 1]]],
        [[[float("inf"), 1]]],
        [[[10**30, 1]]],
        [[[None, 1]]],
        [{"x": 1}],
        "strokes",
        ["ab"],
        None,
        7,
    ],
)
def test_no_drawing(value: Any) -> None:
    with pytest.raises(InvalidStrokes):
        parse_strokes(value)


@pytest.mark.parametrize("value", [[], [[]], [[], []], ()])
def test_nothing_drawn(value: Any) -> None:
    with pytest.raises(EmptyDrawing):
        parse_strokes(value)


def test_times_are_taken_and_not_used() -> None:
    timed = parse_strokes([[(1, 2, 0), (3, 4, 16)], [(5, 6, 400)]])
    plain = parse_strokes([[(1, 2), (3, 4)], [(5, 6)]])
    assert (timed.points == plain.points).all()
    assert timed.stroke_lengths.tolist() == plain.stroke_lengths.tolist() == [2, 1]
