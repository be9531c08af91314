"""Measures when the game can accept a drawing before it is finished."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES
from recognition.model.calibration import ALPHABET_INDICES
from recognition.model.network import Model
from recognition.render import render
from recognition.strokes import StrokeBatch
from training.datasets.strokes import StrokeSet
from training.evaluation.metrics import Floats, Ints, ModelOutput, make_look_alike_matrix, predict

MOST_WRONG: Final = 0.0025
"""Largest share of the drawings accepted early as a character that may have been unfinished drawings of another.

The aim is 0.5 %. The bound is half of that, because it is chosen on some people and must hold for others.
"""
MOST_UNFINISHED: Final = 0.02
"""Largest share of the drawings of a character accepted early that may have further strokes to come. These strokes
would be drawn in the next round."""

_THRESHOLDS: Final = (0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998)
_STEPS: Final = 8
"""Times that a drawing is read until it is finished. A character takes about a second."""
LEAST_EXTENT: Final = 0.08
"""Least longer side of an unfinished drawing, as a share of the finished one. The game ignores smaller ink too."""


@dataclass(frozen=True, slots=True)
class EarlyAcceptance:
    """What happens if drawings are accepted before they are finished; shares of 1.

    Attributes:
        taken: of the drawings of a target, the share that is accepted before it is finished.
        wrong: of the drawings that are accepted early, the share that was an unfinished drawing of another
            character. This assumes that every second drawing is of another character than was asked for, each
            character being equally likely.
        unfinished: of the drawings of a target that are accepted early, the share with further strokes to come.
        ink: mean share of the ink that a drawing of the target needs to be accepted, early or at its end.
    """

    taken: float
    wrong: float
    unfinished: float
    ink: float


@dataclass(frozen=True, slots=True)
class PartialOutputs:
    """A model's output for N drawings while they grow.

    Attributes:
        steps: the output for all N drawings, step by step.
        is_drawn: bool (N, steps), whether there was enough ink.
        has_strokes_left: bool (N, steps), whether further strokes were to come.
        labels: int64 (N,), the characters of the finished drawings.
    """

    steps: tuple[ModelOutput, ...]
    is_drawn: npt.NDArray[np.bool_]
    has_strokes_left: npt.NDArray[np.bool_]
    labels: Ints

    def compute_sureness(self, alphabet: str) -> tuple[Floats, Ints]:
        """Return the probability of each character at each step, for the alphabet's drawings.

        Returns:
            float64 (M, steps, K), each with the probabilities of the look-alikes added; and int64 (M,), the
            columns of the true characters.
        """
        members = ALPHABET_INDICES[alphabet]
        in_alphabet = np.isin(self.labels, members)
        look_alikes = make_look_alike_matrix(alphabet)[np.ix_(members, members)].astype(np.float64)
        sure = np.stack(
            [(output.probabilities(alphabet) @ look_alikes)[in_alphabet] for output in self.steps], axis=1
        )
        return sure * self.is_drawn[in_alphabet][:, :, None], np.searchsorted(members, self.labels[in_alphabet])

    def find_strokes_left(self, alphabet: str) -> npt.NDArray[np.bool_]:
        """Return bool (M, steps), whether further strokes were to come, for the alphabet's drawings."""
        return self.has_strokes_left[np.isin(self.labels, ALPHABET_INDICES[alphabet])]


def predict_partial(model: Model, drawings: StrokeSet) -> PartialOutputs:
    """Return a model's output for drawings at every step until they are finished."""
    extents = compute_extents(drawings.strokes)
    unfinished = [_cut_strokes(drawings.strokes, step / _STEPS) for step in range(1, _STEPS)]
    return PartialOutputs(
        steps=tuple(predict(model, render(strokes)) for strokes in unfinished),
        is_drawn=np.stack([compute_extents(strokes) >= LEAST_EXTENT * extents for strokes in unfinished], axis=1),
        has_strokes_left=np.stack(
            [strokes.stroke_counts < drawings.strokes.stroke_counts for strokes in unfinished], axis=1
        ),
        labels=drawings.labels,
    )


def choose_early_thresholds(outputs: PartialOutputs, alphabet: str) -> dict[str, float]:
    """Return how sure the model must be of each character to accept its drawing before it is finished.

    Characters that are too often the beginning of another one, or that too often have further strokes, are left
    out.
    """
    sure, truth = outputs.compute_sureness(alphabet)
    strokes_left = outputs.find_strokes_left(alphabet)
    thresholds = {}
    for column, member in enumerate(ALPHABET_INDICES[alphabet].tolist()):
        for threshold in _THRESHOLDS:
            taken = sure[:, :, column] >= threshold
            right, wrong = _measure_taken(taken, truth, column, alphabet)
            unfinished, _ = _measure_taken(taken & strokes_left, truth, column, alphabet)
            is_allowed = wrong <= MOST_WRONG * (right + wrong) and unfinished <= MOST_UNFINISHED * right
            if right > 0 and is_allowed:
                thresholds[CLASSES[member]] = threshold
                break
    return thresholds


def compute_early_figures(
    outputs: PartialOutputs, alphabet: str, thresholds: Mapping[str, float]
) -> EarlyAcceptance:
    """Return what the thresholds do with drawings of the alphabet's characters."""
    sure, truth = outputs.compute_sureness(alphabet)
    least = np.array([thresholds.get(CLASSES[member], np.inf) for member in ALPHABET_INDICES[alphabet].tolist()])
    taken = sure >= least
    shares = [_measure_taken(taken[:, :, c], truth, c, alphabet) for c in range(len(least)) if (truth == c).any()]
    right, wrong = np.mean(shares, axis=0).tolist()
    own = taken[np.arange(len(truth)), :, truth]
    is_taken = own.any(axis=1)
    strokes_left = outputs.find_strokes_left(alphabet)
    unfinished = (own & strokes_left).any(axis=1).sum() / max(is_taken.sum(), 1)
    ink = np.where(is_taken, (own.argmax(axis=1) + 1) / _STEPS, 1)
    return EarlyAcceptance(
        float(is_taken.mean()), wrong / max(right + wrong, 1e-9), float(unfinished), float(ink.mean())
    )


def _measure_taken(taken: npt.NDArray[np.bool_], truth: Ints, column: int, alphabet: str) -> tuple[float, float]:
    """Return the share of a character's drawings accepted early, and the mean share of other drawings."""
    members = ALPHABET_INDICES[alphabet]
    look_alikes: npt.NDArray[np.bool_] = make_look_alike_matrix(alphabet)[np.ix_(members, members)][column]
    early: npt.NDArray[np.bool_] = np.any(taken, axis=1)
    own = early[truth == column]
    others = [early[truth == c].mean() for c in np.unique(truth).tolist() if not look_alikes[c]]
    return float(own.mean()) if len(own) else 0.0, float(np.mean(others)) if others else 0.0


def _cut_strokes(strokes: StrokeBatch, share: float) -> StrokeBatch:
    """Return drawings when ``share`` of their points were drawn."""
    counts = strokes.point_counts
    drawn = np.maximum(1, np.rint(counts * share)).astype(np.int64)
    place = np.arange(len(strokes.points)) - np.repeat(np.cumsum(counts) - counts, counts)
    kept = place < np.repeat(drawn, counts)
    lengths = np.add.reduceat(kept.astype(np.int64), strokes.stroke_starts)
    drawing = np.repeat(np.arange(len(strokes)), strokes.stroke_counts)[lengths > 0]
    return StrokeBatch(strokes.points[kept], lengths[lengths > 0], np.bincount(drawing, minlength=len(strokes)))


def compute_extents(strokes: StrokeBatch) -> Floats:
    """Return float64 (N,), the longer side of each drawing."""
    starts = strokes.point_starts
    span = np.maximum.reduceat(strokes.points, starts) - np.minimum.reduceat(strokes.points, starts)
    extents: Floats = span.max(axis=1)
    return extents
