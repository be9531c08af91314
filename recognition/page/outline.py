"""Where the page that was read is in its picture, so that it can be shown."""

from __future__ import annotations

from typing import Final, cast

import numpy as np

from recognition.page.images import Gray
from recognition.page.polygons import Points, compute_area
from recognition.page.sheet import Sheet
from recognition.page.transform import Corners
from recognition.page.turn import turn_box_back

_WHOLE: Final = 0.95  # of the picture: a page of this area or more is all of it


def find_outline(sheet: Sheet, picture: Gray, reduction: float) -> Corners | None:
    """Return the corners of a page in pixels of the original picture, or None if the page is almost all of it.

    Args:
        sheet: the page.
        picture: the picture that it was found in, uint8 (height, width).
        reduction: how many pixels wide the original is for each pixel of the picture.

    Returns:
        ``(x, y)`` of the corners, clockwise from the top left one of the page.
    """
    size = np.array(picture.shape[::-1])
    corners = np.clip(sheet.corners, 0, size)
    if abs(compute_area(corners)) >= _WHOLE * size.prod():
        return None
    return _round_corners(corners * reduction)


def turn_corners_back(corners: Corners, turn: int, width: int, height: int) -> Corners:
    """Return where corners of a turned picture are in the picture as it was before, as `turn_box_back` does."""
    return cast("Corners", tuple(turn_box_back((x, y, 0, 0), turn, width, height)[:2] for x, y in corners))


def _round_corners(corners: Points) -> Corners:
    return cast("Corners", tuple((round(x), round(y)) for x, y in corners.tolist()))
