"""How well a recogniser reads drawings: figures by alphabet, exact and with look-alikes folded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.alphabets import ALPHABETS, CLASSES, get_characters, get_look_alikes
from recognition.model.calibration import ALPHABET_INDICES, Calibration
from recognition.model.network import Model
from recognition.render import Images

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_BINS: Final = 15
_TEMPERATURES: Final = np.geomspace(0.5, 2, 21).round(4)
_LEAST: Final = 1e-30


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


@dataclass(frozen=True, slots=True)
class ModelOutput:
    """What a model made of N samples.

    Attributes:
        scores: float64 (N, 62); minus infinity for what the model does not know.
        calibration: what makes probabilities of the scores.
    """

    scores: Floats
    calibration: Calibration

    def probabilities(self, alphabet: str) -> Floats:
        """Return (N, K) probabilities of the alphabet's characters."""
        return self.calibration.compute_probabilities(self.scores, alphabet)


def predict(model: Model, images: Images) -> ModelOutput:
    """Return what the model makes of uint8 (N, 28, 28, channels)."""
    scores = np.full((len(images), len(CLASSES)), -np.inf)
    known = [CLASSES.index(c) for c in model.classes]
    for row, image in zip(scores, images, strict=True):
        row[known] = model.compute_scores(image)
    return ModelOutput(scores, model.calibration)


def find_alphabets(classes: str, labels: Ints) -> list[str]:
    """Return the alphabets that a model of ``classes`` knows whole and that some samples are of."""
    there = {CLASSES[label] for label in np.unique(labels)}
    return [n for n, members in ALPHABETS.items() if set(members) <= set(classes) and there & set(members)]


def compute_figures(reading: ModelOutput, labels: Ints, alphabet: str) -> Figures:
    """Return the figures of one alphabet against (N,) labels, others passed over."""
    members, among, truth = mask_alphabet(reading, labels, alphabet)
    best = among.argmax(axis=1)
    right = best == truth
    alike = make_look_alike_matrix(alphabet)[members[best], members[truth]]
    return Figures(
        samples=len(truth),
        accuracy=float(right.mean()),
        folded=float(alike.mean()),
        calibration_error=compute_calibration_error(among.max(axis=1), right),
    )


def mask_alphabet(reading: ModelOutput, labels: Ints, alphabet: str) -> tuple[Ints, Floats, Ints]:
    """Return the alphabet's classes (K,), probabilities over them (M, K) and true columns (M,) of its samples."""
    members = ALPHABET_INDICES[alphabet]
    column = np.full(len(CLASSES), -1)
    column[members] = np.arange(len(members))
    mine = column[labels] >= 0
    return members, reading.probabilities(alphabet)[mine], column[labels[mine]]


def make_look_alike_matrix(alphabet: str) -> npt.NDArray[np.bool_]:
    """Return bool (62, 62): whether a drawing of one is accepted for the other where ``alphabet`` is in play."""
    matrix = np.zeros((len(CLASSES), len(CLASSES)), dtype=bool)
    for character in get_characters(alphabet):
        for other in get_look_alikes(character, alphabet):
            matrix[CLASSES.index(character), CLASSES.index(other)] = True
    return matrix


def compute_reliability(confidence: Floats, right: npt.NDArray[np.bool_]) -> tuple[Bin, ...]:
    """Return 15 bins of equal width of the confidence, those that are not empty."""
    bins = np.minimum((confidence * _BINS).astype(np.int64), _BINS - 1)
    counts, sure, correct = (np.bincount(bins, w, _BINS) for w in (None, confidence, right))
    return tuple(
        Bin(float(sure[b] / counts[b]), float(correct[b] / counts[b]), int(counts[b]))
        for b in np.flatnonzero(counts)
    )


def compute_calibration_error(confidence: Floats, right: npt.NDArray[np.bool_]) -> float:
    """Return the mean gap of confidence and accuracy over the bins, weighted by their samples."""
    gaps = (abs(b.confidence - b.accuracy) * b.samples for b in compute_reliability(confidence, right))
    return sum(gaps) / len(confidence)


def calibrate(reading: ModelOutput, labels: Ints) -> Calibration:
    """Return the temperatures by which a model's labels (N,) are most likely, alphabet by alphabet.

    Args:
        reading: what the model made of samples that it was not taught from.
        labels: what they are.
    """
    temperatures = {}
    for name in ALPHABETS:
        if np.isin(labels, ALPHABET_INDICES[name]).any():
            losses = [_compute_loss(reading, labels, name, trial) for trial in _TEMPERATURES.tolist()]
            temperatures[name] = float(_TEMPERATURES[int(np.argmin(losses))])
    return Calibration(temperatures)


def _compute_loss(reading: ModelOutput, labels: Ints, alphabet: str, temperature: float) -> float:
    tried = replace(reading, calibration=Calibration({alphabet: temperature}))
    _, among, truth = mask_alphabet(tried, labels, alphabet)
    return float(-np.log(np.maximum(among[np.arange(len(truth)), truth], _LEAST)).mean())
