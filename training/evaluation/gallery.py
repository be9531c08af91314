"""Chooses the example drawings that explanations show: a few of each character, clear and unlike each other.

Only drawings of UNIPEN's training writers that the model reads right and with confidence are considered. For each
character they are clustered, and the medoids are chosen (k-medoids by alternation: Park and Jun, Expert Systems
with Applications 36, 2009). The distance is the one that examples are looked up with.
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
"""Drawings chosen for each character."""

SURE: Final = 0.95
"""Least probability of the label among characters of its kind and, with its look-alikes, among all characters."""

MOST_OF_A_WRITER: Final = 3
"""Drawings of one character by one person that are considered, so that nobody's hand dominates."""

MOST_CONSIDERED: Final = 400
"""Drawings of one character that are considered."""

_SQUARE: Final = 1023
_MARGIN: Final = 0.12  # share of the square beside the longer side of a drawing
_STARTS: Final = 10
_ROUNDS: Final = 100

Ints = npt.NDArray[np.int64]


def choose_drawings(drawings: StrokeSet, model: Model, classes: Iterable[int], seed: int = 1) -> Ints:
    """Return the indices of the chosen drawings: `EACH` of each class, or fewer if not as many are clear.

    Args:
        drawings: the drawings to choose from.
        model: the model that must read them with confidence.
        classes: the classes, indices into `CLASSES`; the iterable may show progress.
        seed: the same seed chooses the same drawings.
    """
    rng = np.random.default_rng(seed)
    chosen = []
    for label in classes:
        considered = _choose_considered(drawings, label, rng)
        images = render(drawings.take(considered).strokes)
        sure = np.flatnonzero([_is_sure(model, image, label) for image in images])
        if not len(sure):
            continue
        distances = squareform(pdist(compute_features(images[sure])))
        chosen.append(considered[sure[_find_medoids(distances, EACH, rng)]])
    return np.concatenate(chosen)


def load_training_drawings(folder: Path) -> StrokeSet:
    """Return the drawings of UNIPEN's training writers, without those held out to choose settings by.

    Raises:
        DataMissing: if UNIPEN is not in the data folder.
    """
    require(folder, UNIPEN)
    return split_unipen(folder)[0]


def save_gallery(drawings: StrokeSet, path: Path) -> None:
    """Write drawings for `recognition.explain.gallery`: centered on the square 0-1023, without writers."""
    strokes = drawings.strokes
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        points=_place(strokes),
        stroke_len=strokes.stroke_lengths.astype(np.uint16),
        n_strokes=strokes.stroke_counts.astype(np.uint8),
        label=drawings.labels.astype(np.uint8),
    )


def _choose_considered(drawings: StrokeSet, label: int, rng: np.random.Generator) -> Ints:
    """Return the indices of some drawings of a class, few of each writer."""
    of_class = rng.permutation(np.flatnonzero(drawings.labels == label))
    writers = drawings.writers[of_class]
    before = np.array([int((writers[:place] == writer).sum()) for place, writer in enumerate(writers)])
    return np.sort(of_class[before < MOST_OF_A_WRITER][:MOST_CONSIDERED])


def _is_sure(model: Model, image: npt.NDArray[np.uint8], label: int) -> bool:
    scores = model.compute_scores(image)
    character = CLASSES[label]
    own = next(name for name in ("digits", "upper", "lower") if character in get_characters(name))
    among_own = model.calibration.compute_probabilities(scores, own)[get_characters(own).index(character)]
    look_alikes = [CLASSES.index(c) for c in get_look_alikes(character, "any")]
    return bool(
        among_own >= SURE and model.calibration.compute_probabilities(scores, "any")[look_alikes].sum() >= SURE
    )


def _find_medoids(distances: npt.NDArray[np.float64], count: int, rng: np.random.Generator) -> Ints:
    """Return up to ``count`` indices that represent all, in ascending order, from distances (N, N)."""
    if len(distances) <= count:
        return np.arange(len(distances))
    tries = [_settle(distances, rng.choice(len(distances), count, replace=False)) for _ in range(_STARTS)]
    return np.sort(min(tries, key=lambda medoids: float(distances[:, medoids].min(axis=1).sum())))


def _settle(distances: npt.NDArray[np.float64], medoids: Ints) -> Ints:
    """Return where the medoids settle if each moves to the center of its cluster, again and again."""
    for _ in range(_ROUNDS):
        nearest = distances[:, medoids].argmin(axis=1)
        clusters = [np.flatnonzero(nearest == number) for number in range(len(medoids))]
        # A medoid at distance 0 from another has an empty cluster and stays where it is.
        moved = np.array(
            [
                members[distances[np.ix_(members, members)].sum(axis=1).argmin()] if len(members) else medoid
                for medoid, members in zip(medoids, clusters, strict=True)
            ]
        )
        if (moved == medoids).all():
            break
        medoids = moved
    return medoids


def _place(strokes: StrokeBatch) -> npt.NDArray[np.int16]:
    """Return int16 (P, 2), the points of each drawing scaled and centered on the square; the aspect is kept."""
    starts, counts = strokes.point_starts, strokes.point_counts
    low = np.minimum.reduceat(strokes.points, starts)
    high = np.maximum.reduceat(strokes.points, starts)
    scale = _SQUARE * (1 - 2 * _MARGIN) / np.maximum(1, (high - low).max(axis=1))
    middle = np.repeat((low + high) / 2, counts, axis=0)
    placed = (strokes.points - middle) * np.repeat(scale, counts)[:, None] + _SQUARE / 2
    whole: npt.NDArray[np.int16] = np.rint(placed).astype(np.int16)
    return whole
