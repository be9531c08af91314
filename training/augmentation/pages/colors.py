"""Takes pictures in color: ink and paper that differ in color, and ink on a transparent ground."""

from __future__ import annotations

import io
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from training.augmentation.pages.light import expose, make_light
from training.augmentation.pages.page import LaidOutPage
from training.augmentation.pages.paper import encode, put_on_paper, save_picture
from training.augmentation.pages.writers import Random

Color = npt.NDArray[np.float64]
"""float64 (3,), red, green and blue from 0 to 255."""

_DIFFERENT: Final = 40.0  # distance in CIELAB from which ink stands out from its paper for a person
_CLOSE_LUMA: Final = 14.0  # levels between ink and paper that are about as light
_LUMA: Final = np.array([0.299, 0.587, 0.114])  # of ITU-R BT.601, as in JPEG

_TO_XYZ: Final = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE_POINT: Final = np.array([0.9505, 1.0, 1.089])  # D65


def take_colored(page: LaidOutPage, random: Random) -> bytes:
    """Return a picture of colored ink on colored paper. In half of them, both are about as light."""
    paper, ink = choose_color_pair(random, is_close=random.random() < 1 / 2)
    colors = put_on_paper(page.ink, paper, ink)
    if random.random() < 0.35:
        return save_picture(colors, random, is_gray=False)
    lit = (colors * make_light(colors.shape, random, 0.08)[..., None]).astype(np.float32)
    exposed = expose(lit, random, blur=1, noise=3).clip(0, 255)
    picture = Image.fromarray(np.rint(exposed).astype(np.uint8))
    buffer = io.BytesIO()
    subsampling = int(random.choice([0, 1, 2], p=[0.2, 0.2, 0.6]))
    picture.save(buffer, "JPEG", quality=int(random.integers(60, 96)), subsampling=subsampling)
    return buffer.getvalue()


def take_transparent(page: LaidOutPage, random: Random) -> bytes:
    """Return a picture whose paper is transparent, and whose ink has any color and lightness."""
    choice = random.random()
    gray = random.uniform(0, 255)
    color = np.full(3, 255.0) if choice < 0.25 else np.full(3, gray) if choice < 0.6 else random.uniform(0, 255, 3)
    alpha = page.ink.astype(np.float32) * (1 if random.random() < 0.7 else random.uniform(0.5, 1))
    if random.random() < 0.3:
        alpha = np.where(page.ids > 0, alpha.max(), 0)  # a program's hard pen, which does not wear
    pixels = np.zeros((*page.ink.shape, 4), np.uint8)
    hidden = (color, np.zeros(3), np.full(3, 255.0))[int(random.integers(3))]
    pixels[..., :3] = np.where(page.ink[..., None] > 0, np.rint(color), np.rint(hidden))
    pixels[..., 3] = np.rint(alpha)
    picture = Image.fromarray(pixels)
    kind = random.random()
    if kind < 0.15:
        return encode(picture.quantize(int(random.choice([2, 4, 16, 256]))), "PNG")
    if kind < 0.3:
        return encode(picture.convert("LA"), "PNG")
    if kind < 0.4:
        return encode(picture, "WEBP")
    return encode(picture, "PNG")


def choose_color_pair(random: Random, *, is_close: bool) -> tuple[Color, Color]:
    """Return the colors of paper and ink, which a person can tell apart.

    Args:
        random: what chooses.
        is_close: whether they are about equally light.
    """
    while True:
        paper, ink = random.uniform(0, 255, (2, 3))
        if random.random() < 1 / 2:
            paper = paper / 3 + 170  # card and colored paper are rather light
        is_far = float(np.linalg.norm(_to_lab(paper) - _to_lab(ink))) >= _DIFFERENT
        if is_far and (abs(float((paper - ink) @ _LUMA)) < _CLOSE_LUMA) == is_close:
            return paper, ink


def _to_lab(color: Color) -> Color:
    """Return a color in CIELAB (IEC 61966-2-1 and CIE 15)."""
    share = color / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    xyz = _TO_XYZ @ linear / _WHITE_POINT
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])
