"""Pictures as a phone takes them: drawings on paper that is ruled, shaded, blurred, noisy and packed as JPEG."""

from __future__ import annotations

import io
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from recognition.alphabets import CLASSES
from recognition.page.images import Gray
from recognition.render import PEN_SIGMA, Images, normalize, rasterize
from training.augmentation.strokes import altered_paths
from training.datasets.pictures import PictureSet, read_photos
from training.datasets.strokes import StrokeSet

_EACH: Final = 240
"""Drawings of each character that are photographed."""

_SIDE: Final = (28, 100.8)  # pixels of a character and the border about it, at least and at most
_RULED: Final = 0.3  # share of the papers that are ruled; half of those are squared
_SHADED: Final = 0.3  # share of the pictures on which a shadow falls

Random = np.random.Generator
Levels = npt.NDArray[np.float64]


def photographs_of(drawings: StrokeSet, random: Random) -> PictureSet:
    """Return photos, as they are read, of some drawings: as many of each character.

    They say nothing of what people take photos of.
    """
    taken = drawings.take(np.concatenate([_some(drawings.labels, label, random) for label in range(len(CLASSES))]))
    ink = altered_paths(taken.ink, random)
    width = PEN_SIGMA * np.exp(random.normal(0, 0.3, len(taken)))
    lines = rasterize(ink, normalize(ink), sigma=width)[..., 0]
    photos = (photograph(on_paper(line, random), random) for line in lines)
    return read_photos(zip(photos, taken.labels, strict=True), has_habits=False)


def on_paper(line: Images, random: Random) -> Gray:
    """Return a page, uint8 (height, width), with a character, uint8 (28, 28) and ink high, somewhere on it."""
    side = round(np.exp(random.uniform(*np.log(_SIDE))))
    character = Image.fromarray(line).resize((side, side), Image.Resampling.BICUBIC)
    top, left, bottom, right = random.integers(0, max(2, side // 3), 4)
    ink = np.zeros((side + top + bottom, side + left + right))
    ink[top : top + side, left : left + side] = np.asarray(character) / 255
    page = random.uniform(140, 245) * _ruled(ink.shape, side, random) * (1 - random.uniform(0.3, 0.9) * ink)
    return np.rint(page).astype(np.uint8)


def photograph(page: Gray, random: Random) -> bytes:
    """Return a JPEG of a page, uint8 (height, width), under uneven light, a little out of focus."""
    height, width = page.shape
    down, across = np.meshgrid(np.linspace(-0.5, 0.5, height), np.linspace(-0.5, 0.5, width), indexing="ij")
    light = 1 + random.normal(0, 0.12) * down + random.normal(0, 0.12) * across
    if random.random() < _SHADED:
        angle = random.uniform(0, 2 * np.pi)
        depth = np.cos(angle) * down + np.sin(angle) * across - random.normal(0, 0.2)
        light *= 1 - random.uniform(0.1, 0.35) / (1 + np.exp(-depth * random.uniform(8, 40)))
    blurred = ndimage.gaussian_filter(page * light, random.uniform(0, 0.02) * max(height, width))
    noisy = blurred + random.normal(0, random.uniform(0, 4), page.shape)
    buffer = io.BytesIO()
    picture = Image.fromarray(np.rint(noisy.clip(0, 255)).astype(np.uint8))
    picture.save(buffer, "JPEG", quality=int(random.integers(50, 96)))
    return buffer.getvalue()


def _ruled(shape: tuple[int, ...], side: int, random: Random) -> Levels:
    """Return how much of the light each place of a paper gives back, its rulings less."""
    paper = np.ones(shape)
    if random.random() < _RULED:
        spacing, dark = max(6, round(side * random.uniform(0.5, 1.5))), random.uniform(0.06, 0.3)
        first_row, first_column = random.integers(0, spacing, 2)
        paper[first_row::spacing] -= dark
        if random.random() < 1 / 2:
            paper[:, first_column::spacing] = 1 - dark
    return paper


def _some(labels: npt.NDArray[np.int64], label: int, random: Random) -> npt.NDArray[np.int64]:
    there = np.flatnonzero(labels == label)
    return random.choice(there, min(_EACH, len(there)), replace=False)
