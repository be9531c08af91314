"""Choose the known drawings that explanations show: few of each character, unlike each other, beyond doubt.

Only drawings of UNIPEN's training writers that the model reads right, and is sure of, are considered. Among those
of a character the medoids of clusters are kept (k-medoids by alternation: Park and Jun, Expert Systems with
Applications 36, 2009), by the very distance that examples are looked up with.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.spatial.distance import pdist, squareform

from recognition.alphabets import CLASSES, get_characters, get_look_alikes
from recognition.explain.gallery import compute_features
from recognition.model.network import Model
from recognition.render import render
from recognition.strokes import StrokeBatch
from training.datasets.sources import UNIPEN, require
from training.datasets.splits import split_unipen
from training.datasets.strokes import StrokeSet

EACH: Final = 12
"""Drawings of each character."""

SURE: Final = 0.95
"""How probable its label must be, among the digits, capitals or small letters and, with look-alikes, among all."""

MOST_OF_A_WRITER: Final = 3
"""Drawings of one character by one person that are considered: who wrote more has no more say."""

MOST_CONSIDERED: Final = 400
"""Drawings of one character that are considered."""

_SQUARE: Final = 1023
_MARGIN: Final = 0.12  # of the square, on the sides that the drawing comes nearest to
_STARTS: Final = 10
_ROUNDS: Final = 100

Ints = npt.NDArray[np.int64]


def choose_drawings(drawings: StrokeSet, model: Model, classes: Iterable[int], seed: int = 1) -> Ints:
    """Return the indices of the drawings to keep, `EACH` for each class, or as many as are beyond doubt.

    Args:
        drawings: what there is.
        model: judges what is beyond doubt.
        classes: labels to keep drawings of, indices into `CLASSES`; may show progress while it is walked through.
        seed: the same one chooses the same drawings.
    """
    rng = np.random.default_rng(seed)
    chosen = []
    for label in classes:
        among = _choose_considered(drawings, label, rng)
        images = render(drawings.take(among).strokes)
        sure = np.flatnonzero([_is_sure(model, image, label) for image in images])
        if not len(sure):
            continue
        apart = squareform(pdist(compute_features(images[sure])))
        chosen.append(among[sure[_find_medoids(apart, EACH, rng)]])
    return np.concatenate(chosen)


def load_training_drawings(folder: Path) -> StrokeSet:
    """Return the drawings of UNIPEN's training writers but those held out to choose by.

    Raises:
        DataMissing: if they are not in the data folder.
    """
    require(folder, UNIPEN)
    return split_unipen(folder)[0]


def save_gallery(drawings: StrokeSet, path: Path) -> None:
    """Write drawings as `recognition.explain.gallery` reads them: centered on the square 0-1023, no writers."""
    ink = drawings.strokes
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        points=_place(ink),
        stroke_len=ink.stroke_lengths.astype(np.uint16),
        n_strokes=ink.stroke_counts.astype(np.uint8),
        label=drawings.labels.astype(np.uint8),
    )


def _choose_considered(drawings: StrokeSet, label: int, rng: np.random.Generator) -> Ints:
    """Return some drawings of a class, few of each writer."""
    of_class = rng.permutation(np.flatnonzero(drawings.labels == label))
    writers = drawings.writers[of_class]
    before = np.array([int((writers[:place] == writer).sum()) for place, writer in enumerate(writers)])
    return np.sort(of_class[before < MOST_OF_A_WRITER][:MOST_CONSIDERED])


def _is_sure(model: Model, image: npt.NDArray[np.uint8], label: int) -> bool:
    scores = model.compute_scores(image)
    character = CLASSES[label]
    own = next(name for name in ("digits", "upper", "lower") if character in get_characters(name))
    among_own = model.calibration.compute_probabilities(scores, own)[get_characters(own).index(character)]
    alike = [CLASSES.index(c) for c in get_look_alikes(character, "any")]
    return bool(among_own >= SURE and model.calibration.compute_probabilities(scores, "any")[alike].sum() >= SURE)


def _find_medoids(apart: npt.NDArray[np.float64], count: int, rng: np.random.Generator) -> Ints:
    """Return up to ``count`` indices of a distance matrix (N, N) that stand for all, in ascending order."""
    if len(apart) <= count:
        return np.arange(len(apart))
    tries = [_settle(apart, rng.choice(len(apart), count, replace=False)) for _ in range(_STARTS)]
    return np.sort(min(tries, key=lambda medoids: float(apart[:, medoids].min(axis=1).sum())))


def _settle(apart: npt.NDArray[np.float64], medoids: Ints) -> Ints:
    """Return the medoids that these move to, each to the middle of what is nearest to it."""
    for _ in range(_ROUNDS):
        nearest = apart[:, medoids].argmin(axis=1)
        clusters = [np.flatnonzero(nearest == number) for number in range(len(medoids))]
        # A medoid that is the same drawing as another has nothing nearest to it, and stays.
        moved = np.array(
            [
                members[apart[np.ix_(members, members)].sum(axis=1).argmin()] if len(members) else medoid
                for medoid, members in zip(medoids, clusters, strict=True)
            ]
        )
        if (moved == medoids).all():
            break
        medoids = moved
    return medoids


def _place(ink: StrokeBatch) -> npt.NDArray[np.int16]:
    """Return int16 (P, 2): each drawing centred on the square, aspect kept."""
    starts, counts = ink.point_starts, ink.point_counts
    low = np.minimum.reduceat(ink.points, starts)
    high = np.maximum.reduceat(ink.points, starts)
    scale = _SQUARE * (1 - 2 * _MARGIN) / np.maximum(1, (high - low).max(axis=1))
    middle = np.repeat((low + high) / 2, counts, axis=0)
    placed = (ink.points - middle) * np.repeat(scale, counts)[:, None] + _SQUARE / 2
    whole: npt.NDArray[np.int16] = np.rint(placed).astype(np.int16)
    return whole
