"""Pictures by kind: each can be decoded, depends only on the seed, and says what is written on it."""

from __future__ import annotations

import numpy as np
import pytest

from recognition.alphabets import CLASSES
from recognition.page.images import open_gray
from training.augmentation.pages.colors import choose_color_pair
from training.augmentation.pages.pictures import KINDS, make_picture
from training.augmentation.pages.signs import SIGNS
from training.augmentation.pages.writers import Writers


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"sheet"}))  # that one takes seconds
def test_pictures_of_each_kind_can_be_decoded(writers: Writers, kind: str) -> None:
    first, again = (make_picture(writers, kind, np.random.default_rng(7)) for _ in range(2))
    assert min(open_gray(first.data)[0].shape) >= 7
    assert first == again
    assert set(first.text) <= set(CLASSES) | set(SIGNS)
    assert bool(first.text) == (kind != "blank")


@pytest.mark.parametrize("is_close", [False, True])
def test_ink_and_paper_can_be_as_light_as_each_other(is_close: bool) -> None:
    paper, ink = choose_color_pair(np.random.default_rng(3), is_close=is_close)
    luma = np.array([0.299, 0.587, 0.114])
    assert (abs(float((paper - ink) @ luma)) < 15) == is_close
    assert np.abs(paper - ink).max() > 30
