"""Batches of mixed samples."""

from __future__ import annotations

from pathlib import Path

from recognition.render import CHANNELS, SIZE
from training.fit.batches import Batches
from training.recipes.data_mix import load_all_characters


def test_a_batch_says_what_each_sample_can_teach(data: Path) -> None:
    sets = load_all_characters(data).training
    images, truth = Batches(sets, CHANNELS, 64, seed=1)[0]
    assert images.shape == (64, SIZE, SIZE, CHANNELS)
    assert (truth[:, :-2].sum(axis=1) == 1).all()
    has_all_kinds, has_natural_mix = truth[:, -2] == 1, truth[:, -1] == 1
    assert 0 < has_all_kinds.sum() < 64  # MNIST and PenDigits have digits only
    assert has_natural_mix[images[..., 1:].any(axis=(1, 2, 3))].all()
    assert not has_natural_mix.all()  # photographed drawings, and drawings without directions
