"""Figures of cases where they are known."""

from __future__ import annotations

import numpy as np
import pytest

from recognition.alphabets import CLASSES
from recognition.model.calibration import Calibration
from training.evaluation.acceptance import compute_acceptance_curve
from training.evaluation.metrics import Ints, ModelOutput, calibrate, compute_calibration_error, compute_figures


def known(truth: str, seen: str, sure: float = 0.9) -> tuple[ModelOutput, Ints]:
    """Return the output of a model that reads ``seen`` where ``truth`` was drawn, and the labels."""
    share = np.full((len(seen), len(CLASSES)), (1 - sure) / (len(CLASSES) - 1))
    share[np.arange(len(seen)), [CLASSES.index(c) for c in seen]] = sure
    return ModelOutput(np.log(share), Calibration()), np.array([CLASSES.index(c) for c in truth])


def test_accuracy_is_within_the_alphabet_and_accepts_look_alikes() -> None:
    reading, labels = known("0O7aa", "OO7ab")
    assert compute_figures(reading, labels, "any").accuracy == pytest.approx(3 / 5)
    assert compute_figures(reading, labels, "any").folded == pytest.approx(4 / 5)
    assert compute_figures(reading, labels, "digits").samples == 2
    assert compute_figures(reading, labels, "lower").accuracy == pytest.approx(1 / 2)


def test_calibration_error() -> None:
    assert compute_calibration_error(np.full(10, 0.8), np.arange(10) < 8) == pytest.approx(0)
    assert compute_calibration_error(np.full(10, 0.8), np.arange(10) < 3) == pytest.approx(0.5)


def test_calibration_lowers_too_much_confidence_and_raises_too_little() -> None:
    calmed = calibrate(*known("7777777777", "7777777711", sure=0.999)).temperatures["digits"]
    assert calmed > 1.2
    encouraged = calibrate(*known("7" * 50, "7" * 50, sure=0.6)).temperatures["digits"]
    assert 0.5 <= encouraged < 1


def test_acceptance_counts_targets_and_others() -> None:
    reading, labels = known("7711", "7717", sure=0.9)
    curve = {a.threshold: a for a in compute_acceptance_curve(reading, labels, "digits")}
    assert curve[0.5].target == pytest.approx(3 / 4)
    assert curve[0.5].other == pytest.approx(1 / 36)
    assert curve[0.99].target == 0
    shares = [a.target for a in curve.values()]
    assert shares == sorted(shares, reverse=True)
