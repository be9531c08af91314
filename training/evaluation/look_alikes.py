"""Measures which characters a reader cannot tell apart: the evidence for `recognition.alphabets.LOOK_ALIKES`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES, get_look_alikes
from training.datasets.strokes import StrokeSet
from training.evaluation.metrics import Floats, Ints

Mask = npt.NDArray[np.bool_]

ALIKE: Final = 0.2
"""Least pair error of characters that are called look-alikes. 0.5 is what tossing a coin gives."""
SURELY_ALIKE: Final = 0.15
"""Least lower bound of that error."""
SURELY_DIFFERENT: Final = 0.1
"""A pair stops being look-alikes only if the upper bound of its pair error is below this."""

_CONFUSED: Final = 0.01  # share of either character's drawings that are read as the other
_WEIGHTS: Final = (0.0, 4.0, 16.0, 64.0, 256.0, 1024.0)  # of the writer's own drawings, against the model's scores
_SHIFTS: Final = np.linspace(-6, 6, 121)
_SAMPLES: Final = 500  # of the bootstrap
_INTERVAL: Final = (2.5, 97.5)  # percent
_LEAST: Final = 1e-7


@dataclass(frozen=True, slots=True)
class PairFigures:
    """How well a model tells two characters apart in the drawings of people it was not trained on; shares of 1.

    The pair error is the mean of the shares of either character's drawings that are read as the other, if the
    model may choose between these two alone and both are equally likely.

    Attributes:
        pair: the two characters, in label order.
        drawings: the number of drawings.
        writers: the number of their writers.
        error: the pair error.
        low: lower bound of the error, 95 %, by a bootstrap over writers.
        high: its upper bound.
        both: the number of writers who drew both at least twice.
        error_of_both: the pair error in the drawings of these writers.
        with_hand: the same, if the reader also knows their other drawings of the two characters.
    """

    pair: str
    drawings: int
    writers: int
    error: float
    low: float
    high: float
    both: int
    error_of_both: float
    with_hand: float

    @property
    def is_alike_today(self) -> bool:
        """Whether the table has the pair."""
        return self.pair[1] in get_look_alikes(self.pair[0], "any")

    @property
    def should_be_alike(self) -> bool:
        """Whether the table should have the pair."""
        if self.is_alike_today:
            return self.high >= SURELY_DIFFERENT
        return self.error >= ALIKE and self.low >= SURELY_ALIKE


def measure_pairs(drawings: StrokeSet, probabilities: Floats) -> list[PairFigures]:
    """Return the figures of all look-alikes and of all pairs that are confused at all, worst first.

    Args:
        drawings: N drawings.
        probabilities: float64 (N, 62), from models that were not trained on the drawing's writer.
    """
    scores = np.log(np.maximum(probabilities, _LEAST))
    scores -= scores.mean(axis=1, keepdims=True)
    features = scores / np.linalg.norm(scores, axis=1, keepdims=True)
    figures = [
        _measure_pair(a, b, drawings, scores, features) for a, b in _find_confused(drawings.labels, probabilities)
    ]
    return sorted(figures, key=lambda pair: -pair.error)


def _find_confused(labels: Ints, probabilities: Floats) -> Iterator[tuple[int, int]]:
    read, counts = probabilities.argmax(axis=1), np.bincount(labels, minlength=len(CLASSES))
    confusions = np.zeros((len(CLASSES), len(CLASSES)))
    np.add.at(confusions, (labels, read), 1)
    shares = confusions / counts.clip(1)[:, None]
    for a, b in combinations(range(len(CLASSES)), 2):
        is_known = CLASSES[b] in get_look_alikes(CLASSES[a], "any")
        if counts[a] and counts[b] and (is_known or max(shares[a, b], shares[b, a]) >= _CONFUSED):
            yield a, b


def _measure_pair(a: int, b: int, drawings: StrokeSet, scores: Floats, features: Floats) -> PairFigures:
    chosen = np.flatnonzero(np.isin(drawings.labels, (a, b)))
    is_b, writers = drawings.labels[chosen] == b, drawings.writers[chosen]
    odds = scores[chosen, b] - scores[chosen, a]
    wrong = _find_misread(odds, is_b, writers)
    low, high = _bootstrap(wrong, is_b, writers)
    of_both = np.flatnonzero(np.isin(writers, _find_writers_of_both(is_b, writers)))
    votes = _compare_with_own(features[chosen[of_both]], is_b[of_both], writers[of_both])
    plain, *helped = (
        _compute_error(
            _find_misread(odds[of_both] + weight * votes, is_b[of_both], writers[of_both]), is_b[of_both]
        )
        for weight in _WEIGHTS
    )
    return PairFigures(
        pair=CLASSES[a] + CLASSES[b],
        drawings=len(chosen),
        writers=len(np.unique(writers)),
        error=_compute_error(wrong, is_b),
        low=low,
        high=high,
        both=len(np.unique(writers[of_both])),
        error_of_both=plain,
        with_hand=min(plain, *helped),
    )


def _find_misread(odds: Floats, is_b: Mask, writers: Ints) -> Mask:
    """Return which drawings are read as the other character.

    The shift of the odds that makes both characters equally likely is found with the other half of the writers.
    """
    wrong = np.zeros(len(odds), dtype=bool)
    for half in (0, 1):
        is_tested = writers % 2 == half
        read = odds[~is_tested, None] > _SHIFTS
        errors = [_compute_error(read[:, i] != is_b[~is_tested], is_b[~is_tested]) for i in range(len(_SHIFTS))]
        best = np.flatnonzero(np.array(errors) == min(errors))
        wrong[is_tested] = (odds[is_tested] > _SHIFTS[best[len(best) // 2]]) != is_b[is_tested]
    return wrong


def _compute_error(wrong: Mask, is_b: Mask) -> float:
    parts = [wrong[mask].mean() for mask in (is_b, ~is_b) if mask.any()]
    return float(np.mean(parts)) if parts else float("nan")


def _bootstrap(wrong: Mask, is_b: Mask, writers: Ints) -> tuple[float, float]:
    """Return the 95 % interval of the pair error over samples of writers."""
    names, numbers = np.unique(writers, return_inverse=True)
    table = np.stack(
        [np.bincount(numbers, weights, len(names)) for weights in (wrong & is_b, is_b, wrong & ~is_b, ~is_b)]
    )
    random = np.random.default_rng(62)
    drawn = table[:, random.integers(0, len(names), (_SAMPLES, len(names)))].sum(axis=2).clip(1e-9)
    low, high = np.percentile((drawn[0] / drawn[1] + drawn[2] / drawn[3]) / 2, _INTERVAL).tolist()
    return low, high


def _find_writers_of_both(is_b: Mask, writers: Ints) -> Ints:
    names, numbers = np.unique(writers, return_inverse=True)
    counts = [np.bincount(numbers[mask], minlength=len(names)) for mask in (is_b, ~is_b)]
    both: Ints = names[np.minimum(*counts) >= 2]
    return both


def _compare_with_own(features: Floats, is_b: Mask, writers: Ints) -> Floats:
    """Return (N,), how much nearer each drawing is to the nearest other b of its writer than to the nearest a."""
    votes = np.zeros(len(features))
    for writer in np.unique(writers).tolist():
        (own,) = np.nonzero(writers == writer)
        likeness = features[own] @ features[own].T
        np.fill_diagonal(likeness, -np.inf)
        votes[own] = [row[is_b[own]].max() - row[~is_b[own]].max() for row in likeness]
    return votes
