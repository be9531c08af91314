"""Training batches of players' rounds with base data mixed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import keras
import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES
from recognition.strokes import join_batches
from training.datasets.pictures import PictureSet
from training.datasets.samples import Samples
from training.datasets.strokes import StrokeSet
from training.evaluation.metrics import Floats
from training.fit.batches import SMALL_SETS_POWER, Batch, JoinedSets, has_all_kinds, join_parts
from training.fit.losses import Mask
from training.retrain.base_data import ReplaySet
from training.retrain.rounds.labeled_round import LabeledRound, stack_labels

BATCH: Final = 128
"""Samples in a batch."""

NEW_SHARE: Final = 0.25
"""Share of every batch that is players' rounds. The rest is base data."""

MIXED_WITH_NEW: Final = 16
"""Base samples of every batch that go with the players' rounds (see `ReplayBatches`).

With none, rounds of one character would teach nothing. With all of the base data, look-alikes are told apart a
little worse after a month of digits: 0.7 % of all drawings against 0.1 % (tests.bench.one_sided).
"""

MAX_OVERSAMPLING: Final = 3.0
"""How many times as often as players drew it a character of their rounds is shown, at most."""

_LEAST: Final = 1e-9


@dataclass(frozen=True, slots=True)
class SamplePool:
    """Samples to choose from.

    Attributes:
        samples: drawings or pictures.
        weights: float64 (N,), how much each sample counts.
        has_all_kinds: bool (N,), whether digits, uppercase and lowercase letters were all possible. Only such
            samples show how to tell the three kinds apart.
    """

    samples: Samples
    weights: Floats
    has_all_kinds: Mask


class Oversampling(NamedTuple):
    """How much more often each class is shown than it occurs, up to a factor, float32 (62,) each.

    Attributes:
        among_all: among samples for which digits, uppercase and lowercase letters were all possible.
        within_kind: among all samples. Only the ratios within digits, uppercase or lowercase letters count.
    """

    among_all: npt.NDArray[np.float32]
    within_kind: npt.NDArray[np.float32]


class Origin(NamedTuple):
    """Where a sample of a batch comes from, in the last two columns of its truth.

    Attributes:
        is_new: whether it is a player's round.
        goes_with_new: whether it is one, or base data that goes with the rounds.
    """

    is_new: bool
    goes_with_new: bool


class ReplayBatches(keras.utils.PyDataset):
    """Batches of which `NEW_SHARE` are players' rounds and the rest base data, every sample altered each time.

    Base data is chosen as in training from scratch (see `training.fit.batches`): rare characters and small sets
    more often. Players' rounds are chosen with the same frequencies of characters, but no character is shown more
    than `MAX_OVERSAMPLING` times as often as it was drawn.

    What players were asked for does not show how often people write a character. So `MIXED_WITH_NEW` base samples
    of each batch go with the players' rounds. The loss knows how often each class is shown among these, and how
    often among the rest. A batch depends only on the seed, the epoch and the step.

    Attributes:
        oversampling_base: of the base data that does not go with the rounds.
        oversampling_new: of the rounds and the base data that goes with them.
    """

    def __init__(
        self,
        new: Sequence[SamplePool],
        replay: Sequence[ReplaySet],
        channels: int,
        *,
        steps: int,
        seed: int,
        small_sets: float = SMALL_SETS_POWER,
    ) -> None:
        super().__init__(workers=2, max_queue_size=8)
        counts = np.sum(
            [part.full_size / len(part.samples) * _count_classes(part.samples) for part in replay], axis=0
        )
        rarity = np.maximum(counts, 1) ** -0.5
        pools = [_make_replay_pool(part, small_sets) for part in replay]
        old_source = _BatchSource(pools, rarity.astype(np.float64))
        # If each set is of one kind, none tells how often a 5 is an S.
        among_all = old_source.among_all if old_source.among_all.any() else old_source.within_kind
        new_source = _BatchSource(new, _balance_classes(new, among_all))
        new_size = round(BATCH * NEW_SHARE)
        self._sources = (
            (new_source, new_size, Origin(is_new=True, goes_with_new=True)),
            (old_source, MIXED_WITH_NEW, Origin(is_new=False, goes_with_new=True)),
            (old_source, BATCH - new_size - MIXED_WITH_NEW, Origin(is_new=False, goes_with_new=False)),
        )
        self._channels, self._steps, self._seed, self._epoch = channels, steps, seed, 0
        ratio = new_size / MIXED_WITH_NEW
        self.oversampling_base = _make_oversampling(rarity, rarity)
        self.oversampling_new = _make_oversampling(
            rarity * (1 + ratio * new_source.among_all / np.maximum(among_all, _LEAST)),
            rarity * (1 + ratio * new_source.within_kind / np.maximum(old_source.within_kind, _LEAST)),
        )

    def __len__(self) -> int:
        return self._steps

    def __getitem__(self, step: int) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Return images (N, 28, 28, channels) in 0..1, and the truths (N, 66) of `training.retrain.loss`."""
        random = np.random.default_rng((self._seed, self._epoch, step))
        parts = [
            (images, np.concatenate((truth, np.tile(np.array(origin, np.float32), (len(truth), 1))), axis=1))
            for source, size, origin in self._sources
            for images, truth in source.draw(size, random)
        ]
        return join_parts(parts, self._channels)

    def start_at(self, epoch: int) -> None:
        """Continue as if ``epoch`` epochs were over."""
        self._epoch = epoch


class _BatchSource:
    """Players' rounds or base data, from which a part of every batch is drawn.

    Attributes:
        among_all: float64 (62,), how often each class is drawn where digits, uppercase and lowercase letters were
            all possible.
        within_kind: float64 (62,), how often each class is drawn.
    """

    def __init__(self, pools: Sequence[SamplePool], class_weights: Floats) -> None:
        kinds = [pool.has_all_kinds for pool in pools]
        self._sets = JoinedSets([pool.samples for pool in pools], kinds)
        weights = np.concatenate([pool.weights for pool in pools]) * class_weights[self._sets.labels]
        self._chances = weights / weights.sum()
        self.among_all: Floats = np.bincount(
            self._sets.labels, self._chances * np.concatenate(kinds), len(CLASSES)
        ).astype(np.float64)
        self.within_kind: Floats = np.bincount(self._sets.labels, self._chances, len(CLASSES)).astype(np.float64)

    def draw(self, size: int, random: np.random.Generator) -> list[Batch]:
        return self._sets.augment_chosen(random.choice(len(self._sets), size=size, p=self._chances), random)


def make_pools(rounds: Sequence[LabeledRound]) -> list[SamplePool]:
    """Return a pool of the drawings and a pool of the pictures, if there are any, with the rounds' weights."""
    drawn = [round_ for round_ in rounds if round_.strokes is not None]
    pictured = [round_ for round_ in rounds if round_.strokes is None]
    pools: list[SamplePool] = []
    if drawn:
        strokes = join_batches([round_.strokes for round_ in drawn if round_.strokes is not None])
        writers = np.zeros(len(drawn), dtype=np.int64)  # not used here
        pools.append(_make_pool(StrokeSet(strokes, stack_labels(drawn), writers), drawn))
    if pictured:
        images = np.stack([round_.image[..., 0] for round_ in pictured])
        pools.append(_make_pool(PictureSet(images, stack_labels(pictured)), pictured))
    return pools


def _make_pool(samples: Samples, rounds: Sequence[LabeledRound]) -> SamplePool:
    weights = np.array([round_.weight for round_ in rounds], dtype=np.float64)
    return SamplePool(samples, weights, np.array([round_.alphabet == "any" for round_ in rounds], dtype=bool))


def _make_replay_pool(part: ReplaySet, small_sets: float) -> SamplePool:
    size = len(part.samples)
    weights = np.full(size, part.full_size ** (1 - small_sets) / size)
    return SamplePool(part.samples, weights, np.full(size, has_all_kinds(part.samples.labels)))


def _make_oversampling(among_all: Floats, within_kind: Floats) -> Oversampling:
    return Oversampling(among_all.astype(np.float32), within_kind.astype(np.float32))


def _balance_classes(new: Sequence[SamplePool], wanted: Floats) -> Floats:
    """Return the weight (62,) of each class of the new samples that gives them the frequencies ``wanted``."""
    drawn: Floats = np.sum([np.bincount(pool.samples.labels, pool.weights, len(CLASSES)) for pool in new], axis=0)
    reachable = wanted * (drawn > 0)
    factors: Floats = np.divide(
        reachable / reachable.sum(), drawn / drawn.sum(), out=np.zeros(len(CLASSES)), where=drawn > 0
    )
    return np.minimum(factors, MAX_OVERSAMPLING)


def _count_classes(samples: Samples) -> Floats:
    return np.bincount(samples.labels, minlength=len(CLASSES)).astype(np.float64)
