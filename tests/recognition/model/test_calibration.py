"""Calibrated probabilities of each alphabet."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recognition.alphabets import ALPHABETS, CLASSES
from recognition.model.calibration import Calibration

scores = st.lists(st.floats(-70, 0), min_size=len(CLASSES), max_size=len(CLASSES)).map(np.array)


@given(scores, st.floats(0.1, 10), st.sampled_from(sorted(ALPHABETS)))
def test_probabilities_sum_to_1_and_keep_the_order_of_the_scores(
    logarithms: np.ndarray, temperature: float, alphabet: str
) -> None:
    probabilities = Calibration({alphabet: temperature}).compute_probabilities(logarithms, alphabet)
    assert probabilities.sum() == pytest.approx(1)
    of_alphabet = np.array([logarithms[CLASSES.index(character)] for character in ALPHABETS[alphabet]])
    assert (np.diff(probabilities[np.argsort(of_alphabet)]) >= 0).all()


def test_a_higher_temperature_makes_less_certain() -> None:
    logarithms = np.zeros(len(CLASSES))
    logarithms[7] = 3
    cold, warm = (Calibration({"digits": t}).compute_probabilities(logarithms, "digits")[7] for t in (1.0, 2.0))
    assert cold > warm > 0.1


@pytest.mark.parametrize("entry", [{"digits": 0}, {"digits": -1}, {"digits": 1e9}, {"greek": 1}, [], "1"])
def test_a_wrong_entry_of_a_card_is_refused(entry: object) -> None:
    with pytest.raises(ValueError, match="calibration"):
        Calibration.from_card(entry)
