"""Finds the page in a picture: a sheet on a desk, a canvas in a screenshot, what is inside a frame."""

from __future__ import annotations

from typing import NamedTuple

from recognition.page.images import Gray
from recognition.page.transform import Transform


class Sheet(NamedTuple):
    """The part of a picture that is the page.

    Attributes:
        gray: uint8 (height, width), the page, put right in perspective. Its ink may be dark or light.
        to_picture: from its pixels to those of the picture.
    """

    gray: Gray
    to_picture: Transform


def find_sheet(gray: Gray) -> Sheet:
    """Return the page of a gray picture: all of it, unless its evidence for a smaller page is clear."""
    return Sheet(gray, Transform.make_identity())
