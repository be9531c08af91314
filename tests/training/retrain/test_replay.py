"""How often each character is shown, of players' rounds and of base data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recognition.alphabets import CLASSES, DIGITS
from training.datasets.strokes import StrokeSet
from training.fit.batches import has_all_kinds
from training.retrain.base_data import ReplaySet
from training.retrain.replay import BATCH, NEW_SHARE, ReplayBatches, SamplePool

STEPS = 20


def measure_digit_share(replay: Sequence[ReplaySet], drawings: StrokeSet) -> float:
    """Return the share of the players' samples in the batches that are digits, if players drew ``drawings``."""
    pool = SamplePool(drawings, np.ones(len(drawings)), np.ones(len(drawings), dtype=np.bool_))
    batches = ReplayBatches([pool], replay, channels=1, steps=STEPS, seed=1)
    new_size = round(BATCH * NEW_SHARE)
    labels = np.concatenate([batches[step][1][:new_size, : len(CLASSES)] for step in range(STEPS)])
    return float(labels[:, : len(DIGITS)].sum() / len(labels))


def test_a_large_set_of_digits_does_not_make_letters_rare(drawings: StrokeSet) -> None:
    digits = drawings.take(np.flatnonzero(drawings.labels < len(DIGITS)))
    assert has_all_kinds(drawings.labels)
    assert not has_all_kinds(digits.labels)
    all_kinds = ReplaySet(drawings, 10_000)
    without = measure_digit_share([all_kinds], drawings)
    beside = measure_digit_share([all_kinds, ReplaySet(digits, 60_000)], drawings)
    assert beside <= without + 0.05
