"""Explanations of real drawings. The tests hold for any model that reads them well."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition import EmptyDrawing, Explanation, Recognizer, TooMuchInk, UnknownAlphabet, UnknownCharacter
from recognition.alphabets import ALPHABETS, CLASSES, get_look_alikes
from tests.strokes import Sample, Samples, get_own_alphabet


def join_shares(explanation: Explanation) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.concatenate([stroke[:, 2] for stroke in explanation.strokes])


def find_deciding_stroke(recognizer: Recognizer, sample: Sample, alphabet: str, rival: str) -> int:
    strokes = recognizer.explain(sample.strokes, alphabet, rival).strokes
    return max(range(len(strokes)), key=lambda stroke: float(strokes[stroke][:, 2].max()))


def split_by_share(explanation: Explanation) -> tuple[list[Any], list[Any]]:
    """Return the ink with more than the median share as strokes, and the other ink as strokes."""
    median = np.median(join_shares(explanation))
    decided: list[Any] = []
    other: list[Any] = []
    for stroke in explanation.strokes:
        above = stroke[:, 2] > median
        for run in np.split(stroke, np.flatnonzero(np.diff(above.astype(int))) + 1):
            (decided if run[0, 2] > median else other).append(run[:, :2])
    return decided, other


def test_the_dot_decides_between_i_and_l(recognizer: Recognizer, samples: Samples) -> None:
    dotted = [sample for sample in samples.get("i") if len(sample.strokes) == 2]
    assert len(dotted) >= 3
    decided = []
    for sample in dotted:
        highest = min(range(2), key=lambda stroke: float(sample.strokes[stroke][:, 1].mean()))
        decided.append(find_deciding_stroke(recognizer, sample, "lower", "l") == highest)
    # Some stems do not look like an l without the dot, since they are curved or have a serif.
    assert sum(decided) > len(decided) / 2


def test_the_tail_decides_between_q_and_o(recognizer: Recognizer, samples: Samples) -> None:
    tailed = [sample for sample in samples.get("Q") if len(sample.strokes) == 2]
    assert len(tailed) >= 3
    for sample in tailed:
        extents = [float(np.ptp(stroke, axis=0).max()) for stroke in sample.strokes]
        assert find_deciding_stroke(recognizer, sample, "upper", "O") == int(np.argmin(extents))


def test_the_ink_with_the_larger_shares_is_read_better_than_the_rest(
    recognizer: Recognizer, samples: Samples
) -> None:
    """Each half of the ink is read alone, without the explanation."""
    is_better = []
    for character in CLASSES:
        alphabet = get_own_alphabet(character)
        explanation = recognizer.explain(samples.get(character)[0].strokes, alphabet)
        decided, other = (
            recognizer.recognize(half, alphabet).get_probability(explanation.best.label)
            for half in split_by_share(explanation)
        )
        is_better.append(decided > other)
    assert np.mean(is_better) >= 0.7


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_the_rival_is_the_next_best_that_does_not_look_alike(
    recognizer: Recognizer, samples: Samples, alphabet: str
) -> None:
    for character in ALPHABETS[alphabet][::5]:
        drawing = samples.get(character)[0].strokes
        explanation = recognizer.explain(drawing, alphabet)
        candidates = recognizer.recognize(drawing, alphabet).candidates
        others = [c for c in candidates if c.label not in get_look_alikes(candidates[0].label, alphabet)]
        assert (explanation.best.label, explanation.best.probability) == pytest.approx(candidates[0])
        assert (explanation.rival.label, explanation.rival.probability) == pytest.approx(others[0])


def test_shares_are_scaled_to_the_largest(recognizer: Recognizer, samples: Samples) -> None:
    for character in CLASSES[::4]:
        assert np.abs(join_shares(recognizer.explain(samples.get(character)[0].strokes))).max() <= 1
    # A dot is all the ink there is.
    assert np.abs(join_shares(recognizer.explain([[[5, 5]]]))).tolist() == [1]


def test_all_points_of_the_drawing_are_in_the_explanation(recognizer: Recognizer, samples: Samples) -> None:
    for character in "i7EB":
        drawing = samples.get(character)[0].strokes
        explained = recognizer.explain(drawing).strokes
        assert len(explained) == len(drawing)
        for stroke, given_stroke in zip(explained, drawing, strict=True):
            assert stroke[0, :2] == pytest.approx(given_stroke[0])
            assert stroke[-1, :2] == pytest.approx(given_stroke[-1])
            apart = np.abs(stroke[:, None, :2] - given_stroke).sum(axis=2).min(axis=0)
            assert apart.max() < 1e-6


def test_position_and_size_do_not_change_the_shares(recognizer: Recognizer, samples: Samples) -> None:
    sample = samples.get("5")[0]
    once = recognizer.explain(sample.strokes, "digits", "6")
    again = recognizer.explain([3 * stroke + 700 for stroke in sample.strokes], "digits", "6")
    assert join_shares(again) == pytest.approx(join_shares(once), abs=0.05)


def test_a_rival_can_be_chosen_unless_it_looks_alike(recognizer: Recognizer, samples: Samples) -> None:
    zero = samples.get("0")[0].strokes
    assert recognizer.explain(zero, "digits", "6").rival.label == "6"
    best = recognizer.explain(zero, "any").best.label
    for alike in get_look_alikes(best, "any"):
        assert recognizer.explain(zero, "any", alike).rival.label not in get_look_alikes(best, "any")
    for wrong in ("", "x", "66", "é"):
        with pytest.raises(UnknownCharacter):
            recognizer.explain(zero, "digits", wrong)


def test_some_drawings_cannot_be_explained(recognizer: Recognizer) -> None:
    with pytest.raises(EmptyDrawing):
        recognizer.explain([])
    with pytest.raises(UnknownAlphabet):
        recognizer.explain([[[0, 0], [1, 1]]], "greek")
    with pytest.raises(TooMuchInk):
        recognizer.explain([[[x, y] for y in range(200) for x in (0, 200)]])


def test_no_explanation_takes_much_memory(recognizer: Recognizer) -> None:
    rng = np.random.default_rng(2)
    dots = [[point] * 64 for point in rng.integers(0, 1024, (64, 2)).tolist()]
    short = [(start + rng.integers(-1, 2, (64, 2)).cumsum(axis=0)).tolist() for start, *_ in dots]
    for drawing in (dots, short):
        recognizer.explain(drawing)
        tracemalloc.start()
        recognizer.explain(drawing)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 5e6


coordinates = st.integers(0, 40) | st.floats(-1e12, 1e12)


@pytest.mark.slow
@given(st.lists(st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=6), min_size=1, max_size=6))
@settings(max_examples=60)
def test_every_point_of_any_drawing_has_a_share(recognizer: Recognizer, drawing: Any) -> None:
    explained = recognizer.explain(drawing, "digits").strokes
    assert len(explained) == len(drawing)
    for stroke in explained:
        assert len(stroke) >= 1
        assert np.isfinite(stroke).all()
        assert np.abs(stroke[:, 2]).max() <= 1
