"""Sets of samples, their splits, their alterations and their batches."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recognition.render import CHANNELS, SIZE, render
from training.augment import augment_images, augment_strokes
from training.datasets.base import DataMissing, load_base
from training.datasets.strokes import StrokeSet


def test_take_gives_the_very_drawings(drawings: StrokeSet) -> None:
    chosen = np.array([5, 2, 2, len(drawings) - 1])
    taken = drawings.take(chosen)
    assert (render(taken.ink) == render(drawings.ink)[chosen]).all()
    assert (taken.labels == drawings.labels[chosen]).all()


def test_no_writer_is_on_both_sides_of_a_split(drawings: StrokeSet) -> None:
    apart = np.unique(drawings.writers)[:3]
    rest, held_out = drawings.split(apart)
    assert set(held_out.writers) == set(apart)
    assert not set(rest.writers) & set(apart)
    assert len(rest) + len(held_out) == len(drawings)


def test_base_data_keeps_writers_apart(data: Path) -> None:
    base = load_base(data)
    assert len(base.chosen_by) > 0
    assert not set(base.chosen_by.writers) & set(base.strokes[0].writers)
    assert [len(s) > 0 for s in base.pictures] == [True, True, True]


def test_what_is_missing_is_named_with_its_source(tmp_path: Path) -> None:
    with pytest.raises(DataMissing, match=r"unipen62/train\.npz.*doi:10\.5281/zenodo\.1195803"):
        load_base(tmp_path)


def test_alterations_depend_on_their_seed_alone(drawings: StrokeSet) -> None:
    few = drawings.take(np.arange(40))
    first, again, other = (augment_strokes(few.ink, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first.shape == (40, SIZE, SIZE, CHANNELS)
    assert (first == again).all()
    assert (first != other).any()
    lines = render(few.ink)[..., 0]
    first, again, other = (augment_images(lines, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first.shape == (40, SIZE, SIZE, CHANNELS)
    assert (first == again).all()
    assert (first != other).any()


def test_altered_drawings_are_still_read(drawings: StrokeSet) -> None:
    from recognition.model import BUNDLED, Model
    from training.evaluate import figures, predict

    model = Model.load(BUNDLED)
    altered = augment_strokes(drawings.ink, np.random.default_rng(3))
    assert figures(predict(model, altered), drawings.labels, "any").folded > 0.8
