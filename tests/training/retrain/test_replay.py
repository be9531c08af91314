"""How often characters are drawn from players' rounds and base data."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recognition.alphabets import CLASSES, DIGITS
from training.datasets.strokes import StrokeSet
from training.fit.batches import has_all_kinds
from training.retrain.base_data import Replayed
from training.retrain.replay import BATCH, NEW_SHARE, Mixture, Pool

BATCHES = 20


def digits_among_new(old: Sequence[Replayed], drawings: StrokeSet) -> float:
    """Return the share of the new samples that are digits, where new and old ones are the same drawings."""
    new = Pool(drawings, np.ones(len(drawings)), np.ones(len(drawings), dtype=np.bool_))
    mixture = Mixture([new], old, channels=1, steps=BATCHES, seed=1)
    shown = [mixture[step][1][: round(BATCH * NEW_SHARE), : len(CLASSES)] for step in range(BATCHES)]
    return float(np.concatenate(shown)[:, : len(DIGITS)].sum() / (BATCHES * round(BATCH * NEW_SHARE)))


def test_a_large_set_of_digits_does_not_teach_that_letters_are_rare(drawings: StrokeSet) -> None:
    digits = drawings.take(np.flatnonzero(drawings.labels < len(DIGITS)))
    assert has_all_kinds(drawings.labels)
    assert not has_all_kinds(digits.labels)
    everything = Replayed(drawings, 10_000)
    without = digits_among_new([everything], drawings)
    beside = digits_among_new([everything, Replayed(digits, 60_000)], drawings)
    assert beside <= without + 0.05
