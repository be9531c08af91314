"""Predictions that a model could have made, for tests of the rules."""

from __future__ import annotations

import numpy as np

from recognition import Candidate, Prediction
from recognition.alphabets import get_characters

EARLY = 0.95
"""How sure this model must be before a drawing is finished."""
LIFTED = 0.8
"""How sure it must be of a drawing with one stroke when the pen is lifted. After two strokes the pen must rest."""


def reading(label: str, confidence: float = 0.99, alphabet: str = "digits") -> Prediction:
    """Return a prediction of ``label``, and the rest shared evenly by the other characters."""
    others = [c for c in get_characters(alphabet) if c != label]
    rest = [Candidate(c, (1 - confidence) / len(others)) for c in others]
    early = dict.fromkeys(get_characters(alphabet), EARLY)
    lifted = {character: [LIFTED] for character in get_characters(alphabet)}
    return Prediction(
        (Candidate(label, confidence), *rest),
        np.zeros((28, 28), np.uint8),
        "model-1",
        early_thresholds=early,
        lifted_thresholds=lifted,
    )
