"""Labels that are wrong, found by models that never saw the hand that drew.

Confident learning (Northcutt, Jiang, Chuang: Confident Learning, JAIR 2021): a sample is read by a model
taught from others; where that is sure of another class and gives the label next to nothing, the label is doubtful.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import keras
import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES
from training.datasets.strokes import StrokeSet
from training.evaluation.metrics import Floats, Ints, make_look_alike_matrix
from training.fit.batches import Batches
from training.fit.losses import accuracy, make_loss
from training.fit.progress import ProgressBars

SURE_OF_ANOTHER: Final = 0.9
"""Least probability of another character, with its look-alikes, for a label to be doubtful."""
NEXT_TO_NOTHING: Final = 0.02
"""Most probability of the label's own, with its look-alikes, for it to be doubtful."""

_FILE: Final = "probabilities.npy"
_EPOCHS: Final = 4
_WIDTH: Final = 16  # channels: quick to teach, and too small to learn wrong labels by heart
_CHUNK: Final = 4096

Mask = npt.NDArray[np.bool_]


def find_doubtful(labels: Ints, probabilities: Floats) -> Mask:
    """Return which of the labels (N,) are doubtful, by probabilities (N, 62) of models that did not learn them."""
    alike = make_look_alike_matrix("any").astype(np.float64)
    folded = probabilities @ alike  # column c: how probable c or a look-alike of it is
    own = folded[np.arange(len(labels)), labels]
    another = np.where(alike[labels] > 0, 0, folded).max(axis=1)
    mask: Mask = (own <= NEXT_TO_NOTHING) & (another >= SURE_OF_ANOTHER)
    return mask


def cross_validate(drawings: StrokeSet, folds: int, seed: int, out: Path) -> Floats:
    """Return probabilities (N, 62) of each drawing by a small network taught from other writers' drawings.

    They are kept in ``out``, fold by fold, so that a run that was broken off goes on, with the very same drawings.
    """
    from training.recipes import residual  # noqa: PLC0415  the recipes know their lessons, which know data sets

    writers = np.unique(drawings.writers)
    order = np.random.default_rng(seed).permutation(len(writers))
    probabilities = np.zeros((len(drawings), len(CLASSES)))
    for fold in range(folds):
        taught, apart = _split(drawings, writers[order[fold::folds]])
        kept = out / f"fold-{fold + 1}-of-{folds}-of-{len(drawings)}"
        kept.mkdir(parents=True, exist_ok=True)
        if not (kept / _FILE).is_file():
            model = residual.build_network(len(CLASSES), width=_WIDTH)
            batches = Batches((drawings.take(taught),), model.input_shape[-1], 128, seed)
            steps = _EPOCHS * len(batches)
            schedule = keras.optimizers.schedules.CosineDecay(
                0.0, steps, warmup_target=4e-3, warmup_steps=steps // 20
            )
            model.compile(
                keras.optimizers.AdamW(schedule, weight_decay=0.02),
                make_loss(batches.oversampling, 0.05, 0),
                metrics=[accuracy],
            )
            callbacks = [ProgressBars(_EPOCHS, f"looking for wrong labels, part {fold + 1} of {folds}, ")]
            model.fit(batches, epochs=_EPOCHS, callbacks=callbacks, verbose=0)
            np.save(kept / _FILE, _predict(model, drawings.take(apart)))
        probabilities[apart] = np.load(kept / _FILE)
    return probabilities


def _split(drawings: StrokeSet, writers: Ints) -> tuple[Ints, Ints]:
    apart = np.isin(drawings.writers, writers)
    return np.flatnonzero(~apart), np.flatnonzero(apart)


def _predict(model: keras.Model, drawings: StrokeSet) -> Floats:
    read = []
    for start in range(0, len(drawings), _CHUNK):
        chunk = drawings.take(np.arange(start, min(start + _CHUNK, len(drawings))))
        pictures = chunk.to_images()[..., : model.input_shape[-1]] * np.float32(1 / 255)
        read.append(np.asarray(model(pictures, training=False), dtype=np.float64))
    return np.concatenate(read)
