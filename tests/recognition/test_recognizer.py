"""The recognizer as a caller uses it, with the bundled model and real drawings."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition import EmptyDrawing, InvalidStrokes, Recognizer, UnknownAlphabet
from recognition.alphabets import ALPHABETS, CLASSES, get_look_alikes
from tests.strokes import Samples


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_every_character_of_the_alphabet_is_a_candidate(
    recognizer: Recognizer, alphabet: str, samples: Samples
) -> None:
    prediction = recognizer.recognize(samples.get("a")[0].strokes, alphabet)
    labels = [c.label for c in prediction.candidates]
    probabilities = [c.probability for c in prediction.candidates]
    assert sorted(labels) == sorted(ALPHABETS[alphabet])
    assert sum(probabilities) == pytest.approx(1)
    assert probabilities == sorted(probabilities, reverse=True)
    assert (prediction.label, prediction.confidence) == (labels[0], probabilities[0])


@pytest.mark.parametrize(("alphabet", "share"), [("digits", 0.95), ("upper", 0.9), ("lower", 0.9), ("any", 0.9)])
def test_drawings_of_real_people_are_read(
    recognizer: Recognizer, samples: Samples, alphabet: str, share: float
) -> None:
    is_right = [
        recognizer.recognize(sample.strokes, alphabet).label in get_look_alikes(character, alphabet)
        for character in ALPHABETS[alphabet]
        for sample in samples.get(character)
    ]
    assert np.mean(is_right) >= share


def test_size_and_position_make_no_difference(recognizer: Recognizer, samples: Samples) -> None:
    for character in CLASSES:
        sample = samples.get(character)[0]
        large = recognizer.recognize(sample.place(size=0.9, left=0.05, top=0.05))
        small = recognizer.recognize(sample.place(size=0.25, left=0.7, top=0.7))
        assert small.label in get_look_alikes(large.label, "any")


def test_many_drawings_are_read_like_single_ones(recognizer: Recognizer, samples: Samples) -> None:
    drawings = [sample.strokes for sample in samples.get("g")]
    together = recognizer.recognize_many(drawings, "lower")
    assert [prediction.label for prediction in together] == [
        recognizer.recognize(drawing, "lower").label for drawing in drawings
    ]
    assert recognizer.recognize_many([]) == []


def test_threads_do_not_disturb_each_other(recognizer: Recognizer, samples: Samples) -> None:
    drawings = [samples.get(character)[0].strokes for character in CLASSES] * 4
    expected = [recognizer.recognize(drawing).label for drawing in drawings]
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda drawing: recognizer.recognize(drawing).label, drawings)) == expected


coordinates = st.integers(-(10**13), 10**13) | st.floats(allow_nan=False, allow_infinity=False)
minute = st.floats(-1e-290, 1e-290)
points = st.tuples(coordinates, coordinates) | st.tuples(minute, minute)


@pytest.mark.slow
@given(st.lists(st.lists(points | st.tuples(coordinates, minute), min_size=1, max_size=6), min_size=1, max_size=4))
@settings(max_examples=300)
def test_any_finite_numbers_are_read_or_refused(recognizer: Recognizer, drawing: Any) -> None:
    try:
        prediction = recognizer.recognize(drawing, "digits")
    except InvalidStrokes:
        assert np.abs(np.concatenate(drawing).astype(float)).max() > 1e12
    else:
        probabilities = [candidate.probability for candidate in prediction.candidates]
        assert np.isfinite(probabilities).all()
        assert sum(probabilities) == pytest.approx(1)


@pytest.mark.slow
@given(st.lists(st.lists(st.tuples(minute, minute), min_size=1, max_size=6), min_size=1, max_size=4))
@settings(max_examples=100)
def test_minute_drawings_are_read_and_explained(recognizer: Recognizer, drawing: Any) -> None:
    assert sum(c.probability for c in recognizer.recognize(drawing).candidates) == pytest.approx(1)
    for stroke in recognizer.explain(drawing).strokes:
        assert np.isfinite(stroke).all()


@pytest.mark.parametrize("exponent", [-1074, -1060, -1023, -900, -899, -100, -1, 1, 29])
def test_scaling_by_a_power_of_two_changes_nothing(
    recognizer: Recognizer, samples: Samples, exponent: int
) -> None:
    for character in CLASSES[::7]:
        drawing = samples.get(character)[0].place()
        scaled = [np.ldexp(np.array(stroke, dtype=float), exponent) for stroke in drawing]
        assert recognizer.recognize(scaled).candidates == recognizer.recognize(drawing).candidates


@pytest.mark.parametrize("exponent", [0, 10, 20, 39])
def test_moving_by_a_power_of_two_changes_nothing(recognizer: Recognizer, samples: Samples, exponent: int) -> None:
    for character in CLASSES[::7]:
        drawing = samples.get(character)[0].place()
        moved = [np.add(stroke, (2**exponent, -(2**exponent))) for stroke in drawing]
        assert recognizer.recognize(moved).candidates == recognizer.recognize(drawing).candidates


def test_an_empty_drawing_is_an_error(recognizer: Recognizer) -> None:
    with pytest.raises(EmptyDrawing):
        recognizer.recognize([])


def test_an_unknown_alphabet_is_an_error(recognizer: Recognizer) -> None:
    with pytest.raises(UnknownAlphabet, match="greek"):
        recognizer.recognize([[(0, 0), (1, 1)]], "greek")
    with pytest.raises(UnknownAlphabet):
        recognizer.recognize_many([], "greek")
    with pytest.raises(UnknownAlphabet):
        recognizer.read_image(b"", "greek")
