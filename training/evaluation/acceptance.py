"""How sure the model must be before the game takes a drawing for its target: what thresholds give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from training.evaluation.metrics import Ints, ModelOutput, make_look_alike_matrix, mask_alphabet

THRESHOLDS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Of complete drawings, shares of 1.

    Attributes:
        threshold: least probability of the target and its look-alikes together.
        target: drawings of the target that are accepted.
        other: drawings of another character, any as likely as any other, that are accepted.
    """

    threshold: float
    target: float
    other: float


def compute_acceptance_curve(reading: ModelOutput, labels: Ints, alphabet: str) -> list[Acceptance]:
    """Return what each threshold does: what was made of drawings labelled (N,)."""
    members, among, truth = mask_alphabet(reading, labels, alphabet)
    alike = make_look_alike_matrix(alphabet)[np.ix_(members, members)]
    # Column t: how sure the model is that a drawing is t or a look-alike of t.
    sure = among @ alike
    accepted = alike[truth]
    return [
        Acceptance(
            t, float((sure >= t)[np.arange(len(truth)), truth].mean()), float((sure >= t)[~accepted].mean())
        )
        for t in THRESHOLDS
    ]
