"""The figures that decide: checked against known values, and as properties."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.alphabets import CLASSES
from recognition.model.network import BUNDLED, Model
from training.datasets.strokes import StrokeSet
from training.retrain.compare import (
    ComparisonSet,
    compare,
    compute_interval,
    compute_p_value,
    compute_people_interval,
    predict_labels,
)

counts = st.integers(0, 60)


@pytest.mark.parametrize(
    ("gained", "lost", "p"),
    [(0, 0, 1.0), (1, 0, 1.0), (6, 0, 1 / 32), (5, 1, 14 / 64), (10, 2, 158 / 4096), (3, 3, 1.0)],
)
def test_the_p_value_of_known_cases(gained: int, lost: int, p: float) -> None:
    assert compute_p_value(gained, lost) == pytest.approx(p)


@given(counts, counts)
def test_the_p_value_is_twice_the_tail_of_a_fair_coin(gained: int, lost: int) -> None:
    tosses = gained + lost
    tail = sum(Fraction(comb(tosses, k), 2**tosses) for k in range(min(gained, lost) + 1))
    assert compute_p_value(gained, lost) == pytest.approx(float(min(Fraction(1), 2 * tail)))
    assert compute_p_value(gained, lost) == pytest.approx(compute_p_value(lost, gained))


def test_the_interval_of_a_published_case() -> None:
    # By hand from the formula: 36 gained and 14 lost of 100 give 0.2157 ± 1.96·√(0.5098 − 0.0465)/√102.
    assert compute_interval(36, 14, 100) == pytest.approx((0.0836, 0.3478), abs=1e-4)


@given(counts, counts, st.integers(0, 500))
def test_the_interval_surrounds_the_difference_and_mirrors_it(gained: int, lost: int, same: int) -> None:
    samples = gained + lost + same + 1
    low, high = compute_interval(gained, lost, samples)
    assert -1 <= low <= (gained - lost + 0.0) / (samples + 2) <= high <= 1
    assert compute_interval(lost, gained, samples) == pytest.approx((-high, -low))


def test_a_comparison_counts_what_only_one_model_reads() -> None:
    champion, challenger = np.array([1, 1, 0, 0, 0], bool), np.array([1, 0, 1, 1, 0], bool)
    comparison = compare("five", champion, challenger)
    assert (comparison.gained, comparison.lost, comparison.samples) == (2, 1, 5)
    assert comparison.difference == pytest.approx(comparison.challenger - comparison.champion)


def test_each_sample_is_read_in_its_own_alphabet(drawings: StrokeSet) -> None:
    zeros = drawings.take(np.flatnonzero(drawings.labels == CLASSES.index("0")))
    samples = ComparisonSet("zeros", zeros.to_images(), zeros.labels, ["any", "digits"] * (len(zeros) // 2))
    predicted = predict_labels(Model.load(BUNDLED), samples)
    assert {CLASSES[label] for label in predicted.labels[1::2]} <= set("0123456789")
    assert predicted.is_right.all()  # an O in the widest alphabet is as good as a 0


def test_the_interval_counts_people_and_not_drawings() -> None:
    # One person's 40 drawings are lost. Of 4,000 drawings that is little, of 40 people it may be chance.
    champion = np.ones(4000, dtype=bool)
    writers = np.arange(4000) // 100
    of_one_person, of_many = champion.copy(), champion.copy()
    of_one_person[:40] = False
    of_many[::100] = False
    low, high = compute_people_interval(champion, of_one_person, writers)
    assert low < -0.02 < -0.01 < high
    assert compute_people_interval(champion, of_many, writers)[0] > -0.011
