"""A test by people: whether the judges gain more than chance would let them.

The unit is the person, not the drawing: if a model learns or forgets one habit of writing, many drawings of one
person change at once. If the challenger is no better, each judge is as likely to lose as much as to gain as much.
So the sign of each judge's difference might as well be the other one. The p is the share of all ways to choose the
signs that give at least the sum that was seen (Fisher: The Design of Experiments, 1935, section 21). It is exact
for any number of judges.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_FEW_DRAWINGS: Final = 50
"""A judge with so many drawings has half the weight of one with very many."""

_MAX_SCORE: Final = 100  # scores are whole numbers, so that all sums can be counted
_MIN_MAX_SCORE: Final = 4
_MAX_SUM: Final = 20_000  # of very many judges the scores are smaller, so that counting takes a second at most


def compute_scores(gained: Floats, lost: Floats, drawings: Floats) -> Ints:
    """Return the score of each judge (N,), from -100 to 100, above 0 for those whom the challenger reads better.

    A score is the difference in the share that is read, shrunk toward 0 for judges with few drawings. It grows
    only up to the average size of the judges' differences, so that no judge with a large one outvotes the others.

    Args:
        gained: number of drawings of each judge that only the challenger reads right (N,).
        lost: number of drawings that only the champion reads right (N,).
        drawings: number of all drawings (N,).
    """
    differences = (gained - lost) / (drawings + _FEW_DRAWINGS)
    size = np.abs(differences).mean()
    if not size:
        return np.zeros(len(differences), dtype=np.int64)
    largest = np.clip(_MAX_SUM // len(differences), _MIN_MAX_SCORE, _MAX_SCORE)
    scores: Ints = np.rint(largest * np.clip(differences / size, -1, 1)).astype(np.int64)
    return scores


def compute_p(scores: Ints) -> float:
    """Return the share of all 2^N ways to give the N scores signs whose sum is at least the sum of the scores."""
    total = int(np.abs(scores).sum())
    chances = np.zeros(2 * total + 1)  # of each sum, from -total to total
    chances[total] = 1.0
    for score in np.abs(scores).tolist():
        if score:
            flipped = np.zeros_like(chances)
            flipped[score:] = chances[:-score]
            flipped[:-score] += chances[score:]
            chances = flipped / 2
    return float(min(1.0, chances[total + int(scores.sum()) :].sum()))
