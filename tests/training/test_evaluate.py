"""Figures, against cases whose figures are known."""

from __future__ import annotations

import numpy as np
import pytest

from recognition.alphabets import CLASSES
from training.acceptance import acceptance_curve
from training.evaluate import Floats, Ints, calibration_error, figures, fit_temperature


def known(truth: str, seen: str, sure: float = 0.9) -> tuple[Floats, Ints]:
    """Return scores of a model that sees the characters ``seen`` where ``truth`` was drawn."""
    share = np.full((len(seen), len(CLASSES)), (1 - sure) / (len(CLASSES) - 1))
    share[np.arange(len(seen)), [CLASSES.index(c) for c in seen]] = sure
    return np.log(share), np.array([CLASSES.index(c) for c in truth])


def test_accuracy_is_of_the_alphabet_alone_and_folds_look_alikes() -> None:
    scores, labels = known("0O7aa", "OO7ab")
    assert figures(scores, labels, "any").accuracy == pytest.approx(3 / 5)
    assert figures(scores, labels, "any").folded == pytest.approx(4 / 5)
    assert figures(scores, labels, "digits").samples == 2
    assert figures(scores, labels, "lower").accuracy == pytest.approx(1 / 2)


def test_calibration_error() -> None:
    assert calibration_error(np.full(10, 0.8), np.arange(10) < 8) == pytest.approx(0)
    assert calibration_error(np.full(10, 0.8), np.arange(10) < 3) == pytest.approx(0.5)


def test_the_temperature_calms_a_model_that_is_too_sure() -> None:
    scores, labels = known("7777777777", "7777777711", sure=0.999)
    temperature = fit_temperature(scores, labels)
    assert temperature > 1.2
    assert 0.25 <= fit_temperature(*known("7" * 50, "7" * 50, sure=0.6)) < 1


def test_acceptance_counts_targets_and_others() -> None:
    scores, labels = known("7711", "7717", sure=0.9)
    curve = {a.threshold: a for a in acceptance_curve(scores, labels, "digits")}
    assert curve[0.5].target == pytest.approx(3 / 4)
    assert curve[0.5].other == pytest.approx(1 / 36)
    assert curve[0.99].target == 0
    shares = [a.target for a in curve.values()]
    assert shares == sorted(shares, reverse=True)
