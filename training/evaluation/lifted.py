"""Measures when the game can take a hit as soon as the pen is lifted, without waiting for it to rest.

How many strokes are drawn says most: hardly anybody lifts the pen within an 8, but nearly everybody within an i.
So there is a threshold for each character after each number of strokes. No drawing is taken at once where too many
people go on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.alphabets import ALPHABETS, CLASSES
from recognition.model.calibration import ALPHABET_INDICES
from recognition.model.network import Model
from recognition.render import render
from training.datasets.strokes import StrokeSet
from training.evaluation.early import LEAST_EXTENT, compute_extents
from training.evaluation.metrics import Floats, Ints, ModelOutput, make_look_alike_matrix, predict

MOST_WRONG: Final = 0.005
"""Largest share of the drawings taken as a character that may have been the beginning of another one."""
MOST_UNFINISHED: Final = 0.02
"""Largest share of the drawings of a character that may be taken before their last stroke. That stroke would be
drawn in the next round."""

THRESHOLDS: Final = (0.3, 0.5, 0.7, 0.9, 0.95, 0.98, 0.99, 0.995)
"""The lowest is the game's threshold once the pen rests, `ACCEPT_RESTING`."""
_MOST_STROKES: Final = 4
"""Characters with more strokes are too rare to be measured."""
_LEAST_FINISHED: Final = 3
"""Least drawings of a character that are finished after so many strokes. With fewer, nothing can be said."""
_PER_CHARACTER: Final = 350
"""Most drawings of a character that thresholds are chosen by."""

Thresholds = dict[str, list[float | None]]
"""By character, the threshold after one stroke, two strokes, and so on; None where the pen must rest."""


@dataclass(frozen=True, slots=True)
class LiftedAcceptance:
    """What happens if drawings are taken when the pen is lifted; shares of 1.

    Attributes:
        taken: of the drawings of a target, the share that is taken as soon as it is finished.
        unfinished: of the drawings of a target that are taken, the share that had further strokes to come.
        wrong: of all drawings that are taken, the share that was the beginning of another character. This assumes
            that every second drawing is of another character than was asked for, each being equally likely.
    """

    taken: float
    unfinished: float
    wrong: float


@dataclass(frozen=True, slots=True)
class LiftedOutputs:
    """A model's output for drawings each time that the pen is lifted: P lifts in N drawings.

    Attributes:
        output: the output at each lift.
        drawing: int64 (P,), the index of the drawing.
        strokes: int64 (P,), how many strokes are drawn.
        is_finished: bool (P,), whether no stroke follows.
        is_drawn: bool (P,), whether there is enough ink.
        labels: int64 (N,), the characters of the finished drawings.
    """

    output: ModelOutput
    drawing: Ints
    strokes: Ints
    is_finished: npt.NDArray[np.bool_]
    is_drawn: npt.NDArray[np.bool_]
    labels: Ints


def predict_lifted(model: Model, drawings: StrokeSet) -> LiftedOutputs:
    """Return a model's output for drawings each time that the pen is lifted."""
    lifts, drawing = drawings.cut_at_lifts()
    whole = compute_extents(drawings.strokes)
    return LiftedOutputs(
        output=predict(model, render(lifts)),
        drawing=drawing,
        strokes=lifts.stroke_counts,
        is_finished=lifts.stroke_counts == drawings.strokes.stroke_counts[drawing],
        is_drawn=compute_extents(lifts) >= LEAST_EXTENT * whole[drawing],
        labels=drawings.labels,
    )


def choose_lifted_thresholds(model: Model, drawings: StrokeSet) -> dict[str, Thresholds]:
    """Return how sure the model must be of a lifted drawing, by alphabet, character and number of strokes.

    Characters for which the pen must always rest are left out.

    Args:
        model: the model.
        drawings: those of many people, because habits differ. The model may have been trained on them: it was not
            on unfinished ones.
    """
    outputs = predict_lifted(model, _take_some_of_each(drawings))
    return {alphabet: choose_thresholds(outputs, alphabet) for alphabet in ALPHABETS}


def choose_thresholds(outputs: LiftedOutputs, alphabet: str) -> Thresholds:
    """Return how sure the model must be of a lifted drawing in one alphabet."""
    lifts = _Lifts(outputs, alphabet)
    by_strokes = [_choose_lowest(lifts, strokes) for strokes in range(1, _MOST_STROKES + 1)]
    return {
        CLASSES[member]: thresholds
        for member, *row in zip(lifts.members.tolist(), *by_strokes, strict=True)
        if (thresholds := _drop_last_nones(row))
    }


def compute_lifted_figures(
    outputs: LiftedOutputs, alphabet: str, thresholds: Mapping[str, Sequence[float | None]]
) -> LiftedAcceptance:
    """Return what the thresholds do with drawings of the alphabet's characters."""
    lifts = _Lifts(outputs, alphabet)
    least = np.full((_MOST_STROKES + 1, len(lifts.members)), np.inf)
    for column, member in enumerate(lifts.members.tolist()):
        for strokes, threshold in enumerate(thresholds.get(CLASSES[member], ())[:_MOST_STROKES], 1):
            least[strokes, column] = np.inf if threshold is None else threshold
    is_taken = lifts.sure >= least[np.where(lifts.strokes > _MOST_STROKES, 0, lifts.strokes)]
    before = lifts.measure_shares(is_taken, is_finished=False)
    ever = lifts.measure_shares(is_taken)
    is_there = lifts.counts > 0
    unfinished = np.diag(before)[is_there].mean()
    own = np.diag(ever)[is_there].mean()
    wrong = lifts.average_others(before)[is_there].mean()
    return LiftedAcceptance(
        float(own - unfinished), float(unfinished / max(own, 1e-9)), float(wrong / max(own + wrong, 1e-9))
    )


def measure_beginnings(outputs: LiftedOutputs, alphabet: str) -> dict[str, float]:
    """Return, by character, the share of lifted drawings read as it that are the beginning of another one.

    Each character is equally likely to be drawn. Look-alikes are not another character.
    """
    lifts = _Lifts(outputs, alphabet)
    is_read = lifts.sure >= THRESHOLDS[0]
    all_drawings = lifts.measure_shares(is_read).sum(axis=1)
    others = np.where(lifts.is_alike, 0, lifts.measure_shares(is_read, is_finished=False)).sum(axis=1)
    return {
        CLASSES[member]: float(others[column] / all_drawings[column])
        for column, member in enumerate(lifts.members.tolist())
        if all_drawings[column] > 0
    }


class _Lifts:
    """The lifts in the drawings of an alphabet's characters: P lifts, K characters.

    Attributes:
        members: int64 (K,), the classes.
        sure: float64 (P, K), the probability of each character and its look-alikes; 0 without enough ink.
        strokes: int64 (P,), how many strokes are drawn.
        is_alike: bool (K, K), whether two characters are look-alikes, or the same.
        counts: int64 (K,), the number of drawings of each character.
    """

    def __init__(self, outputs: LiftedOutputs, alphabet: str) -> None:
        self.members = ALPHABET_INDICES[alphabet]
        in_alphabet = np.isin(outputs.labels[outputs.drawing], self.members)
        self.is_alike = make_look_alike_matrix(alphabet)[np.ix_(self.members, self.members)]
        probabilities = outputs.output.probabilities(alphabet)[in_alphabet]
        self.sure: Floats = probabilities @ self.is_alike.astype(np.float64)
        self.sure *= outputs.is_drawn[in_alphabet, None]
        self.strokes = outputs.strokes[in_alphabet]
        self._is_finished = outputs.is_finished[in_alphabet]
        self._drawing = outputs.drawing[in_alphabet]
        self._truth = np.searchsorted(self.members, outputs.labels[self._drawing])
        self.counts = np.bincount(self._truth[self._is_finished], minlength=len(self.members))

    def measure_shares(self, is_taken: npt.NDArray[np.bool_], *, is_finished: bool | None = None) -> Floats:
        """Return float64 (K, K), the share of the drawings of each character that is taken as each target.

        Args:
            is_taken: bool (P, K), at which lifts a drawing is taken as a target.
            is_finished: count only lifts after which no stroke follows, or only the others; by default all.

        Returns:
            A row for each target, a column for each character that was drawn.
        """
        chosen = slice(None) if is_finished is None else np.flatnonzero(self._is_finished == is_finished)
        drawings, first = np.unique(self._drawing[chosen], return_index=True)
        if not len(drawings):
            return np.zeros_like(self.is_alike, dtype=np.float64)
        # The lifts of a drawing follow each other.
        is_ever_taken = np.logical_or.reduceat(is_taken[chosen], first, axis=0).astype(np.float64)
        truth = np.eye(len(self.members))[self._truth[chosen][first]]
        shares: Floats = is_ever_taken.T @ truth / np.maximum(self.counts, 1)
        return shares

    def average_others(self, shares: Floats) -> Floats:
        """Return float64 (K,), the mean of each target's shares over characters that are not its look-alikes."""
        is_other = ~self.is_alike & (self.counts > 0)
        means: Floats = np.where(is_other, shares, 0).sum(axis=1) / np.maximum(is_other.sum(axis=1), 1)
        return means


def _choose_lowest(lifts: _Lifts, strokes: int) -> list[float | None]:
    """Return the lowest allowed threshold for each of the K characters after so many strokes; None if none is."""
    is_allowed = np.array([_check_threshold(lifts, threshold, strokes) for threshold in THRESHOLDS])
    return [
        next((threshold for threshold, is_good in zip(THRESHOLDS, column, strict=True) if is_good), None)
        for column in is_allowed.T
    ]


def _check_threshold(lifts: _Lifts, threshold: float, strokes: int) -> npt.NDArray[np.bool_]:
    """Return bool (K,), whether drawings with so many strokes may be taken as each character."""
    is_taken = (lifts.sure >= threshold) & (lifts.strokes == strokes)[:, None]
    before = lifts.measure_shares(is_taken, is_finished=False)
    finished = np.diag(lifts.measure_shares(is_taken, is_finished=True))
    unfinished, wrong = np.diag(before), lifts.average_others(before)
    own = finished + unfinished
    return (
        (finished * lifts.counts >= _LEAST_FINISHED)
        & (unfinished <= MOST_UNFINISHED * own)
        & (wrong <= MOST_WRONG * (own + wrong))
    )


def _drop_last_nones(thresholds: list[float | None]) -> list[float | None]:
    while thresholds and thresholds[-1] is None:
        thresholds = thresholds[:-1]
    return thresholds


def _take_some_of_each(drawings: StrokeSet) -> StrokeSet:
    """Return as many drawings of each character, chosen by chance but always the same ones."""
    order = np.random.default_rng(62).permutation(len(drawings))
    labels = drawings.labels[order]
    chosen = [order[labels == label][:_PER_CHARACTER] for label in np.unique(labels).tolist()]
    return drawings.take(np.sort(np.concatenate(chosen)))
