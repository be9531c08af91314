"""The image of one character: centered, of one size, with a free border."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from recognition.page.fit import fit_image
from recognition.render import BORDER, SIZE

sides = st.integers(1, 200)


@given(sides, sides, st.integers(0, 50), st.integers(0, 50))
def test_a_block_of_ink_is_scaled_and_centered(width: int, height: int, left: int, top: int) -> None:
    levels = np.zeros((top + height + 7, left + width + 7), dtype=np.uint8)
    levels[top : top + height, left : left + width] = 255
    image = fit_image(levels)
    assert image.shape == (SIZE, SIZE)
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    assert max(len(rows), len(columns)) == SIZE - 2 * BORDER
    for inked in (rows, columns):
        assert abs(inked[0] + inked[-1] - (SIZE - 1)) <= 1


def test_a_blank_picture_is_a_blank_image() -> None:
    assert not fit_image(np.full((9, 9), 5, dtype=np.uint8)).any()
