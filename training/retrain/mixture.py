"""Batches of what players drew, mixed with base data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import keras
import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES
from recognition.strokes import join
from training.batches import altered_images
from training.datasets.pictures import PictureSet
from training.datasets.strokes import StrokeSet
from training.evaluate import Floats, Ints
from training.lessons import Samples
from training.teaching.candidates import Candidate, labels_of

BATCH: Final = 128
NEW_SHARE: Final = 0.5
"""Of every batch that is of the players' rounds; the rest is base data."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Samples to draw from.

    Attributes:
        samples: drawings or pictures.
        weights: float64 (N,), how much each counts.
    """

    samples: Samples
    weights: Floats


class Mixture(keras.utils.PyDataset):
    """Batches, of which `NEW_SHARE` are new and the rest old samples, every sample altered anew.

    Rare characters are drawn more often, by the square root of what they lack, and small sets of base data by the
    cube root, as when a model is taught from the beginning. A batch depends on the seed, epoch and step alone.
    """

    def __init__(
        self, new: Sequence[Pool], old: Sequence[Samples], channels: int, *, steps: int, seed: int
    ) -> None:
        super().__init__(workers=2, max_queue_size=8)
        fresh = round(BATCH * NEW_SHARE)
        replayed = [Pool(s, np.full(len(s), len(s) ** (-1 / 3))) for s in old]
        self._sides = ((_Side(new), fresh), (_Side(replayed), BATCH - fresh))
        self._channels, self._steps, self._seed, self._epoch = channels, steps, seed, 0

    def __len__(self) -> int:
        return self._steps

    def __getitem__(self, step: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        random = np.random.default_rng((self._seed, self._epoch, step))
        drawn = [batch for side, size in self._sides for batch in side.drawn(size, random)]
        pictures = np.concatenate([images for images, _ in drawn])[..., : self._channels] * np.float32(1 / 255)
        labels = np.concatenate([labels for _, labels in drawn])
        return pictures, np.eye(len(CLASSES), dtype=np.float32)[labels]

    def start_at(self, epoch: int) -> None:
        """Go on as after ``epoch`` epochs."""
        self._epoch = epoch


class _Side:
    """One of the two things that are mixed."""

    def __init__(self, pools: Sequence[Pool]) -> None:
        self._sets = [pool.samples for pool in pools]
        labels = np.concatenate([s.labels for s in self._sets])
        self._owner = np.repeat(np.arange(len(self._sets)), [len(s) for s in self._sets])
        self._index = np.concatenate([np.arange(len(s)) for s in self._sets])
        weights = np.concatenate([pool.weights for pool in pools])
        weights = weights * np.bincount(labels, minlength=len(CLASSES))[labels] ** -0.5
        self._chance = weights / weights.sum()

    def drawn(self, size: int, random: np.random.Generator) -> list[tuple[npt.NDArray[np.uint8], Ints]]:
        chosen = random.choice(len(self._index), size=size, p=self._chance)
        batches = []
        for number, samples in enumerate(self._sets):
            mine = self._index[chosen[self._owner[chosen] == number]]
            if len(mine):
                batches.append((altered_images(samples, mine, random), samples.labels[mine]))
        return batches


def pools_of(teaching: Sequence[Candidate]) -> list[Pool]:
    """Return the candidates as drawings and as pictures, each as much as it counts."""
    pools: list[Pool] = []
    drawn = [one for one in teaching if one.ink is not None]
    if drawn:
        ink = join([one.ink for one in drawn if one.ink is not None])
        pools.append(Pool(StrokeSet(ink, labels_of(drawn), np.zeros(len(drawn), dtype=np.int64)), _weights(drawn)))
    pictures = [one for one in teaching if one.ink is None]
    if pictures:
        lines = np.stack([one.seen[..., 0] for one in pictures])
        pools.append(Pool(PictureSet(lines, labels_of(pictures)), _weights(pictures)))
    return pools


def _weights(found: Sequence[Candidate]) -> Floats:
    return np.array([one.weight for one in found], dtype=np.float64)
