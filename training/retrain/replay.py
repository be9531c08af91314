"""Batches of what players drew, mixed with base data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import keras
import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES
from recognition.strokes import join_batches
from training.datasets.pictures import PictureSet
from training.datasets.samples import Samples
from training.datasets.strokes import StrokeSet
from training.evaluation.metrics import Floats
from training.fit.batches import SMALL_SETS_POWER, BatchPart, JoinedSets, has_all_kinds, join_parts
from training.fit.losses import Mask
from training.retrain.base_data import Replayed
from training.retrain.rounds.samples import Candidate, labels_of

BATCH: Final = 128
NEW_SHARE: Final = 0.25
"""Of every batch that is of the players' rounds; the rest is base data."""

MOST_OFTEN: Final = 3.0
"""Times that a new character is drawn as often as it came, at most."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Samples to draw from.

    Attributes:
        samples: drawings or pictures.
        weights: float64 (N,), how much each counts.
        has_kinds: bool (N,), whether digits, capitals and small letters were all possible, so that the sample
            tells what is of which kind.
    """

    samples: Samples
    weights: Floats
    has_all_kinds: Mask


class Mixture(keras.utils.PyDataset):
    """Batches, of which `NEW_SHARE` are new and the rest old samples, every sample altered anew.

    Old ones are drawn as when a model is taught from the beginning (see `training.fit.batches`): rare characters
    more often, and small sets too. New ones are drawn with the same frequencies of characters, since what players
    were asked for says nothing of what people write; but none more than `MOST_OFTEN` times as often as it came. A
    batch depends on the seed, epoch and step alone.

    Attributes:
        tilt: float32 (62,), how much more often each class is drawn than it is in the base data.
    """

    def __init__(
        self,
        new: Sequence[Pool],
        old: Sequence[Replayed],
        channels: int,
        *,
        steps: int,
        seed: int,
        small_sets: float = SMALL_SETS_POWER,
    ) -> None:
        super().__init__(workers=2, max_queue_size=8)
        came = np.sum([one.whole / len(one.samples) * _counts(one.samples) for one in old], axis=0)
        self.oversampling = (np.maximum(came, 1) ** -0.5).astype(np.float32)
        again = _Side([_again(one, small_sets) for one in old], self.oversampling.astype(np.float64))
        fresh = _Side(new, _evened(new, again.frequencies))
        share = round(BATCH * NEW_SHARE)
        self._sides = ((fresh, share), (again, BATCH - share))
        self._channels, self._steps, self._seed, self._epoch = channels, steps, seed, 0

    def __len__(self) -> int:
        return self._steps

    def __getitem__(self, step: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return pictures (N, 28, 28, channels) in 0..1, and `training.fit.losses.encode_truths` (N, 64)."""
        random = np.random.default_rng((self._seed, self._epoch, step))
        return join_parts(
            [part for side, size in self._sides for part in side.drawn(size, random)], self._channels
        )

    def start_at(self, epoch: int) -> None:
        """Go on as after ``epoch`` epochs."""
        self._epoch = epoch


class _Side:
    """One of the two things that are mixed.

    Attributes:
        frequencies: float64 (62,), how often each class is drawn where digits, capitals and small letters were all
            possible: a set of digits alone does not tell how often a 5 is an S.
    """

    def __init__(self, pools: Sequence[Pool], by_class: Floats) -> None:
        kinds = [pool.has_all_kinds for pool in pools]
        self._sets = JoinedSets([pool.samples for pool in pools], kinds)
        weights = np.concatenate([pool.weights for pool in pools]) * by_class[self._sets.labels]
        self._chance = weights / weights.sum()
        among_all = self._chance * np.concatenate(kinds)
        counted = among_all if among_all.any() else self._chance
        self.frequencies: Floats = np.bincount(self._sets.labels, counted, len(CLASSES)).astype(np.float64)

    def drawn(self, size: int, random: np.random.Generator) -> list[BatchPart]:
        return self._sets.augment_chosen(random.choice(len(self._sets), size=size, p=self._chance), random)


def _again(one: Replayed, small_sets: float) -> Pool:
    count = len(one.samples)
    weights = np.full(count, one.whole ** (1 - small_sets) / count)
    return Pool(one.samples, weights, np.full(count, has_all_kinds(one.samples.labels)))


def _evened(new: Sequence[Pool], wanted: Floats) -> Floats:
    """Return by how much (62,) to draw the new samples of each class, for ``wanted`` frequencies."""
    came: Floats = np.sum([np.bincount(pool.samples.labels, pool.weights, len(CLASSES)) for pool in new], axis=0)
    there = wanted * (came > 0)
    factors: Floats = np.divide(there / there.sum(), came / came.sum(), out=np.zeros(len(CLASSES)), where=came > 0)
    return np.minimum(factors, MOST_OFTEN)


def _counts(samples: Samples) -> Floats:
    return np.bincount(samples.labels, minlength=len(CLASSES)).astype(np.float64)


def pools_of(found: Sequence[Candidate]) -> list[Pool]:
    """Return the candidates as drawings and as pictures, whichever there are, each as much as it counts."""
    drawn = [one for one in found if one.ink is not None]
    pictures = [one for one in found if one.ink is None]
    pools: list[Pool] = []
    if drawn:
        ink = join_batches([one.ink for one in drawn if one.ink is not None])
        nobody = np.zeros(len(drawn), dtype=np.int64)
        pools.append(_pool(StrokeSet(ink, labels_of(drawn), nobody), drawn))
    if pictures:
        lines = np.stack([one.seen[..., 0] for one in pictures])
        pools.append(_pool(PictureSet(lines, labels_of(pictures)), pictures))
    return pools


def _pool(samples: Samples, found: Sequence[Candidate]) -> Pool:
    weights = np.array([one.weight for one in found], dtype=np.float64)
    return Pool(samples, weights, np.array([one.alphabet == "any" for one in found], dtype=bool))
