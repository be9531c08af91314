"""What is accepted as a drawing, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition import EmptyDrawing, InvalidStrokes, RecognitionError
from recognition.strokes import join_batches, pack_drawings, parse_strokes
from tests.strokes import Samples

numbers = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4)
json_like = st.recursive(
    numbers,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=20,
)
stroke_like = st.lists(st.lists(st.lists(numbers, min_size=2, max_size=3), max_size=3), max_size=3)


@given(json_like | stroke_like)
def test_any_json_is_a_drawing_or_a_typed_error(value: Any) -> None:
    try:
        batch = parse_strokes(value)
    except RecognitionError as error:
        assert str(error)
    else:
        assert np.isfinite(batch.points).all()
        assert batch.stroke_lengths.sum() == len(batch.points)


@pytest.mark.parametrize(
    "value",
    [
        [[["1", "2"]]],
        [[["1", 2]]],
        [[[True, False]]],
        [[[True, 2]]],
        [[[1.5, 2], [3, np.True_]]],
        [[[1, 2], [3, 4, 5]]],
        [[[1]]],
        [[[1, 2, 3, 4]]],
        [[[[1, 2]]]],
        [[1, 2]],
        [1, 2],
        [[[float("nan"), 1]]],
        [[[float("inf"), 1]]],
        [[[1e308, 1], [-1e308, 1]]],
        [[[10**30, 1]]],
        [[[10**400, 1]]],
        [[[None, 1]]],
        [[[1j, 1]]],
        [{"x": 1}],
        [{}],
        "strokes",
        "",
        ["ab"],
        [b"ab"],
        None,
        7,
        np.array(7.0),
        [np.array(7.0)],
        [np.full((2, 2), np.longdouble(1))],
    ],
)
def test_what_is_not_a_drawing_is_refused(value: Any) -> None:
    with pytest.raises(InvalidStrokes):
        parse_strokes(value)


@pytest.mark.parametrize("value", [[], [[]], [[], []], (), [np.empty(0)], [np.empty((0, 2))]])
def test_a_drawing_without_points_is_empty(value: Any) -> None:
    with pytest.raises(EmptyDrawing):
        parse_strokes(value)


def test_times_are_accepted_and_ignored() -> None:
    timed = parse_strokes([[(1, 2, 0), (3, 4, 16)], [(5, 6, 400)]])
    plain = parse_strokes([[(1, 2), (3, 4)], [(5, 6)]])
    assert (timed.points == plain.points).all()
    assert timed.stroke_lengths.tolist() == plain.stroke_lengths.tolist() == [2, 1]


@pytest.mark.parametrize("kind", [np.int16, np.uint8, np.int64, np.float16, np.float32, np.float64])
def test_arrays_of_any_number_type_are_accepted(kind: type) -> None:
    stroke: Any = np.array([[1, 2], [30, 40]], dtype=kind)
    assert parse_strokes([stroke]).points.tolist() == [[1, 2], [30, 40]]


def test_drawings_that_are_valid_are_packed_as_if_they_were_parsed(samples: Samples) -> None:
    drawings = [sample.place() for sample in samples.get("i") + samples.get("8")]
    packed, parsed = pack_drawings(drawings), join_batches([parse_strokes(drawing) for drawing in drawings])
    assert packed.points.tolist() == parsed.points.tolist()
    assert packed.points.dtype == parsed.points.dtype
    assert packed.stroke_lengths.tolist() == parsed.stroke_lengths.tolist()
    assert packed.stroke_counts.tolist() == parsed.stroke_counts.tolist()
