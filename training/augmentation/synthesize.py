"""Makes rounds that nobody drew, to start with: rotated digits of MNIST, and altered drawings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from feedback.ids import make_id
from feedback.records import SYNTHETIC, Drawing, Round
from recognition import Prediction, Recognizer, encode_png
from recognition.alphabets import CLASSES
from recognition.page.fit import fit_image
from recognition.render import add_empty_directions, render
from recognition.strokes import StrokeBatch
from training.augmentation.strokes import augment_paths
from training.datasets.pictures import PictureSet, load_mnist
from training.datasets.samples import Samples
from training.datasets.sources import MNIST, PENDIGITS, UNIPEN, is_present, require
from training.datasets.splits import split_unipen
from training.datasets.strokes import StrokeSet

MAX_ROTATION: Final = 30.0
"""Degrees that a digit is rotated by at most, to either side, as in the original app."""

BATCH: Final = 250
"""Rounds in a batch."""

_SQUARE: Final = 1023  # largest coordinate of the drawing square
_SIDE: Final = 0.7  # share of the square for the longer side of a drawing
_POINT_MS: Final = 16  # between two points: 60 frames a second
_CANDIDATES: Final = 5

Random = np.random.Generator


def load_sets(folder: Path) -> list[Samples]:
    """Return the data sets in the data folder that synthetic rounds can be made of.

    Raises:
        DataMissing: if there are none.
    """
    sets: list[Samples] = []
    if is_present(folder, MNIST):
        sets.append(load_mnist(folder, "train"))
    if is_present(folder, UNIPEN):
        sets.append(split_unipen(folder)[0])
    elif is_present(folder, PENDIGITS):
        sets.append(StrokeSet.load(folder / PENDIGITS.files[0]))
    if not sets:
        require(folder, MNIST)
    return sets


def make_synthetic_rounds(
    count: int, seed: int, sets: Sequence[Samples], recognizer: Recognizer
) -> Iterator[list[Round]]:
    """Yield ``count`` rounds in batches, equally many from each set. The same seed makes the same drawings."""
    random = np.random.default_rng(seed)
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        rounds: list[Round] = []
        for number, samples in enumerate(sets):
            share = len(range(number, size, len(sets)))
            if not share:
                continue
            chosen = samples.take(random.integers(0, len(samples), share))
            if isinstance(chosen, PictureSet):
                rounds += _make_picture_rounds(chosen, random, recognizer)
            else:
                rounds += _make_drawing_rounds(chosen, random, recognizer)
        yield rounds


def rotate_images(images: npt.NDArray[np.uint8], random: Random) -> npt.NDArray[np.uint8]:
    """Return pictures (N, 28, 28), each rotated about its center by up to `MAX_ROTATION` degrees."""
    degrees = random.uniform(-MAX_ROTATION, MAX_ROTATION, len(images))
    return np.stack(
        [
            np.asarray(Image.fromarray(image).rotate(angle, Image.Resampling.BICUBIC))
            for image, angle in zip(images, degrees.tolist(), strict=True)
        ]
    )


def _make_picture_rounds(digits: PictureSet, random: Random, recognizer: Recognizer) -> list[Round]:
    """Return rounds like those of uploaded pictures, made of rotated digits."""
    pictures = rotate_images(digits.images, random)
    normalized = np.stack([fit_image(picture) for picture in pictures])
    predictions = recognizer.recognize_images(add_empty_directions(normalized), "digits")
    return [
        _make_round(CLASSES[label], prediction, "digits", crop=encode_png(picture))
        for label, picture, prediction in zip(digits.labels.tolist(), pictures, predictions, strict=True)
    ]


def _make_drawing_rounds(drawings: StrokeSet, random: Random, recognizer: Recognizer) -> list[Round]:
    """Return rounds like those of free drawing, made of altered drawings."""
    strokes = place_on_square(augment_paths(drawings.strokes, random))
    predictions = recognizer.recognize_images(render(strokes))
    return [
        _make_round(CLASSES[label], prediction, "any", drawing=drawing)
        for label, drawing, prediction in zip(
            drawings.labels.tolist(), to_drawings(strokes), predictions, strict=True
        )
    ]


def place_on_square(strokes: StrokeBatch) -> StrokeBatch:
    """Return the drawings centered on the drawing square, with whole numbers as coordinates."""
    points, starts, counts = strokes.points, strokes.point_starts, strokes.point_counts
    low, high = np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)
    extent = np.maximum((high - low).max(axis=1), 1e-9)
    scale = np.repeat(_SIDE * _SQUARE / extent, counts)[:, None]
    placed = np.rint((points - np.repeat((low + high) / 2, counts, axis=0)) * scale + _SQUARE / 2)
    return StrokeBatch(placed.clip(0, _SQUARE), strokes.stroke_lengths, strokes.stroke_counts)


def to_drawings(strokes: StrokeBatch) -> list[Drawing]:
    """Return each drawing in the stored form, its points at an even pace."""
    axes = [
        [*stroke.T.astype(np.int64).tolist()]
        for stroke in np.split(strokes.points, np.cumsum(strokes.stroke_lengths)[:-1])
    ]
    drawings: list[Drawing] = []
    ends = np.cumsum(strokes.stroke_counts).tolist()
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        drawing: Drawing = []
        now = 0
        for xs, ys in axes[start:end]:
            drawing.append([xs, ys, list(range(now, now + _POINT_MS * len(xs), _POINT_MS))])
            now += _POINT_MS * len(xs)
        drawings.append(drawing)
    return drawings


def _make_round(
    label: str, prediction: Prediction, alphabet: str, *, drawing: Drawing | None = None, crop: bytes | None = None
) -> Round:
    return Round(
        id=make_id(),
        at=datetime.now(UTC),
        player=SYNTHETIC,
        source="synthetic",
        alphabet=alphabet,
        predicted=prediction.label,
        confidence=prediction.confidence,
        top=[(c.label, c.probability) for c in prediction.candidates[:_CANDIDATES]],
        model=prediction.model,
        label=label,
        drawing=drawing,
        crop=crop,
        image=encode_png(prediction.image),
    )
