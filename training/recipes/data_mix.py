"""What a recipe teaches: the data, the classes, and what the taught model is judged by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from recognition.alphabets import CLASSES, DIGITS, LOWER, UPPER
from training.augmentation.camera import photographs_of
from training.datasets.photos import paper_photos
from training.datasets.pictures import PictureSet, emnist, emnist_of_some, mnist
from training.datasets.sources import (
    EMNIST_SAMPLE,
    MNIST,
    MNIST_TEST,
    PENDIGITS,
    PHOTOS,
    UNIPEN,
    UNIPEN_APART,
    Source,
    emnist_in,
    require,
)
from training.datasets.strokes import StrokeSet

_HELD_OUT_SHARE: Final = 0.1
"""Of UNIPEN's training writers, kept apart to choose by; the validation writers are for reporting only."""

_MOST_EMNIST: Final = 60_000  # pictures among the drawings: the whole of EMNIST would drown them
_VALIDATION_SPLIT: Final = 0.2

Samples = StrokeSet | PictureSet


@dataclass(frozen=True, slots=True)
class Lesson:
    """The data of a recipe.

    Attributes:
        classes: the characters to be told apart, in label order.
        taught: what is taught from.
        sources: where that comes from, for the card.
        layout: how the pictures are laid out, for the card.
        chosen_by: samples kept apart: settings are chosen by these.
        reported_on: samples that figures are reported on, and nothing is chosen by.
        reported_as: what those are, for the card.
        natural: which of ``taught`` is as people draw, with labels that are to be doubted.
    """

    classes: str
    taught: tuple[Samples, ...]
    sources: tuple[Source, ...]
    layout: str
    chosen_by: Samples
    reported_on: Samples
    reported_as: str
    natural: int | None = None


def every_character(folder: Path) -> Lesson:
    """Every one of the 62 classes, from drawings, scans and photos, laid out as the game shows them to its model.

    Raises:
        DataMissing: naming the files that are not in the data folder and where they come from.
    """
    pictures = emnist_in(folder)
    sources = (UNIPEN, PENDIGITS, MNIST, pictures, PHOTOS)
    require(folder, *sources, UNIPEN_APART)
    taught, chosen_by = unipen_parts(folder)
    strangers = StrokeSet.load(folder / UNIPEN_APART.files[0])
    return Lesson(
        classes=CLASSES,
        taught=(
            taught,
            StrokeSet.load(folder / PENDIGITS.files[0]),
            mnist(folder, "train").as_read(),
            *(some.as_read() for some in emnist_parts(folder)),
            paper_photos(folder),
            photographs_of(taught, np.random.default_rng(62)),
        ),
        sources=sources,
        layout="as recognition.render makes it",
        chosen_by=chosen_by,
        reported_on=strangers,
        reported_as=f"{len(strangers)} drawings of {len(np.unique(strangers.writers))} UNIPEN validation "
        "writers, none of whom was taught from",
        natural=0,
    )


def every_picture(folder: Path) -> Lesson:
    """Every one of the 62 classes, from scans alone: what is to be had without a single pen stroke.

    Raises:
        DataMissing: naming the files that are not in the data folder and where they come from.
    """
    pictures = emnist_in(folder)
    require(folder, MNIST, pictures)
    test = emnist(folder, "test").as_read()
    return Lesson(
        classes=CLASSES,
        taught=(
            mnist(folder, "train").as_read(),
            *(some.as_read() for some in emnist_parts(folder)),
        ),
        sources=(MNIST, pictures),
        layout="as recognition.render makes it",
        chosen_by=test,
        reported_on=test,
        reported_as=f"{len(test)} characters of EMNIST ByClass that were not taught from",
    )


def mnist_digits(folder: Path) -> Lesson:
    """MNIST alone, with its test set for validation too, as the original app had it.

    Raises:
        DataMissing: if it is not in the data folder.
    """
    require(folder, MNIST, MNIST_TEST)
    test = mnist(folder, "t10k")
    return Lesson(
        classes=DIGITS,
        taught=(mnist(folder, "train"),),
        sources=(MNIST,),
        layout="as in MNIST",
        chosen_by=test,
        reported_on=test,
        reported_as=f"MNIST's {len(test)} test pictures, as they come",
    )


def emnist_letters(folder: Path) -> Lesson:
    """Letters of EMNIST ByClass, the last fifth for validation, as the original app had it.

    The figures are of the test part.

    Raises:
        DataMissing: if it is not in the data folder.
    """
    source = emnist_in(folder)
    parts = [_letters(part) for part in emnist_parts(folder)]
    everything = PictureSet(*(np.concatenate(a) for a in zip(*((p.images, p.labels) for p in parts), strict=True)))
    if source == EMNIST_SAMPLE:
        everything = everything.take(np.random.default_rng(62).permutation(len(everything)))
    # What Keras' validation_split takes: the end, before anything is shuffled.
    taught, validation = np.split(np.arange(len(everything)), [int(len(everything) * (1 - _VALIDATION_SPLIT))])
    chosen_by = everything.take(validation)
    reported_on = _letters(emnist(folder, "test"))
    return Lesson(
        classes=UPPER + LOWER,
        taught=(everything.take(taught),),
        sources=(replace(source, name=f"{source.name}, letters"),),
        layout="as in EMNIST",
        chosen_by=chosen_by,
        reported_on=reported_on,
        reported_as=f"{len(reported_on)} letters of EMNIST ByClass that were not taught from, as they come",
    )


def unipen_parts(folder: Path) -> tuple[StrokeSet, StrokeSet]:
    """Return what may be taught of UNIPEN's training writers, and the drawings of those kept apart.

    Some drawings are in UNIPEN twice, by two writers' names: what is also by somebody kept apart is not taught.
    """
    unipen = StrokeSet.load(folder / UNIPEN.files[0])
    taught, apart = unipen.split(_held_out_writers(unipen))
    taught = taught.without(apart)
    strangers = folder / UNIPEN_APART.files[0]
    return (taught.without(StrokeSet.load(strangers)) if strangers.is_file() else taught), apart


def _held_out_writers(drawings: StrokeSet) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the writers kept apart: every tenth of them, the same ones always."""
    writers = np.unique(drawings.writers)
    order = np.random.default_rng(62).permutation(len(writers))
    return np.sort(writers[order[: round(len(writers) * _HELD_OUT_SHARE)]])


def _letters(pictures: PictureSet) -> PictureSet:
    return pictures.take(np.flatnonzero(pictures.labels >= len(DIGITS)))


def emnist_parts(folder: Path) -> list[PictureSet]:
    """Return what there is of EMNIST to be taught: all classes, and then those of which the sample has more."""
    if emnist_in(folder) == EMNIST_SAMPLE:
        return [part for part in (emnist(folder), emnist_of_some(folder)) if len(part)]
    return [_some(emnist(folder), _MOST_EMNIST)]


def _some(pictures: PictureSet, most: int) -> PictureSet:
    if len(pictures) <= most:
        return pictures
    return pictures.take(np.random.default_rng(62).choice(len(pictures), most, replace=False))
