"""Thin lines along the edge of a picture are found, whatever the picture's sides are."""

from __future__ import annotations

import numpy as np
import pytest

from recognition.page.borders import trim_borders


@pytest.mark.parametrize(("height", "width"), [(20_000, 30), (1_500, 48), (30, 20_000), (13, 13)])
def test_a_frame_around_a_narrow_picture_is_trimmed(height: int, width: int) -> None:
    gray = np.full((height, width), 20, dtype=np.uint8)
    gray[1:-1, 1:-1] = 230
    assert trim_borders(gray) == (1, 1, width - 1, height - 1)
