"""Batches for training: all sets mixed, every sample altered anew each time it is used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import keras
import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES, DIGITS, LOWER, UPPER
from recognition.render import Images
from training.augmentation.strokes import augment_images, augment_strokes
from training.augmentation.variants import vary_forms
from training.datasets.pictures import PictureSet
from training.datasets.samples import Samples
from training.datasets.strokes import StrokeSet
from training.fit.losses import Mask, encode_truths

Ints = npt.NDArray[np.int64]
BatchPart = tuple[Images, npt.NDArray[np.float32]]

SMALL_SETS_POWER: Final = 0.4
"""A sample's chance falls with the size of its set to this power, so that small sets count more."""

EQUAL_SETS_POWER: Final = 1.0
"""With this power every set is drawn from equally often, whatever its size."""


class JoinedSets:
    """Several sets as one. The numbering of their samples goes on from set to set.

    Attributes:
        labels: int64 (N,), indices into the 62 classes.
    """

    def __init__(self, sets: Sequence[Samples], kinds: Sequence[Mask]) -> None:
        """Take the sets and, for each sample, whether digits, uppercase and lowercase were all possible."""
        self._sets, self._kinds = sets, kinds
        self.labels: Ints = np.concatenate([s.labels for s in sets])
        self._owner = np.repeat(np.arange(len(sets)), [len(s) for s in sets])
        self._index = np.concatenate([np.arange(len(s)) for s in sets])

    def __len__(self) -> int:
        return len(self.labels)

    def augment_chosen(self, chosen: Ints, random: np.random.Generator) -> list[BatchPart]:
        """Return the samples with the given indices (K,), set by set, altered anew."""
        parts = []
        for number, (samples, kinds) in enumerate(zip(self._sets, self._kinds, strict=True)):
            of_set = self._index[chosen[self._owner[chosen] == number]]
            if len(of_set):
                parts.append(_make_part(samples, of_set, kinds[of_set], random))
        return parts


class Batches(keras.utils.PyDataset):
    """A shuffled mix of drawings and pictures, for Keras.

    A sample of a class with n samples is drawn in proportion to n to the power of -1/2, so that a rare X is
    learned beside a frequent e. Samples of small sets are drawn more often too, by the power ``small_sets``, so
    that a few photos are not lost among the drawings. The samples of a step depend only on ``seed``, the epoch and
    the step.

    Attributes:
        oversampling: float32 (62,), how much more often each class is drawn than it occurs, up to a factor.
    """

    def __init__(
        self, sets: Sequence[Samples], channels: int, batch: int, seed: int, small_sets: float = SMALL_SETS_POWER
    ) -> None:
        super().__init__(workers=2, max_queue_size=8)
        self._sets = JoinedSets(sets, [np.full(len(s), has_all_kinds(s.labels)) for s in sets])
        self._channels, self._batch, self._seed, self._epoch = channels, batch, seed, 0
        labels = self._sets.labels
        self.oversampling = (np.bincount(labels, minlength=len(CLASSES)).clip(1) ** -0.5).astype(np.float32)
        rarity = self.oversampling[labels].astype(np.float64)
        smallness = np.repeat([len(s) ** -small_sets for s in sets], [len(s) for s in sets])
        self._chance = rarity * smallness / (rarity * smallness).sum()
        self._order = self._shuffle()

    def __len__(self) -> int:
        return len(self._order) // self._batch

    def __getitem__(self, step: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return pictures (N, 28, 28, channels) in 0..1, and `training.fit.losses.encode_truths` (N, 64)."""
        random = np.random.default_rng((self._seed, self._epoch, step))
        chosen = self._order[step * self._batch : (step + 1) * self._batch]
        return join_parts(self._sets.augment_chosen(chosen, random), self._channels)

    def start_at(self, epoch: int) -> None:
        """Continue as after ``epoch`` epochs."""
        self._epoch = epoch
        self._order = self._shuffle()

    def on_epoch_end(self) -> None:
        """Shuffle again. Keras calls this."""
        self.start_at(self._epoch + 1)

    def _shuffle(self) -> Ints:
        random = np.random.default_rng((self._seed, self._epoch))
        return random.choice(len(self._sets), size=len(self._sets), p=self._chance)


def has_all_kinds(labels: Ints) -> bool:
    """Return whether there are digits, uppercase and lowercase letters, and so the mix that people write."""
    return all(np.isin([CLASSES.index(c) for c in kind], labels).any() for kind in (DIGITS, UPPER, LOWER))


def _make_part(source: Samples, chosen: Ints, kinds: Mask, random: np.random.Generator) -> BatchPart:
    """Return pictures (K, 28, 28, channels) and truths (K, 64) of the samples with the given indices (K,).

    A drawing without its directions is neither what a player draws nor what a scanner or a camera gives, so it
    does not count as part of the natural mix.
    """
    images = augment_samples(source, chosen, random)
    if isinstance(source, PictureSet):
        natural_mix = np.full(len(chosen), source.has_natural_mix)
    else:
        natural_mix = np.asarray(images[..., 1:].any(axis=(1, 2, 3)))
    return images, encode_truths(source.labels[chosen], kinds, natural_mix)


def join_parts(
    parts: Sequence[BatchPart], channels: int
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return a batch for Keras: pictures in 0..1 with the channels that the network sees, and truths."""
    images, truth = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return images[..., :channels] * np.float32(1 / 255), truth


def augment_samples(source: Samples, chosen: Ints, random: np.random.Generator) -> Images:
    """Return uint8 (K, 28, 28, channels), the samples with the given indices (K,), each altered anew."""
    if isinstance(source, StrokeSet):
        drawings = source.take(chosen)
        return augment_strokes(vary_forms(drawings.strokes, drawings.labels, random), random)
    return augment_images(source.images[chosen], random)
