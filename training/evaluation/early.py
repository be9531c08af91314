"""When a drawing can be believed before it is finished: measured on drawings as they come about."""

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

MOST_WRONG: Final = 0.005
"""Share of the drawings taken early for a character that may have been on their way to another.

Half the hundredth that is aimed at, since it is chosen on some people and has to hold for others.
"""

_THRESHOLDS: Final = (0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998)
_STEPS: Final = 8
"""Times that a drawing is looked at until it is finished: a character takes about a second."""
_LEAST_EXTENT: Final = 0.08
"""Longer side of what is looked at, as a share of the finished drawing's; the game ignores smaller ink too."""


@dataclass(frozen=True, slots=True)
class EarlyAcceptance:
    """What comes of believing drawings before they are finished; shares of 1.

    Attributes:
        taken: of the drawings of a target, those that are taken for it before they are finished.
        wrong: of all that are taken for a target so, those that were on their way to another character, if every
            second drawing is of another character than was asked for, any as likely as any other.
        ink: how much of the ink it took, on average, where a drawing was taken rightly, early or at its end.
    """

    taken: float
    wrong: float
    ink: float


@dataclass(frozen=True, slots=True)
class PartialOutputs:
    """Drawings as a model saw them come about.

    Attributes:
        looks: what was made of all N drawings, look by look.
        is_drawn: bool (N, looks), whether there was enough ink to look at.
        labels: int64 (N,), what they became.
    """

    looks: tuple[ModelOutput, ...]
    is_drawn: npt.NDArray[np.bool_]
    labels: Ints

    def sure(self, alphabet: str) -> tuple[Floats, Ints]:
        """Return, of the alphabet's drawings, how sure the model was of each of its characters.

        Returns:
            float64 (M, looks, K), look-alikes together, and int64 (M,), the truths' columns.
        """
        members = ALPHABET_INDICES[alphabet]
        mine = np.isin(self.labels, members)
        alike = make_look_alike_matrix(alphabet)[np.ix_(members, members)].astype(np.float64)
        sure = np.stack([(look.probabilities(alphabet) @ alike)[mine] for look in self.looks], axis=1)
        return sure * self.is_drawn[mine][:, :, None], np.searchsorted(members, self.labels[mine])


def predict_partial(model: Model, drawings: StrokeSet) -> PartialOutputs:
    """Return what a model makes of drawings at every look until they are finished."""
    whole = _compute_extents(drawings.strokes)
    begun = [_cut_strokes(drawings.strokes, look / _STEPS) for look in range(1, _STEPS)]
    return PartialOutputs(
        looks=tuple(predict(model, render(ink)) for ink in begun),
        is_drawn=np.stack([_compute_extents(ink) >= _LEAST_EXTENT * whole for ink in begun], axis=1),
        labels=drawings.labels,
    )


def choose_early_thresholds(watched: PartialOutputs, alphabet: str) -> dict[str, float]:
    """Return how sure the model must be of each character before its drawing is finished.

    Characters that too often turn out to have been the beginning of another one are not in it.
    """
    sure, truth = watched.sure(alphabet)
    found = {}
    for column, member in enumerate(ALPHABET_INDICES[alphabet].tolist()):
        for threshold in _THRESHOLDS:
            right, wrong = _measure_taken(sure[:, :, column] >= threshold, truth, column, alphabet)
            if right > 0 and wrong <= MOST_WRONG * (right + wrong):
                found[CLASSES[member]] = threshold
                break
    return found


def compute_early_figures(
    watched: PartialOutputs, alphabet: str, thresholds: Mapping[str, float]
) -> EarlyAcceptance:
    """Return what the thresholds do on drawings of the alphabet's characters."""
    sure, truth = watched.sure(alphabet)
    least = np.array([thresholds.get(CLASSES[member], np.inf) for member in ALPHABET_INDICES[alphabet].tolist()])
    taken = sure >= least
    shares = [_measure_taken(taken[:, :, c], truth, c, alphabet) for c in range(len(least)) if (truth == c).any()]
    right, wrong = np.mean(shares, axis=0).tolist()
    own = taken[np.arange(len(truth)), :, truth]
    ink = np.where(own.any(axis=1), (own.argmax(axis=1) + 1) / _STEPS, 1)
    return EarlyAcceptance(float(own.any(axis=1).mean()), wrong / max(right + wrong, 1e-9), float(ink.mean()))


def _measure_taken(taken: npt.NDArray[np.bool_], truth: Ints, column: int, alphabet: str) -> tuple[float, float]:
    """Return the share of a character's drawings that are taken for it early, and of others', any as likely."""
    members = ALPHABET_INDICES[alphabet]
    alike: npt.NDArray[np.bool_] = make_look_alike_matrix(alphabet)[np.ix_(members, members)][column]
    early: npt.NDArray[np.bool_] = np.any(taken, axis=1)
    own = early[truth == column]
    others = [early[truth == c].mean() for c in np.unique(truth).tolist() if not alike[c]]
    return float(own.mean()) if len(own) else 0.0, float(np.mean(others)) if others else 0.0


def _cut_strokes(ink: StrokeBatch, share: float) -> StrokeBatch:
    """Return drawings as they stood when ``share`` of their points had come."""
    counts = ink.point_counts
    seen = np.maximum(1, np.rint(counts * share)).astype(np.int64)
    place = np.arange(len(ink.points)) - np.repeat(np.cumsum(counts) - counts, counts)
    kept = place < np.repeat(seen, counts)
    lengths = np.add.reduceat(kept.astype(np.int64), ink.stroke_starts)
    drawing = np.repeat(np.arange(len(ink)), ink.stroke_counts)[lengths > 0]
    return StrokeBatch(ink.points[kept], lengths[lengths > 0], np.bincount(drawing, minlength=len(ink)))


def _compute_extents(ink: StrokeBatch) -> Floats:
    starts = ink.point_starts
    span = np.maximum.reduceat(ink.points, starts) - np.minimum.reduceat(ink.points, starts)
    extents: Floats = span.max(axis=1)
    return extents
