"""How well a recogniser reads drawings: figures by alphabet, exact and with look-alikes folded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.alphabets import ALPHABETS, CLASSES, characters_of, look_alikes
from recognition.model import Model, softmax
from recognition.render import Images
from training.lessons import Samples

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_BINS: Final = 15


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of 1, of the samples whose label is in the alphabet, the alphabet being known.

    Attributes:
        samples: how many there were.
        accuracy: the best candidate is the label.
        folded: the best candidate is the label or a look-alike of it.
        calibration_error: expected calibration error, 15 bins of equal width (Guo et al. 2017).
    """

    samples: int
    accuracy: float
    folded: float
    calibration_error: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Samples that a model was about equally sure of.

    Attributes:
        confidence: its mean probability for its answer.
        accuracy: the share of them that it had right.
        samples: how many they are.
    """

    confidence: float
    accuracy: float
    samples: int


def predict(model: Model, images: Images) -> Floats:
    """Return float64 (N, 62), the model's scores; minus infinity for what it does not know."""
    scores = np.full((len(images), len(CLASSES)), -np.inf)
    known = [CLASSES.index(c) for c in model.classes]
    for row, image in zip(scores, images, strict=True):
        row[known] = model.scores(image)
    return scores


def evaluate(model: Model, samples: Samples) -> dict[str, Figures]:
    """Return the figures of every alphabet that `judged_alphabets` gives."""
    scores = predict(model, samples.seen())
    names = judged_alphabets(model.classes, samples.labels)
    return {name: figures(scores, samples.labels, name) for name in names}


def judged_alphabets(classes: str, labels: Ints) -> list[str]:
    """Return the alphabets that a model of ``classes`` knows whole and that some samples are of."""
    there = {CLASSES[label] for label in np.unique(labels)}
    return [n for n, members in ALPHABETS.items() if set(members) <= set(classes) and there & set(members)]


def figures(scores: Floats, labels: Ints, alphabet: str) -> Figures:
    """Return the figures of one alphabet: (N, 62) scores against (N,) labels, others passed over."""
    members, among, truth = masked(scores, labels, alphabet)
    best = among.argmax(axis=1)
    right = best == truth
    alike = look_alike_matrix(alphabet)[members[best], members[truth]]
    return Figures(
        samples=len(truth),
        accuracy=float(right.mean()),
        folded=float(alike.mean()),
        calibration_error=calibration_error(among.max(axis=1), right),
    )


def masked(scores: Floats, labels: Ints, alphabet: str) -> tuple[Ints, Floats, Ints]:
    """Return the alphabet's classes (K,), probabilities over them (M, K) and true columns (M,) of its samples."""
    members = np.array([CLASSES.index(c) for c in characters_of(alphabet)])
    column = np.full(len(CLASSES), -1)
    column[members] = np.arange(len(members))
    mine = column[labels] >= 0
    return members, softmax(scores[mine][:, members]), column[labels[mine]]


def look_alike_matrix(alphabet: str) -> npt.NDArray[np.bool_]:
    """Return bool (62, 62): whether a drawing of one is accepted for the other where ``alphabet`` is in play."""
    matrix = np.zeros((len(CLASSES), len(CLASSES)), dtype=bool)
    for character in characters_of(alphabet):
        for other in look_alikes(character, alphabet):
            matrix[CLASSES.index(character), CLASSES.index(other)] = True
    return matrix


def reliability(confidence: Floats, right: npt.NDArray[np.bool_]) -> tuple[Bin, ...]:
    """Return 15 bins of equal width of the confidence, those that are not empty."""
    bins = np.minimum((confidence * _BINS).astype(np.int64), _BINS - 1)
    counts, sure, correct = (np.bincount(bins, w, _BINS) for w in (None, confidence, right))
    return tuple(
        Bin(float(sure[b] / counts[b]), float(correct[b] / counts[b]), int(counts[b]))
        for b in np.flatnonzero(counts)
    )


def calibration_error(confidence: Floats, right: npt.NDArray[np.bool_]) -> float:
    """Return the mean distance of confidence and accuracy over `reliability`'s bins, weighted by their samples."""
    gaps = (abs(b.confidence - b.accuracy) * b.samples for b in reliability(confidence, right))
    return sum(gaps) / len(confidence)


def fit_temperature(scores: Floats, labels: Ints) -> float:
    """Return the temperature to divide (N, 62) scores by that makes their labels most likely (Guo et al. 2017)."""
    trials = np.geomspace(0.25, 4, 81)
    return float(trials[int(np.argmin([_loss(scores / trial, labels) for trial in trials]))])


def _loss(scores: Floats, labels: Ints) -> float:
    peak = scores.max(axis=1, keepdims=True)
    total = np.log(np.exp(scores - peak).sum(axis=1)) + peak[:, 0]
    return float((total - scores[np.arange(len(labels)), labels]).mean())
