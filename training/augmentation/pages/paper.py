"""Puts ink on paper of some color, and saves pictures as files."""

from __future__ import annotations

import io
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from training.augmentation.pages.pens import Coverage
from training.augmentation.pages.writers import Random

Colors = npt.NDArray[np.float32]
"""float32 (height, width, 3), red, green and blue from 0 to 255."""

LOSSLESS: Final = ("PNG", "WEBP", "BMP", "GIF", "TIFF")
"""Formats in which a picture is saved as it is."""


_PENS: Final = (
    ((10, 20, 100), (70, 95, 200)),  # blue
    ((150, 10, 20), (215, 55, 60)),  # red
    ((10, 85, 35), (60, 130, 80)),  # green
    ((80, 80, 85), (125, 125, 130)),  # pencil
)
_PEN_SHARES: Final = (0.65, 0.15, 0.1, 0.1)
_LARGE: Final = 10_000_000  # levels from which a picture is never a WebP: cameras make none, and few are read


def put_on_paper(ink: Coverage, paper: npt.ArrayLike, ink_color: npt.ArrayLike) -> Colors:
    """Return a page in color.

    Args:
        ink: uint8 (height, width), 255 for full ink.
        paper: float32 (height, width, 3), or three numbers if it is of one color.
        ink_color: three numbers from 0 to 255.
    """
    share = (ink.astype(np.float32) / 255)[..., None]
    levels = np.asarray(paper, np.float32) * (1 - share) + np.asarray(ink_color, np.float32) * share
    return levels.astype(np.float32)


def choose_gray(low: float, high: float, random: Random, tint: float = 4) -> npt.NDArray[np.float64]:
    """Return a gray of a level from ``low`` to ``high``, with a touch of color."""
    return (random.uniform(low, high) + random.normal(0, tint, 3)).clip(0, 255)


def choose_ink(random: Random) -> npt.NDArray[np.float64]:
    """Return the color of an ordinary pen: mostly dark, often blue, seldom red or green."""
    if random.random() < 0.55:
        return choose_gray(0, 90, random, tint=10)
    low, high = _PENS[int(random.choice(len(_PENS), p=_PEN_SHARES))]
    return random.uniform(low, high)


def save_picture(colors: Colors, random: Random, *, is_photo: bool = False, is_gray: bool | None = None) -> bytes:
    """Return a picture as a file. A photo is a JPEG, or sometimes a WebP.

    Args:
        colors: float32 (height, width, 3), or (height, width) for gray levels.
        random: what chooses the format and the quality.
        is_photo: whether it is saved with loss.
        is_gray: whether it is saved in gray. By default, half of those that are no photos are.
    """
    pixels = np.rint(np.asarray(colors).clip(0, 255)).astype(np.uint8)
    picture = Image.fromarray(pixels)
    if is_gray if is_gray is not None else not is_photo and random.random() < 1 / 2:
        picture = picture.convert("L")
    if is_photo:
        format_ = "WEBP" if random.random() < 0.1 and pixels.size < _LARGE else "JPEG"
        return encode(picture, format_, quality=int(random.integers(55, 96)))
    if random.random() < 1 / 4:
        return encode(picture, "JPEG", quality=int(random.integers(75, 97)))
    format_ = str(random.choice(LOSSLESS, p=[0.8, 0.05, 0.05, 0.05, 0.05]))
    return encode(picture, format_)


def encode(picture: Image.Image, format_: str, quality: int | None = None) -> bytes:
    """Return a picture in a file format. WebP is lossless without a ``quality``."""
    buffer = io.BytesIO()
    if quality is not None:
        picture.save(buffer, format_, quality=quality)
    elif format_ == "WEBP":
        picture.save(buffer, format_, lossless=True)
    else:
        picture.save(buffer, format_)
    return buffer.getvalue()
