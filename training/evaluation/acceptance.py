"""Measures how many drawings the game accepts, by how sure the model must be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from training.evaluation.metrics import Ints, ModelOutput, make_look_alike_matrix, mask_alphabet

THRESHOLDS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What a threshold does with complete drawings; shares of 1.

    Attributes:
        threshold: least probability of the target and its look-alikes together.
        target: share of the drawings of a target that are accepted.
        other: share of the drawings of other characters that are accepted, each character being equally likely.
    """

    threshold: float
    target: float
    other: float


def compute_acceptance_curve(output: ModelOutput, labels: Ints, alphabet: str) -> list[Acceptance]:
    """Return what each threshold does, given a model's output for drawings with labels (N,)."""
    members, among, truth = mask_alphabet(output, labels, alphabet)
    look_alikes = make_look_alike_matrix(alphabet)[np.ix_(members, members)]
    # Column t: the probability that a drawing is t or a look-alike of t.
    sure = among @ look_alikes
    is_accepted = look_alikes[truth]
    return [
        Acceptance(
            t, float((sure >= t)[np.arange(len(truth)), truth].mean()), float((sure >= t)[~is_accepted].mean())
        )
        for t in THRESHOLDS
    ]
