"""Computes how well a model reads: figures by alphabet, exact and with look-alikes accepted."""

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
    """How well a model reads the samples of one alphabet, when it knows the alphabet; shares of 1.

    Attributes:
        samples: the number of samples.
        accuracy: the most probable character is the label.
        folded: the most probable character is the label or a look-alike of it.
        calibration_error: expected calibration error, 15 bins of equal width (Guo et al. 2017).
    """

    samples: int
    accuracy: float
    folded: float
    calibration_error: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Samples that a model was about equally sure of: a bar of a reliability diagram.

    Attributes:
        confidence: the mean probability of the answer.
        accuracy: the share of right answers.
        samples: the number of samples.
    """

    confidence: float
    accuracy: float
    samples: int


@dataclass(frozen=True, slots=True)
class ModelOutput:
    """A model's output for N samples.

    Attributes:
        scores: float64 (N, 62); minus infinity for characters that the model does not know.
        calibration: turns the scores into probabilities.
    """

    scores: Floats
    calibration: Calibration

    def probabilities(self, alphabet: str) -> Floats:
        """Return (N, K) probabilities of the alphabet's characters."""
        return self.calibration.compute_probabilities(self.scores, alphabet)


def predict(model: Model, images: Images) -> ModelOutput:
    """Return the model's output for uint8 (N, 28, 28, channels)."""
    scores = np.full((len(images), len(CLASSES)), -np.inf)
    known = [CLASSES.index(c) for c in model.classes]
    for row, image in zip(scores, images, strict=True):
        row[known] = model.compute_scores(image)
    return ModelOutput(scores, model.calibration)


def find_alphabets(classes: str, labels: Ints) -> list[str]:
    """Return the alphabets of which a model of ``classes`` knows all characters and the samples contain some."""
    there = {CLASSES[label] for label in np.unique(labels)}
    return [n for n, members in ALPHABETS.items() if set(members) <= set(classes) and there & set(members)]


def compute_figures(output: ModelOutput, labels: Ints, alphabet: str) -> Figures:
    """Return the figures for one alphabet, given labels (N,); samples of other characters are ignored."""
    members, among, truth = mask_alphabet(output, labels, alphabet)
    best = among.argmax(axis=1)
    right = best == truth
    is_alike = make_look_alike_matrix(alphabet)[members[best], members[truth]]
    return Figures(
        samples=len(truth),
        accuracy=float(right.mean()),
        folded=float(is_alike.mean()),
        calibration_error=compute_calibration_error(among.max(axis=1), right),
    )


def mask_alphabet(output: ModelOutput, labels: Ints, alphabet: str) -> tuple[Ints, Floats, Ints]:
    """Return the alphabet's classes (K,) and, for its M samples, probabilities (M, K) and true columns (M,)."""
    members = ALPHABET_INDICES[alphabet]
    column = np.full(len(CLASSES), -1)
    column[members] = np.arange(len(members))
    in_alphabet = column[labels] >= 0
    return members, output.probabilities(alphabet)[in_alphabet], column[labels[in_alphabet]]


def make_look_alike_matrix(alphabet: str) -> npt.NDArray[np.bool_]:
    """Return bool (62, 62): whether one character is accepted for the other when ``alphabet`` is in play."""
    matrix = np.zeros((len(CLASSES), len(CLASSES)), dtype=bool)
    for character in get_characters(alphabet):
        for other in get_look_alikes(character, alphabet):
            matrix[CLASSES.index(character), CLASSES.index(other)] = True
    return matrix


def compute_reliability(confidence: Floats, right: npt.NDArray[np.bool_]) -> tuple[Bin, ...]:
    """Return the samples in 15 bins of confidence, equally wide; empty bins are left out."""
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


def calibrate(output: ModelOutput, labels: Ints) -> Calibration:
    """Return the temperatures that make the labels (N,) most likely, one for each alphabet.

    Args:
        output: the model's output for samples that it was not trained on.
        labels: their labels.
    """
    temperatures = {}
    for name in ALPHABETS:
        if np.isin(labels, ALPHABET_INDICES[name]).any():
            losses = [_compute_loss(output, labels, name, temperature) for temperature in _TEMPERATURES.tolist()]
            temperatures[name] = float(_TEMPERATURES[int(np.argmin(losses))])
    return Calibration(temperatures)


def _compute_loss(output: ModelOutput, labels: Ints, alphabet: str, temperature: float) -> float:
    trial = replace(output, calibration=Calibration({alphabet: temperature}))
    _, among, truth = mask_alphabet(trial, labels, alphabet)
    return float(-np.log(np.maximum(among[np.arange(len(truth)), truth], _LEAST)).mean())
