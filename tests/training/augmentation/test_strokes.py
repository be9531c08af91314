"""Altered drawings and pictures."""

from __future__ import annotations

import numpy as np

from recognition.model.network import BUNDLED, Model
from recognition.render import CHANNELS, SIZE, render
from training.augmentation.strokes import augment_images, augment_strokes
from training.datasets.strokes import StrokeSet
from training.evaluation.metrics import compute_figures, predict


def test_alterations_depend_only_on_the_seed(drawings: StrokeSet) -> None:
    few = drawings.take(np.arange(40))
    first, again, other = (augment_strokes(few.strokes, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first.shape == (40, SIZE, SIZE, CHANNELS)
    assert (first == again).all()
    assert (first != other).any()
    lines = render(few.strokes)[..., 0]
    first, again, other = (augment_images(lines, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first.shape == (40, SIZE, SIZE, CHANNELS)
    assert (first == again).all()
    assert (first != other).any()


def test_altered_drawings_can_still_be_read(drawings: StrokeSet) -> None:
    model = Model.load(BUNDLED)
    altered = augment_strokes(drawings.strokes, np.random.default_rng(3))
    assert compute_figures(predict(model, altered), drawings.labels, "any").folded > 0.8
