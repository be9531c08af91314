"""Pictures as a phone takes them: drawings on ruled paper, shaded, blurred, noisy and saved as JPEG."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy import ndimage

from recognition.alphabets import CLASSES
from recognition.page.images import Gray, open_gray
from recognition.render import PEN_SIGMA, Images, normalize, rasterize
from training.augmentation.strokes import augment_paths
from training.datasets.photos import iterate_photos
from training.datasets.pictures import PictureSet, read_photos
from training.datasets.strokes import StrokeSet

_OF_EACH_CLASS: Final = 240
"""Drawings of each character that are photographed."""

_SIDE: Final = (28, 100.8)  # least and most pixels of a character with its border
_RULED: Final = 0.3  # share of the papers that are ruled; half of those are squared
_SHADED: Final = 0.3  # share of the pictures on which a shadow falls

Random = np.random.Generator
Levels = npt.NDArray[np.float64]


def load_augmented_photos(folder: Path) -> PictureSet:
    """Return the photos to train on, each twice: as it is, and photographed again under other light.

    Photos without ink are left out.

    Raises:
        DataMissing: if the photos are not in the data folder.
    """
    random = np.random.default_rng(62)
    return read_photos(
        (photo, label)
        for data, label in iterate_photos(folder, "train")
        for photo in (data, photograph(open_gray(data)[0], random))
    )


def photograph_drawings(drawings: StrokeSet, random: Random) -> PictureSet:
    """Return photos, as the model sees them, of `_OF_EACH_CLASS` drawings of each character.

    They do not tell how often people photograph each character.
    """
    indices = [_choose_of_class(drawings.labels, label, random) for label in range(len(CLASSES))]
    chosen = drawings.take(np.concatenate(indices))
    strokes = augment_paths(chosen.strokes, random)
    sigma = PEN_SIGMA * np.exp(random.normal(0, 0.3, len(chosen)))
    characters = rasterize(strokes, normalize(strokes), sigma=sigma)[..., 0]
    photos = (photograph(draw_on_paper(character, random), random) for character in characters)
    return read_photos(zip(photos, chosen.labels, strict=True), has_natural_mix=False)


def draw_on_paper(character: Images, random: Random) -> Gray:
    """Return a page, uint8 (height, width), with a character, uint8 (28, 28) and ink high, somewhere on it."""
    side = round(np.exp(random.uniform(*np.log(_SIDE))))
    resized = Image.fromarray(character).resize((side, side), Image.Resampling.BICUBIC)
    top, left, bottom, right = random.integers(0, max(2, side // 3), 4)
    ink = np.zeros((side + top + bottom, side + left + right))
    ink[top : top + side, left : left + side] = np.asarray(resized) / 255
    page = random.uniform(140, 245) * _make_paper(ink.shape, side, random) * (1 - random.uniform(0.3, 0.9) * ink)
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


def _make_paper(shape: tuple[int, ...], side: int, random: Random) -> Levels:
    """Return the share of the light that each pixel of a paper reflects; rulings reflect less."""
    paper = np.ones(shape)
    if random.random() < _RULED:
        spacing, dark = max(6, round(side * random.uniform(0.5, 1.5))), random.uniform(0.06, 0.3)
        first_row, first_column = random.integers(0, spacing, 2)
        paper[first_row::spacing] -= dark
        if random.random() < 1 / 2:
            paper[:, first_column::spacing] = 1 - dark
    return paper


def _choose_of_class(labels: npt.NDArray[np.int64], label: int, random: Random) -> npt.NDArray[np.int64]:
    of_class = np.flatnonzero(labels == label)
    return random.choice(of_class, min(_OF_EACH_CLASS, len(of_class)), replace=False)
