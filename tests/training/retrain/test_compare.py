"""The figures that decide: against known values, and as properties."""

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
from training.retrain.bounds import MOST_LOST
from training.retrain.compare import Comparison, Questions, ask, compare, interval, mcnemar
from training.retrain.decide import decide

counts = st.integers(0, 60)


@pytest.mark.parametrize(
    ("gained", "lost", "p"),
    [(0, 0, 1.0), (1, 0, 1.0), (6, 0, 1 / 32), (5, 1, 14 / 64), (10, 2, 158 / 4096), (3, 3, 1.0)],
)
def test_mcnemar_of_known_cases(gained: int, lost: int, p: float) -> None:
    assert mcnemar(gained, lost) == pytest.approx(p)


@given(counts, counts)
def test_mcnemar_is_twice_the_tail_of_a_fair_coin(gained: int, lost: int) -> None:
    tosses = gained + lost
    tail = sum(Fraction(comb(tosses, k), 2**tosses) for k in range(min(gained, lost) + 1))
    assert mcnemar(gained, lost) == pytest.approx(float(min(Fraction(1), 2 * tail)))
    assert mcnemar(gained, lost) == pytest.approx(mcnemar(lost, gained))


def test_the_interval_of_a_published_case() -> None:
    # By hand from the formula: 36 won and 14 lost of 100 give 0.2157 ± 1.96·√(0.5098 − 0.0465)/√102.
    assert interval(36, 14, 100) == pytest.approx((0.0836, 0.3478), abs=1e-4)


@given(counts, counts, st.integers(0, 500))
def test_the_interval_is_round_the_difference_and_turns_with_it(gained: int, lost: int, same: int) -> None:
    samples = gained + lost + same + 1
    low, high = interval(gained, lost, samples)
    assert -1 <= low <= (gained - lost + 0.0) / (samples + 2) <= high <= 1
    assert interval(lost, gained, samples) == pytest.approx((-high, -low))


def test_comparing_counts_what_only_one_reads() -> None:
    champion, challenger = np.array([1, 1, 0, 0, 0], bool), np.array([1, 0, 1, 1, 0], bool)
    compared = compare("five", champion, challenger)
    assert (compared.gained, compared.lost, compared.samples) == (2, 1, 5)
    assert compared.difference == pytest.approx(compared.challenger - compared.champion)


def test_questions_are_read_in_their_own_alphabet(drawings: StrokeSet) -> None:
    zeros = drawings.take(np.flatnonzero(drawings.labels == CLASSES.index("0")))
    asked = Questions("zeros", zeros.to_images(), zeros.labels, ["any", "digits"] * (len(zeros) // 2))
    answers = ask(Model.load(BUNDLED), asked)
    assert {CLASSES[read] for read in answers.read[1::2]} <= set("0123456789")
    assert answers.right.all()  # an O in the widest alphabet is as good as a 0


def comparison(gained: int, lost: int, samples: int = 1000) -> Comparison:
    right = np.arange(samples) < samples // 2
    other = right.copy()
    other[:lost] = False
    other[samples // 2 : samples // 2 + gained] = True
    return compare("drawings", right, other)


BETTER, SAME = comparison(40, 10), comparison(3, 3)


@pytest.mark.parametrize(
    ("players", "base", "promoted"),
    [
        (BETTER, [SAME], True),
        (BETTER, [comparison(0, round(MOST_LOST * 1000))], True),  # may be chance
        (BETTER, [comparison(0, round(MOST_LOST * 1000) + 1)], False),
        (BETTER, [SAME, comparison(0, 8, 10_000)], False),  # little, but not chance
        (comparison(12, 10), [SAME], False),
        (SAME, [BETTER], False),
        (comparison(10, 40), [], False),
    ],
)
def test_only_the_better_is_promoted(players: Comparison, base: list[Comparison], promoted: bool) -> None:
    decision = decide(players, base)
    assert decision.promoted is promoted
    assert all(reason.endswith(".") for reason in decision.reasons)
