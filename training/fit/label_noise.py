"""Finds labels that are probably wrong.

The method is confident learning (Northcutt, Jiang, Chuang: Confident Learning, JAIR 2021). Each drawing is read by
a model that was trained on other writers. If that model is sure of another character and gives the label almost no
probability, the label is doubtful.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import keras
import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES
from training.datasets.strokes import StrokeSet
from training.evaluation.metrics import Floats, Ints, make_look_alike_matrix
from training.fit.batches import Batches
from training.fit.committee import join_networks, make_joint_accuracy, make_joint_loss
from training.fit.losses import make_loss
from training.fit.progress import ProgressBars
from training.recipes import residual
from training.whole_files import read_sealed, write_sealed

SURE_OF_ANOTHER: Final = 0.9
"""Least probability of another character, with its look-alikes, for a label to be doubtful."""
NEXT_TO_NOTHING: Final = 0.02
"""Most probability of the label's own, with its look-alikes, for it to be doubtful."""

_KEY: Final = "key"
_PROBABILITIES: Final = "probabilities"
_EPOCHS: Final = 4
_WIDTH: Final = 16  # channels: quick to train, and too small to memorize wrong labels
_CHUNK: Final = 4096

Mask = npt.NDArray[np.bool_]


def find_doubtful(labels: Ints, probabilities: Floats) -> Mask:
    """Return which labels (N,) are doubtful, given probabilities (N, 62) of models not trained on them."""
    look_alikes = make_look_alike_matrix("any").astype(np.float64)
    folded = probabilities @ look_alikes  # column c: the probability of c or a look-alike of it
    own = folded[np.arange(len(labels)), labels]
    another = np.where(look_alikes[labels] > 0, 0, folded).max(axis=1)
    mask: Mask = (own <= NEXT_TO_NOTHING) & (another >= SURE_OF_ANOTHER)
    return mask


def cross_validate(drawings: StrokeSet, folds: int, seed: int, out: Path) -> Floats:
    """Return probabilities (N, 62) for each drawing from a small network trained on other writers' drawings.

    The probabilities of each fold are saved in ``out``, so that a stopped run resumes if the drawings and the seed
    are the same.
    """
    writers = np.unique(drawings.writers)
    order = np.random.default_rng(seed).permutation(len(writers))
    probabilities = np.zeros((len(drawings), len(CLASSES)))
    key = _make_key(drawings, seed)
    for fold in range(folds):
        train, held_out = _split(drawings, writers[order[fold::folds]])
        path = out / f"fold-{fold + 1}-of-{folds}"
        known = _load_fold(path, key)
        if known is None:
            known = _train_fold(drawings, train, held_out, seed, f"part {fold + 1} of {folds}")
            write_sealed(path, {_KEY: key, _PROBABILITIES: known.tobytes()})
        probabilities[held_out] = known
    return probabilities


def _train_fold(drawings: StrokeSet, train: Ints, held_out: Ints, seed: int, part: str) -> Floats:
    """Return probabilities of the held-out drawings from a network trained on the others."""
    model = residual.build_network(len(CLASSES), width=_WIDTH)
    batches = Batches((drawings.take(train),), model.input_shape[-1], 128, seed)
    steps = _EPOCHS * len(batches)
    schedule = keras.optimizers.schedules.CosineDecay(0.0, steps, warmup_target=4e-3, warmup_steps=steps // 20)
    joined = join_networks([model])
    joined.compile(
        keras.optimizers.AdamW(schedule, weight_decay=0.02),
        make_joint_loss(make_loss(batches.oversampling, 0.05, 0)),
        metrics=[make_joint_accuracy()],
    )
    progress = ProgressBars(_EPOCHS, f"looking for wrong labels, {part}, ")
    joined.fit(batches, epochs=_EPOCHS, callbacks=[progress], verbose=0)
    return _predict(model, drawings.take(held_out))


def _load_fold(path: Path, key: bytes) -> Floats | None:
    """Return the probabilities that a stopped run saved, or None."""
    parts = read_sealed(path, print, "That part is done again.")
    if parts is None or parts[_KEY] != key:
        return None
    return np.frombuffer(parts[_PROBABILITIES]).reshape(-1, len(CLASSES))


def _make_key(drawings: StrokeSet, seed: int) -> bytes:
    """Return a hash of all that the probabilities depend on."""
    key = hashlib.sha256(f"{seed} {_EPOCHS} {_WIDTH}".encode())
    strokes = drawings.strokes
    for array in (
        strokes.points, strokes.stroke_lengths, strokes.stroke_counts, drawings.labels, drawings.writers,
    ):  # fmt: skip
        key.update(array.tobytes())
    return key.digest()


def _split(drawings: StrokeSet, writers: Ints) -> tuple[Ints, Ints]:
    """Return the indices of the drawings by other writers, and of those by ``writers``."""
    is_held_out = np.isin(drawings.writers, writers)
    return np.flatnonzero(~is_held_out), np.flatnonzero(is_held_out)


def _predict(model: keras.Model, drawings: StrokeSet) -> Floats:
    probabilities = []
    for start in range(0, len(drawings), _CHUNK):
        chunk = drawings.take(np.arange(start, min(start + _CHUNK, len(drawings))))
        pictures = chunk.to_images()[..., : model.input_shape[-1]] * np.float32(1 / 255)
        probabilities.append(np.asarray(model(pictures, training=False), dtype=np.float64))
    return np.concatenate(probabilities)
