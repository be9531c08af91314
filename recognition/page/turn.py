"""Turns pages by quarters."""

from __future__ import annotations

import numpy as np

from recognition.page.images import Box, Gray


def turn_gray(gray: Gray, turn: int) -> Gray:
    """Return a picture, uint8 (height, width), turned clockwise by ``turn`` quarters."""
    return np.ascontiguousarray(np.rot90(gray, -turn))


def turn_box_back(box: Box, turn: int, width: int, height: int) -> Box:
    """Return where a box of a turned picture is in the picture as it was before.

    Args:
        box: in the picture that was turned.
        turn: by how many quarters it was turned clockwise, 0 to 3.
        width: of the picture before.
        height: of the picture before.
    """
    x, y, across, down = box
    if turn == 1:
        return y, height - x - across, down, across
    if turn == 2:
        return width - x - across, height - y - down, across, down
    if turn == 3:
        return width - y - down, x, down, across
    return box
