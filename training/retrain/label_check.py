"""What models that never saw a player make of that player's drawings, at the price of a last layer.

Cross-validated, as confident learning asks for (see `training.fit.label_noise`): the network in use says what it
sees, and its last layer alone is taught anew, for each part of the players from all the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import keras
import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES
from recognition.render import Images
from training.datasets.samples import Samples
from training.datasets.strokes import StrokeSet
from training.evaluation.metrics import Floats, Ints
from training.fit.batches import augment_samples
from training.fit.label_noise import find_doubtful
from training.retrain.base_data import Replayed
from training.retrain.held_out import fold_of, judges
from training.retrain.rounds.doubts import contradicted, is_of, not_believed
from training.retrain.rounds.samples import Candidate, images_of, labels_of

FOLDS: Final = 5

_EPOCHS: Final = 15
_BATCH: Final = 256
_LEARNING_RATE: Final = 2e-3
_OLD: Final = 4_000  # samples of base data among the players', so that characters nobody drew stay known
_CHUNK: Final = 1024

Features = npt.NDArray[np.float32]


class SecondLook:
    """The network in use, ready to look at drawings."""

    def __init__(self, network: keras.Model, old: Sequence[Replayed], seed: int) -> None:
        last = network.layers[-1]
        self._body = keras.Model(network.inputs[0], last.input)
        self._channels = int(network.input_shape[-1])
        self._first_weights = last.get_weights()
        self._seed = seed
        images, self._old_labels = _drawn_from([one.samples for one in old], np.random.default_rng(seed))
        self._old = self._features(images)

    def judge(self, found: Sequence[Candidate]) -> tuple[Floats, frozenset[str]]:
        """Return probabilities (N, 62), of models that did not learn from the player, and players not believed.

        Whose word the network as it is contradicts too often is not believed to begin with, and no model learns
        from them; nor does any from held-out players.
        """
        features, labels = self._features(images_of(found)), labels_of(found)
        probabilities = _read(self._head(), features)
        liars = not_believed(found, contradicted(found, probabilities))
        teaches = np.array([not judges(one.player) and not is_of(liars, one) for one in found], dtype=bool)
        for apart in _parts(found):
            taught = teaches & ~apart
            if apart.any() and taught.any():
                head = self._head()
                self._teach(head, features[taught], labels[taught])
                probabilities[apart] = _read(head, features[apart])
        return probabilities, liars | not_believed(found, contradicted(found, probabilities))

    def believed(self, old: Sequence[Replayed]) -> list[Replayed]:
        """Return base data without the drawings that the network contradicts: they did not teach it either."""
        return [replace(one, samples=self._believed(one.samples)) for one in old]

    def _believed(self, samples: Samples) -> Samples:
        if not isinstance(samples, StrokeSet):
            return samples
        head = self._head()
        chunks = np.split(np.arange(len(samples)), range(_CHUNK, len(samples), _CHUNK))
        read = np.concatenate([_read(head, self._features(samples.take(chunk).to_images())) for chunk in chunks])
        return samples.take(np.flatnonzero(~find_doubtful(samples.labels, read)))

    def _features(self, images: Images) -> Features:
        chunks = [images[start : start + _CHUNK] for start in range(0, len(images), _CHUNK)]
        return np.concatenate(
            [
                np.asarray(self._body(chunk[..., : self._channels] * np.float32(1 / 255), training=False))
                for chunk in chunks
            ]
        )

    def _head(self) -> keras.Model:
        head = keras.Sequential(
            [keras.Input((self._old.shape[1],)), keras.layers.Dense(len(CLASSES), activation="softmax")]
        )
        head.set_weights(self._first_weights)
        return head

    def _teach(self, head: keras.Model, features: Features, labels: Ints) -> None:
        keras.utils.set_random_seed(self._seed)
        head.compile(keras.optimizers.Adam(_LEARNING_RATE), loss="sparse_categorical_crossentropy")
        head.fit(
            np.concatenate([features, self._old]),
            np.concatenate([labels, self._old_labels]),
            epochs=_EPOCHS,
            batch_size=_BATCH,
            verbose=0,
        )


def _parts(found: Sequence[Candidate]) -> Iterator[npt.NDArray[np.bool_]]:
    """Yield which candidates are looked at together: those of held-out players, then part by part the others."""
    held_out = np.array([judges(one.player) for one in found], dtype=bool)
    folds = np.array([fold_of(one.player, FOLDS) for one in found])
    yield held_out
    for fold in range(FOLDS):
        yield ~held_out & (folds == fold)


def _read(head: keras.Model, features: Features) -> Floats:
    return np.asarray(head(features, training=False), dtype=np.float64)


def _drawn_from(old: Sequence[Samples], random: np.random.Generator) -> tuple[Images, Ints]:
    """Return some samples of every set, each altered as when it teaches."""
    images, labels = [], []
    for samples in old:
        chosen = random.choice(len(samples), min(len(samples), _OLD // len(old)), replace=False)
        images.append(augment_samples(samples, chosen, random))
        labels.append(samples.labels[chosen])
    return np.concatenate(images), np.concatenate(labels)
