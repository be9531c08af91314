"""Photographed drawings: the character is found again and is still the same."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from recognition.model.network import BUNDLED, Model
from recognition.page.images import open_gray
from recognition.page.segment import find_character
from recognition.render import render
from training.augmentation.camera import draw_on_paper, photograph, photograph_drawings
from training.datasets.strokes import StrokeSet
from training.evaluation.metrics import make_look_alike_matrix, predict


def test_photographed_drawings_are_still_the_same_characters(drawings: StrokeSet) -> None:
    photos = photograph_drawings(drawings, np.random.default_rng(1))
    assert set(photos.labels) == set(drawings.labels)
    assert not photos.has_natural_mix
    read = predict(Model.load(BUNDLED), photos.to_images()).scores.argmax(axis=1)
    # Some are small, dark and out of focus, or crossed by a ruling.
    assert make_look_alike_matrix("any")[read, photos.labels].mean() > 0.7


def test_photographs_depend_only_on_the_seed(drawings: StrokeSet) -> None:
    few = drawings.take(np.arange(10))
    first, again, other = (photograph_drawings(few, np.random.default_rng(seed)).images for seed in (1, 1, 2))
    assert (first == again).all()
    assert not np.array_equal(first, other)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_character_is_found_under_any_light(drawings: StrokeSet, seed: int) -> None:
    random = np.random.default_rng(seed)
    line = render(drawings.take(random.integers(0, len(drawings), 1)).strokes)[0, ..., 0]
    page = draw_on_paper(line, random)
    taken = photograph(page, random)
    assert open_gray(taken)[0].shape == page.shape
    found = find_character(taken)
    assert found is not None
    assert found.image.max() > 127
