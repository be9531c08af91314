"""The loss, for outputs whose order is known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from recognition.alphabets import CLASSES, DIGITS
from training.fit.losses import accuracy, encode_truths, make_loss

EVEN = np.ones(len(CLASSES), dtype=np.float32)


def truth(character: str, *, has_all_kinds: bool, has_natural_mix: bool = True) -> npt.NDArray[np.float32]:
    return encode_truths(
        np.array([CLASSES.index(character)]), np.array([has_all_kinds]), np.array([has_natural_mix])
    )


def probabilities(**shares: float) -> npt.NDArray[np.float32]:
    row = np.full((1, len(CLASSES)), 1e-6, dtype=np.float32)
    for name, share in shares.items():
        row[0, CLASSES.index(name[-1])] = share
    whole: npt.NDArray[np.float32] = row / row.sum()
    return whole


def test_a_set_of_digits_does_not_teach_that_an_o_is_a_zero() -> None:
    loss = make_loss(EVEN, 0, 0.5)
    as_letter, as_digit = probabilities(O=0.9, _0=0.1), probabilities(O=0.1, _0=0.9)
    of_digits = truth("0", has_all_kinds=False)
    assert float(loss(of_digits, as_letter)[0]) == pytest.approx(float(loss(of_digits, as_digit)[0]), abs=1e-3)
    of_all = truth("0", has_all_kinds=True)
    assert float(loss(of_all, as_letter)[0]) > float(loss(of_all, as_digit)[0]) + 2


def test_a_digit_is_told_apart_among_digits() -> None:
    loss = make_loss(EVEN, 0, 0.5)
    for has_all_kinds in (True, False):
        right, wrong = probabilities(_0=0.9, _6=0.1), probabilities(_0=0.1, _6=0.9)
        assert (
            loss(truth("0", has_all_kinds=has_all_kinds), wrong)[0]
            > loss(truth("0", has_all_kinds=has_all_kinds), right)[0]
        )


def test_a_sample_outside_the_natural_mix_teaches_its_character_but_no_case() -> None:
    loss = make_loss(EVEN, 0, 0)
    shown = truth("S", has_all_kinds=True, has_natural_mix=False)
    capital, small, digit = probabilities(S=0.9, s=0.1), probabilities(S=0.1, s=0.9), probabilities(S=0.1, _5=0.9)
    assert float(loss(shown, capital)[0]) == pytest.approx(float(loss(shown, small)[0]), abs=1e-3)
    assert float(loss(shown, digit)[0]) > float(loss(shown, small)[0]) + 2


def test_accuracy_is_whether_the_character_is_right() -> None:
    for has_all_kinds in (True, False):
        shown = truth("S", has_all_kinds=has_all_kinds, has_natural_mix=has_all_kinds)
        assert accuracy(shown, probabilities(S=0.9, s=0.1))[0] == 1
        assert accuracy(shown, probabilities(S=0.1, s=0.9))[0] == 0


def test_oversampled_classes_are_not_learned_as_more_frequent() -> None:
    # Half of the samples are an X, though it is a tenth of the data: the loss is least where a tenth is predicted.
    oversampling = np.where(np.isin(list(CLASSES), list(DIGITS)), 1.0, 9.0).astype(np.float32)
    loss = make_loss(oversampling, 0, 0)

    def mean(share: float) -> float:
        said = probabilities(X=share, _1=1 - share)
        return float(loss(truth("X", has_all_kinds=True), said)[0] + loss(truth("1", has_all_kinds=True), said)[0])

    assert mean(0.1) < min(mean(0.5), mean(0.05), mean(0.2))
