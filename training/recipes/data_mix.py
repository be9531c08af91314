"""What a recipe teaches: the data, the classes, and what the taught model is judged by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from recognition.alphabets import CLASSES, DIGITS, LOWER, UPPER
from training.augmentation.camera import load_augmented_photos, photograph_drawings
from training.datasets.pictures import PictureSet, load_emnist, load_mnist
from training.datasets.samples import Samples
from training.datasets.sources import (
    EMNIST_SAMPLE,
    MNIST,
    MNIST_TEST,
    PENDIGITS,
    PHOTOS,
    UNIPEN,
    UNIPEN_VALIDATION,
    Source,
    find_emnist,
    require,
)
from training.datasets.splits import load_emnist_parts, split_unipen
from training.datasets.strokes import StrokeSet

_VALIDATION_SPLIT: Final = 0.2


@dataclass(frozen=True, slots=True)
class DataMix:
    """The data of a recipe.

    Attributes:
        classes: the characters to be told apart, in label order.
        training: what is trained on.
        sources: where that comes from, for the card.
        layout: how the pictures are laid out, for the card.
        chosen_by: samples kept apart: settings are chosen by these.
        reported_on: samples that figures are reported on, and nothing is chosen by.
        reported_as: what those are, for the card.
        natural: which of ``training`` is as people draw, with labels that are to be doubted.
    """

    classes: str
    training: tuple[Samples, ...]
    sources: tuple[Source, ...]
    layout: str
    validation: Samples
    test: Samples
    test_title: str
    natural_set: int | None = None


def load_all_characters(folder: Path) -> DataMix:
    """Every one of the 62 classes, from drawings, scans and photos, laid out as the game shows them to its model.

    Raises:
        DataMissing: naming the files that are not in the data folder and where they come from.
    """
    pictures = find_emnist(folder)
    sources = (UNIPEN, PENDIGITS, MNIST, pictures, PHOTOS)
    require(folder, *sources, UNIPEN_VALIDATION)
    taught, validation = split_unipen(folder)
    strangers = StrokeSet.load(folder / UNIPEN_VALIDATION.files[0])
    return DataMix(
        classes=CLASSES,
        training=(
            taught,
            StrokeSet.load(folder / PENDIGITS.files[0]),
            load_mnist(folder, "train").read_as_uploads(),
            *(some.read_as_uploads() for some in load_emnist_parts(folder)),
            load_augmented_photos(folder),
            photograph_drawings(taught, np.random.default_rng(62)),
        ),
        sources=sources,
        layout="as recognition.render makes it",
        validation=validation,
        test=strangers,
        test_title=f"{len(strangers)} drawings of {len(np.unique(strangers.writers))} UNIPEN validation "
        "writers, none of whom was taught from",
        natural_set=0,
    )


def load_all_pictures(folder: Path) -> DataMix:
    """Every one of the 62 classes, from scans alone: what is to be had without a single pen stroke.

    Raises:
        DataMissing: naming the files that are not in the data folder and where they come from.
    """
    pictures = find_emnist(folder)
    require(folder, MNIST, pictures)
    test = load_emnist(folder, "test").read_as_uploads()
    return DataMix(
        classes=CLASSES,
        training=(
            load_mnist(folder, "train").read_as_uploads(),
            *(some.read_as_uploads() for some in load_emnist_parts(folder)),
        ),
        sources=(MNIST, pictures),
        layout="as recognition.render makes it",
        validation=test,
        test=test,
        test_title=f"{len(test)} characters of EMNIST ByClass that were not taught from",
    )


def load_mnist_digits(folder: Path) -> DataMix:
    """MNIST alone, with its test set for validation too, as the original app had it.

    Raises:
        DataMissing: if it is not in the data folder.
    """
    require(folder, MNIST, MNIST_TEST)
    test = load_mnist(folder, "t10k")
    return DataMix(
        classes=DIGITS,
        training=(load_mnist(folder, "train"),),
        sources=(MNIST,),
        layout="as in MNIST",
        validation=test,
        test=test,
        test_title=f"MNIST's {len(test)} test pictures, as they come",
    )


def load_emnist_letters(folder: Path) -> DataMix:
    """Letters of EMNIST ByClass, the last fifth for validation, as the original app had it.

    The figures are of the test part.

    Raises:
        DataMissing: if it is not in the data folder.
    """
    source = find_emnist(folder)
    parts = [_take_letters(part) for part in load_emnist_parts(folder)]
    everything = PictureSet(*(np.concatenate(a) for a in zip(*((p.images, p.labels) for p in parts), strict=True)))
    if source == EMNIST_SAMPLE:
        everything = everything.take(np.random.default_rng(62).permutation(len(everything)))
    # What Keras' validation_split takes: the end, before anything is shuffled.
    taught, validation = np.split(np.arange(len(everything)), [int(len(everything) * (1 - _VALIDATION_SPLIT))])
    validation = everything.take(validation)
    test = _take_letters(load_emnist(folder, "test"))
    return DataMix(
        classes=UPPER + LOWER,
        training=(everything.take(taught),),
        sources=(replace(source, name=f"{source.name}, letters"),),
        layout="as in EMNIST",
        validation=validation,
        test=test,
        test_title=f"{len(test)} letters of EMNIST ByClass that were not taught from, as they come",
    )


def _take_letters(pictures: PictureSet) -> PictureSet:
    return pictures.take(np.flatnonzero(pictures.labels >= len(DIGITS)))
