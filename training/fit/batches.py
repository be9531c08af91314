"""Batches for training: all sets mixed, every sample altered anew each time it is used."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Final, Self

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
Batch = tuple[Images, npt.NDArray[np.float32]]
"""Images and truths of a batch, or of a part of one."""

SMALL_SETS_POWER: Final = 0.4
"""A sample's chance falls with the size of its set to this power, so that small sets count more."""

_AHEAD: Final = 64  # batches that processes make ahead

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

    def augment_chosen(self, chosen: Ints, random: np.random.Generator) -> list[Batch]:
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
        self,
        sets: Sequence[Samples],
        channels: int,
        batch: int,
        seed: int,
        small_sets: float = SMALL_SETS_POWER,
        *,
        picture_share: float | None = None,
        processes: int = 0,
    ) -> None:
        """Mix the sets.

        Args:
            sets: drawings and pictures.
            channels: how many channels the network sees.
            batch: samples a step.
            seed: decides which samples come when, and how they are altered.
            small_sets: how much more often samples of small sets are drawn.
            picture_share: share of the samples that are pictures; None to leave it to the sizes of the sets.
            processes: how many processes alter samples ahead of their step; 0 to do it in threads of this one. A
                GPU is faster than the threads.
        """
        super().__init__(workers=1 if processes else 2, max_queue_size=8)
        self._sets = JoinedSets(sets, [np.full(len(s), has_all_kinds(s.labels)) for s in sets])
        self._channels, self._batch, self._seed, self._epoch = channels, batch, seed, 0
        labels = self._sets.labels
        self.oversampling = (np.bincount(labels, minlength=len(CLASSES)).clip(1) ** -0.5).astype(np.float32)
        sizes = [len(s) for s in sets]
        chance = self.oversampling[labels] * np.repeat([size**-small_sets for size in sizes], sizes)
        if picture_share is not None:
            is_picture = np.repeat([isinstance(s, PictureSet) for s in sets], sizes)
            for chosen, share in ((is_picture, picture_share), (~is_picture, 1 - picture_share)):
                chance[chosen] *= share / chance[chosen].sum()
        self._chance = chance / chance.sum()
        self._order = self._shuffle()
        self._processes = _Processes(self._sets, channels, processes) if processes else None

    def __len__(self) -> int:
        return len(self._order) // self._batch

    def __getitem__(self, step: int) -> Batch:
        """Return images (N, 28, 28, channels), uint8, and `training.fit.losses.encode_truths` (N, 64)."""
        if self._processes is None:
            return _make_batch(self._sets, self._channels, *self._choose(step))
        ahead = range(step, min(step + _AHEAD, len(self)))
        return self._processes.take({(self._epoch, later): self._choose(later) for later in ahead})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes."""
        if self._processes is not None:
            self._processes.close()

    def start_at(self, epoch: int) -> None:
        """Continue as after ``epoch`` epochs."""
        self._epoch = epoch
        self._order = self._shuffle()

    def on_epoch_end(self) -> None:
        """Shuffle again. Keras calls this."""
        self.start_at(self._epoch + 1)

    def _choose(self, step: int) -> tuple[Ints, tuple[int, int, int]]:
        """Return the indices of a step's samples, and the seed of how they are altered."""
        return self._order[step * self._batch : (step + 1) * self._batch], (self._seed, self._epoch, step)

    def _shuffle(self) -> Ints:
        random = np.random.default_rng((self._seed, self._epoch))
        return random.choice(len(self._sets), size=len(self._sets), p=self._chance)


class _Processes:
    """Processes that make batches ahead of their step."""

    def __init__(self, sets: JoinedSets, channels: int, count: int) -> None:
        # A fork of a process with threads may hang, and TensorFlow and JAX have threads.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(count, context, _keep_sets, (sets, channels))
        self._pending: dict[tuple[int, int], Future[Batch]] = {}

    def take(self, wanted: Mapping[tuple[int, int], tuple[Ints, tuple[int, int, int]]]) -> Batch:
        """Return the first of the wanted batches when it is ready, and have the others made."""
        self._pending = {step: future for step, future in self._pending.items() if step in wanted}
        for step, choice in wanted.items():
            if step not in self._pending:
                self._pending[step] = self._pool.submit(_make_kept_batch, *choice)
        return self._pending.pop(next(iter(wanted))).result()

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown(cancel_futures=True)


_kept: list[tuple[JoinedSets, int]] = []
"""In a process that makes batches, what it makes them of."""


def _keep_sets(sets: JoinedSets, channels: int) -> None:
    _kept.append((sets, channels))


def _make_kept_batch(chosen: Ints, seed: tuple[int, int, int]) -> Batch:
    return _make_batch(*_kept[0], chosen, seed)


def _make_batch(sets: JoinedSets, channels: int, chosen: Ints, seed: tuple[int, int, int]) -> Batch:
    images, truth = stack_parts(sets.augment_chosen(chosen, np.random.default_rng(seed)))
    return np.ascontiguousarray(images[..., :channels]), truth


def has_all_kinds(labels: Ints) -> bool:
    """Return whether there are digits, uppercase and lowercase letters, and so the mix that people write."""
    return all(np.isin([CLASSES.index(c) for c in kind], labels).any() for kind in (DIGITS, UPPER, LOWER))


def _make_part(source: Samples, chosen: Ints, kinds: Mask, random: np.random.Generator) -> Batch:
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


def join_parts(parts: Sequence[Batch], channels: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return a batch for Keras: pictures in 0..1 with the channels that the network sees, and truths."""
    images, truth = stack_parts(parts)
    return images[..., :channels] * np.float32(1 / 255), truth


def stack_parts(parts: Sequence[Batch]) -> Batch:
    """Return the images and the truths of all parts."""
    images, truth = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    return images, truth


def augment_samples(source: Samples, chosen: Ints, random: np.random.Generator) -> Images:
    """Return uint8 (K, 28, 28, channels), the samples with the given indices (K,), each altered anew."""
    if isinstance(source, StrokeSet):
        drawings = source.take(chosen)
        return augment_strokes(vary_forms(drawings.strokes, drawings.labels, random), random)
    return augment_images(source.images[chosen], random)
