"""Turns pages by quarters."""

from __future__ import annotations

import numpy as np

from recognition.page.images import Gray


def turn_gray(gray: Gray, turn: int) -> Gray:
    """Return a picture, uint8 (height, width), turned clockwise by ``turn`` quarters."""
    return np.ascontiguousarray(np.rot90(gray, -turn))
