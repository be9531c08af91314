"""Batches of mixed samples."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recognition.render import CHANNELS, SIZE
from training.datasets.samples import Samples
from training.fit.batches import Batches
from training.recipes.data_mix import load_all_characters


@pytest.fixture(scope="module")
def sets(data: Path) -> tuple[Samples, ...]:
    return load_all_characters(data).training


def test_a_batch_says_what_each_sample_can_teach(sets: tuple[Samples, ...]) -> None:
    images, truth = Batches(sets, CHANNELS, 64, seed=1)[0]
    assert images.shape == (64, SIZE, SIZE, CHANNELS)
    assert (truth[:, :-2].sum(axis=1) == 1).all()
    has_all_kinds, has_natural_mix = truth[:, -2] == 1, truth[:, -1] == 1
    assert 0 < has_all_kinds.sum() < 64  # MNIST and PenDigits have digits only
    assert has_natural_mix[images[..., 1:].any(axis=(1, 2, 3))].all()
    assert not has_natural_mix.all()  # photographed drawings, and drawings without directions


def test_the_share_of_pictures_can_be_chosen(sets: tuple[Samples, ...]) -> None:
    images, _ = Batches(sets, CHANNELS, 400, seed=1, picture_share=0)[0]
    has_directions = images[..., 1:].any(axis=(1, 2, 3))
    assert 0.7 < has_directions.mean() < 1  # the others are drawings without directions
    images, _ = Batches(sets, CHANNELS, 64, seed=1, picture_share=1)[0]
    assert not images[..., 1:].any()


@pytest.mark.slow
def test_processes_make_the_same_batches(sets: tuple[Samples, ...]) -> None:
    here = Batches(sets, CHANNELS, 16, seed=1)
    with Batches(sets, CHANNELS, 16, seed=1, processes=1) as there:
        for epoch in (0, 1):
            for step in (0, 0, 1):  # Keras looks at the first batch twice
                for array, same in zip(here[step], there[step], strict=True):
                    np.testing.assert_array_equal(array, same)
            here.on_epoch_end()
            there.start_at(epoch + 1)
