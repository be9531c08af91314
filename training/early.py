"""When a drawing can be believed before it is finished: measured on drawings as they come about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES
from recognition.calibration import MEMBERS
from recognition.model import Model
from recognition.render import render
from recognition.strokes import Ink
from training.datasets.strokes import StrokeSet
from training.evaluate import Floats, Ints, look_alike_matrix, predict

MOST_WRONG: Final = 0.005
"""Share of the drawings taken early for a character that may have been on their way to another.

Half the hundredth that is aimed at, since it is chosen on some people and has to hold for others.
"""

_THRESHOLDS: Final = (0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998)
_LOOKS: Final = 8
"""Times that a drawing is looked at until it is finished: a character takes about a second."""
_LEAST_EXTENT: Final = 0.08
"""Longer side of what is looked at, as a share of the finished drawing's; the game ignores smaller ink too."""


@dataclass(frozen=True, slots=True)
class Early:
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


def early_thresholds(model: Model, drawings: StrokeSet, alphabet: str) -> dict[str, float]:
    """Return how sure the model must be of each character before its drawing is finished.

    Characters that too often turn out to have been the beginning of another one are not in it.
    """
    sure, truth = _watched(model, drawings, alphabet)
    found = {}
    for column, member in enumerate(MEMBERS[alphabet].tolist()):
        for threshold in _THRESHOLDS:
            right, wrong = _taken(sure[:, :, column] >= threshold, truth, column, alphabet)
            if right > 0 and wrong <= MOST_WRONG * (right + wrong):
                found[CLASSES[member]] = threshold
                break
    return found


def early_figures(model: Model, drawings: StrokeSet, alphabet: str, thresholds: Mapping[str, float]) -> Early:
    """Return what the thresholds do on drawings of the alphabet's characters."""
    sure, truth = _watched(model, drawings, alphabet)
    least = np.array([thresholds.get(CLASSES[member], np.inf) for member in MEMBERS[alphabet].tolist()])
    taken = sure >= least
    shares = [_taken(taken[:, :, c], truth, c, alphabet) for c in range(len(least)) if (truth == c).any()]
    right, wrong = np.mean(shares, axis=0).tolist()
    own = taken[np.arange(len(truth)), :, truth]
    ink = np.where(own.any(axis=1), (own.argmax(axis=1) + 1) / _LOOKS, 1)
    return Early(float(own.any(axis=1).mean()), wrong / max(right + wrong, 1e-9), float(ink.mean()))


def _watched(model: Model, drawings: StrokeSet, alphabet: str) -> tuple[Floats, Ints]:
    """Return how sure the model is of each character and its look-alikes, (N, looks, K), and truths' columns."""
    members = MEMBERS[alphabet]
    mine = drawings.take(np.flatnonzero(np.isin(drawings.labels, members)))
    alike = look_alike_matrix(alphabet)[np.ix_(members, members)].astype(np.float64)
    whole = _extents(mine.ink)
    looks = []
    for look in range(1, _LOOKS):
        begun = _begun(mine.ink, look / _LOOKS)
        is_drawn = _extents(begun) >= _LEAST_EXTENT * whole
        looks.append(predict(model, render(begun)).probabilities(alphabet) @ alike * is_drawn[:, None])
    return np.stack(looks, axis=1), np.searchsorted(members, mine.labels)


def _taken(taken: npt.NDArray[np.bool_], truth: Ints, column: int, alphabet: str) -> tuple[float, float]:
    """Return the share of a character's drawings that are taken for it early, and of others', any as likely."""
    members = MEMBERS[alphabet]
    alike: npt.NDArray[np.bool_] = look_alike_matrix(alphabet)[np.ix_(members, members)][column]
    early: npt.NDArray[np.bool_] = np.any(taken, axis=1)
    own = early[truth == column]
    others = [early[truth == c].mean() for c in np.unique(truth).tolist() if not alike[c]]
    return float(own.mean()) if len(own) else 0.0, float(np.mean(others)) if others else 0.0


def _begun(ink: Ink, share: float) -> Ink:
    """Return drawings as they stood when ``share`` of their points had come."""
    counts = ink.point_counts
    seen = np.maximum(1, np.rint(counts * share)).astype(np.int64)
    place = np.arange(len(ink.points)) - np.repeat(np.cumsum(counts) - counts, counts)
    kept = place < np.repeat(seen, counts)
    lengths = np.add.reduceat(kept.astype(np.int64), ink.stroke_starts)
    drawing = np.repeat(np.arange(len(ink)), ink.stroke_counts)[lengths > 0]
    return Ink(ink.points[kept], lengths[lengths > 0], np.bincount(drawing, minlength=len(ink)))


def _extents(ink: Ink) -> Floats:
    starts = ink.point_starts
    span = np.maximum.reduceat(ink.points, starts) - np.minimum.reduceat(ink.points, starts)
    extents: Floats = span.max(axis=1)
    return extents
