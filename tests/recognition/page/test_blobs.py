from __future__ import annotations

import numpy as np
import pytest

from recognition.page import blobs
from recognition.page.blobs import keep_blobs_with


def test_blobs_with_a_chosen_pixel_are_kept_whole() -> None:
    mask = np.zeros((1000, 700), dtype=np.bool_)
    mask[2:998, 5] = mask[997, 5:600] = True  # one blob in many bands of rows
    mask[500, 300] = mask[501, 301] = True  # another, which touches itself at a corner only
    mask[10, 650] = True
    chosen = np.zeros_like(mask)
    chosen[997, 599] = chosen[500, 300] = True
    expected = mask.copy()
    expected[10, 650] = False
    assert (keep_blobs_with(chosen, mask) == expected).all()


@pytest.mark.parametrize("density", [0.02, 0.2, 0.4])
def test_few_pixels_that_are_not_chosen_give_the_same_blobs(
    density: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(3)
    mask = random.random((90, 70)) < density
    chosen = mask & (random.random(mask.shape) < 0.3)
    few = keep_blobs_with(chosen, mask)
    monkeypatch.setattr(blobs, "_FEW", -1)
    assert (few == keep_blobs_with(chosen, mask)).all()
