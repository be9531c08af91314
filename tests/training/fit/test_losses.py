"""What the loss asks of a network."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from recognition.alphabets import CLASSES, DIGITS
from training.fit.losses import accuracy, cross_entropy, truths

EVEN = np.ones(len(CLASSES), dtype=np.float32)


def truth(character: str, *, has_kinds: bool, has_habits: bool = True) -> npt.NDArray[np.float32]:
    return truths(np.array([CLASSES.index(character)]), np.array([has_kinds]), np.array([has_habits]))


def probabilities(**shares: float) -> npt.NDArray[np.float32]:
    row = np.full((1, len(CLASSES)), 1e-6, dtype=np.float32)
    for name, share in shares.items():
        row[0, CLASSES.index(name[-1])] = share
    whole: npt.NDArray[np.float32] = row / row.sum()
    return whole


def test_digits_alone_do_not_teach_that_an_o_is_a_nought() -> None:
    loss = cross_entropy(EVEN, 0, 0.5)
    as_letter, as_digit = probabilities(O=0.9, _0=0.1), probabilities(O=0.1, _0=0.9)
    of_digits = truth("0", has_kinds=False)
    assert float(loss(of_digits, as_letter)[0]) == pytest.approx(float(loss(of_digits, as_digit)[0]), abs=1e-3)
    of_all = truth("0", has_kinds=True)
    assert float(loss(of_all, as_letter)[0]) > float(loss(of_all, as_digit)[0]) + 2


def test_the_digit_counts_among_digits() -> None:
    loss = cross_entropy(EVEN, 0, 0.5)
    for has_kinds in (True, False):
        right, wrong = probabilities(_0=0.9, _6=0.1), probabilities(_0=0.1, _6=0.9)
        assert loss(truth("0", has_kinds=has_kinds), wrong)[0] > loss(truth("0", has_kinds=has_kinds), right)[0]


def test_a_drawing_as_nobody_hands_it_in_teaches_its_character_but_no_case() -> None:
    loss = cross_entropy(EVEN, 0, 0)
    shown = truth("S", has_kinds=True, has_habits=False)
    capital, small, digit = probabilities(S=0.9, s=0.1), probabilities(S=0.1, s=0.9), probabilities(S=0.1, _5=0.9)
    assert float(loss(shown, capital)[0]) == pytest.approx(float(loss(shown, small)[0]), abs=1e-3)
    assert float(loss(shown, digit)[0]) > float(loss(shown, small)[0]) + 2


def test_the_accuracy_is_of_the_character() -> None:
    for has_kinds in (True, False):
        shown = truth("S", has_kinds=has_kinds, has_habits=has_kinds)
        assert accuracy(shown, probabilities(S=0.9, s=0.1))[0] == 1
        assert accuracy(shown, probabilities(S=0.1, s=0.9))[0] == 0


def test_classes_shown_more_often_are_not_taken_to_be_more_frequent() -> None:
    # Half of what is shown is an X though a tenth of what came was: the loss is least where a tenth is said.
    tilt = np.where(np.isin(list(CLASSES), list(DIGITS)), 1.0, 9.0).astype(np.float32)
    loss = cross_entropy(tilt, 0, 0)

    def mean(share: float) -> float:
        said = probabilities(X=share, _1=1 - share)
        return float(loss(truth("X", has_kinds=True), said)[0] + loss(truth("1", has_kinds=True), said)[0])

    assert mean(0.1) < min(mean(0.5), mean(0.05), mean(0.2))
