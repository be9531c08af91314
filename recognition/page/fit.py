"""Lays out the ink of one character as the 28×28 image that the model sees, as EMNIST does."""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image

from recognition.page.images import Gray
from recognition.render import BORDER, SIZE, Images

INK_LEVEL: Final = 32
"""Level, of 255, from which a pixel counts as ink when a character is cropped."""

_CHARACTER_SIDE: Final = SIZE - 2 * BORDER


def fit_image(levels: Gray) -> Images:
    """Crop a uint8 picture, ink high, to its ink, scale and center it. Return uint8 (28, 28)."""
    rows, columns = (np.flatnonzero((levels >= INK_LEVEL).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return np.zeros((SIZE, SIZE), dtype=np.uint8)
    return fit_crop(levels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])


def fit_crop(crop: Gray) -> Images:
    """Scale and center a uint8 picture that is already cropped to its ink. Return uint8 (28, 28)."""
    ratio = _CHARACTER_SIDE / max(crop.shape)
    height, width = (max(1, round(side * ratio)) for side in crop.shape)
    resized = Image.fromarray(crop).resize((width, height), Image.Resampling.BICUBIC)
    top, left = (SIZE - height) // 2, (SIZE - width) // 2
    image = np.zeros((SIZE, SIZE), dtype=np.uint8)
    image[top : top + height, left : left + width] = np.asarray(resized)
    return image
