"""The part of an uploaded picture that is kept: grey, small, and free of what a camera writes beside it."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from recognition import png

_MARGIN: Final = 0.15  # of the box's longer side, kept around it: later models may cut differently
_LONGEST: Final = 256  # pixels


def crop(grey: npt.NDArray[np.uint8], box: tuple[int, int, int, int]) -> bytes:
    """Return a PNG of ``box`` (x, y, width, height) and a margin, cut from uint8 (height, width)."""
    x, y, width, height = box
    margin = round(_MARGIN * max(width, height))
    rows = slice(max(0, y - margin), y + height + margin)
    columns = slice(max(0, x - margin), x + width + margin)
    picture = Image.fromarray(grey[rows, columns])
    picture.thumbnail((_LONGEST, _LONGEST), Image.Resampling.BOX)
    return png(np.asarray(picture), ink_high=False)
