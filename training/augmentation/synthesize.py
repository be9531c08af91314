"""Rounds that nobody drew, for a start without players: turned digits of MNIST, and altered pen strokes."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image
from rich.console import Console
from rich.progress import Progress

from feedback.ids import make_id
from feedback.records import SYNTHETIC, Drawing, Round
from feedback.store import Store
from recognition import Prediction, Recognizer, encode_png
from recognition.alphabets import CLASSES
from recognition.page.fit import fit_image
from recognition.render import add_empty_directions, render
from recognition.strokes import StrokeBatch
from training.augmentation.strokes import augment_paths
from training.commands.with_store import with_store
from training.datasets.pictures import PictureSet, load_mnist
from training.datasets.sources import MNIST, PENDIGITS, UNIPEN, DataMissing, Source, find_data_folder, require
from training.datasets.splits import split_unipen
from training.datasets.strokes import StrokeSet

MAX_ROTATION: Final = 30.0
"""Degrees that a digit is turned at most, either way, as the app that Inkrush began as turned them."""

BATCH: Final = 250
"""Rounds that are made, and kept, at a time."""

_SQUARE: Final = 1023  # largest coordinate of the drawing square
_SIDE: Final = 0.7  # of the square, that a drawing's longer side takes
_POINT_MS: Final = 16  # between two points, as a screen of 60 frames a second gives them
_CANDIDATES: Final = 5
_MOST: Final = 1_000_000  # rounds at once

Random = np.random.Generator
Samples = PictureSet | StrokeSet


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to a program's."""
    synthesize = commands.add_parser(
        "synthesize",
        help="put rounds that nobody drew into the store: turned digits, altered strokes",
        description="Make rounds of MNIST's digits, turned by up to 30 degrees, and of pen strokes, turned, "
        "slanted and jittered, for a start without players. They are labelled, and never counted as a person's.",
    )
    synthesize.add_argument("--count", type=_count, default=1000, help="how many (default: %(default)s)")
    synthesize.add_argument(
        "--seed", type=int, default=1, help="the same seed makes the same drawings (default: %(default)s)"
    )
    synthesize.set_defaults(run=_synthesize)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {_MOST}")
    return int(text)


def _synthesize(chosen: argparse.Namespace) -> None:
    screen = Console()
    with screen.status("reading the data"):
        sets, recognizer = load_sets(find_data_folder()), Recognizer.load()

    async def work(store: Store) -> None:
        with Progress(console=screen) as progress:
            task = progress.add_task("making rounds", total=chosen.count)
            for batch in make_synthetic_rounds(chosen.count, chosen.seed, sets, recognizer):
                await store.add_rounds(batch)
                progress.advance(task, len(batch))

    asyncio.run(with_store(work))
    screen.print(f"{chosen.count:,} synthetic rounds are in the store.", highlight=False)


def load_sets(folder: Path) -> list[Samples]:
    """Return what synthetic rounds are made of: the sets that are in the data folder.

    Raises:
        DataMissing: if there is none of them.
    """
    found: list[Samples] = []
    if _is_present(folder, MNIST):
        found.append(load_mnist(folder, "train"))
    if _is_present(folder, UNIPEN):
        found.append(split_unipen(folder)[0])
    elif _is_present(folder, PENDIGITS):
        found.append(StrokeSet.load(folder / PENDIGITS.files[0]))
    if not found:
        require(folder, MNIST)
    return found


def make_synthetic_rounds(
    count: int, seed: int, sets: Sequence[Samples], recognizer: Recognizer
) -> Iterator[list[Round]]:
    """Yield ``count`` rounds in batches, as many of each set; the same seed makes the same drawings."""
    random = np.random.default_rng(seed)
    for start in range(0, count, BATCH):
        size = min(BATCH, count - start)
        made: list[Round] = []
        for number, samples in enumerate(sets):
            share = len(range(number, size, len(sets)))
            chosen = samples.take(random.integers(0, len(samples), share))
            if not share:
                continue
            if isinstance(chosen, PictureSet):
                made += _make_picture_rounds(chosen, random, recognizer)
            else:
                made += _make_drawing_rounds(chosen, random, recognizer)
        yield made


def rotate_images(images: npt.NDArray[np.uint8], random: Random) -> npt.NDArray[np.uint8]:
    """Return pictures (N, 28, 28), each turned about its middle by up to `MAX_ROTATION` degrees either way."""
    degrees = random.uniform(-MAX_ROTATION, MAX_ROTATION, len(images))
    return np.stack(
        [
            np.asarray(Image.fromarray(image).rotate(by, Image.Resampling.BICUBIC))
            for image, by in zip(images, degrees.tolist(), strict=True)
        ]
    )


def _make_picture_rounds(digits: PictureSet, random: Random, recognizer: Recognizer) -> list[Round]:
    """Return rounds like those of uploaded pictures."""
    pictures = rotate_images(digits.images, random)
    shown = np.stack([fit_image(picture) for picture in pictures])
    seen = recognizer.recognize_images(add_empty_directions(shown), "digits")
    return [
        _make_round(CLASSES[label], one, "digits", crop=encode_png(picture))
        for label, picture, one in zip(digits.labels.tolist(), pictures, seen, strict=True)
    ]


def _make_drawing_rounds(drawings: StrokeSet, random: Random, recognizer: Recognizer) -> list[Round]:
    ink = place_on_square(augment_paths(drawings.strokes, random))
    seen = recognizer.recognize_images(render(ink))
    return [
        _make_round(CLASSES[label], one, "any", drawing=drawing)
        for label, drawing, one in zip(drawings.labels.tolist(), to_drawings(ink), seen, strict=True)
    ]


def place_on_square(ink: StrokeBatch) -> StrokeBatch:
    """Return the drawings in the middle of the drawing square, in whole numbers."""
    starts, counts = ink.point_starts, ink.point_counts
    low, high = np.minimum.reduceat(ink.points, starts), np.maximum.reduceat(ink.points, starts)
    extent = np.maximum((high - low).max(axis=1), 1e-9)
    scale = np.repeat(_SIDE * _SQUARE / extent, counts)[:, None]
    points = np.rint((ink.points - np.repeat((low + high) / 2, counts, axis=0)) * scale + _SQUARE / 2)
    return StrokeBatch(points.clip(0, _SQUARE), ink.stroke_lengths, ink.stroke_counts)


def to_drawings(ink: StrokeBatch) -> list[Drawing]:
    """Return each drawing as Quick, Draw! has them, its points at an even pace."""
    strokes = [
        [*stroke.T.astype(np.int64).tolist()]
        for stroke in np.split(ink.points, np.cumsum(ink.stroke_lengths)[:-1])
    ]
    made: list[Drawing] = []
    ends = np.cumsum(ink.stroke_counts).tolist()
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        drawing: Drawing = []
        now = 0
        for xs, ys in strokes[start:end]:
            drawing.append([xs, ys, list(range(now, now + _POINT_MS * len(xs), _POINT_MS))])
            now += _POINT_MS * len(xs)
        made.append(drawing)
    return made


def _make_round(
    label: str, seen: Prediction, alphabet: str, *, drawing: Drawing | None = None, crop: bytes | None = None
) -> Round:
    return Round(
        id=make_id(),
        at=datetime.now(UTC),
        player=SYNTHETIC,
        source="synthetic",
        alphabet=alphabet,
        predicted=seen.label,
        confidence=seen.confidence,
        top=[(c.label, c.probability) for c in seen.candidates[:_CANDIDATES]],
        model=seen.model,
        label=label,
        drawing=drawing,
        crop=crop,
        image=encode_png(seen.image),
    )


def _is_present(folder: Path, source: Source) -> bool:
    try:
        require(folder, source)
    except DataMissing:
        return False
    return True
