"""The data of a recipe: what is trained on, what settings are chosen by, and what the figures are measured on."""

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
    is_present,
    require,
)
from training.datasets.splits import load_emnist_parts, split_unipen
from training.datasets.strokes import StrokeSet

_VALIDATION_SPLIT: Final = 0.2


@dataclass(frozen=True, slots=True)
class DataMix:
    """The data of a recipe.

    Attributes:
        classes: the characters to tell apart, in label order.
        training: the sets to train on.
        sources: where these come from, for the card.
        layout: how the pictures are laid out, for the card.
        validation: samples that settings are chosen by.
        test: samples that the figures are measured on. Nothing is chosen by them.
        test_title: what the test samples are, for the card.
        natural_set: index in ``training`` of the set in which characters are as frequent as people write them and
            labels may be wrong; None if there is none.
        left_out: optional sources that are not in the data folder, for the card.
    """

    classes: str
    training: tuple[Samples, ...]
    sources: tuple[Source, ...]
    layout: str
    validation: Samples
    test: Samples
    test_title: str
    natural_set: int | None = None
    left_out: tuple[Source, ...] = ()


def load_all_characters(folder: Path) -> DataMix:
    """Return all 62 classes from drawings, scans and photos, laid out as the game shows them to its model.

    The photos are left out if they are not in the data folder.

    Raises:
        DataMissing: if another data set is not in the data folder.
    """
    emnist = find_emnist(folder)
    require(folder, UNIPEN, UNIPEN_VALIDATION, PENDIGITS, MNIST, emnist)
    has_photos = is_present(folder, PHOTOS)
    drawings, held_out = split_unipen(folder)
    test = StrokeSet.load(folder / UNIPEN_VALIDATION.files[0])
    return DataMix(
        classes=CLASSES,
        training=(
            drawings,
            StrokeSet.load(folder / PENDIGITS.files[0]),
            load_mnist(folder, "train").read_as_uploads(),
            *(part.read_as_uploads() for part in load_emnist_parts(folder)),
            *([load_augmented_photos(folder)] if has_photos else []),
            photograph_drawings(drawings, np.random.default_rng(62)),
        ),
        sources=(UNIPEN, PENDIGITS, MNIST, emnist, *([PHOTOS] if has_photos else [])),
        layout="as recognition.render makes it",
        validation=held_out,
        test=test,
        test_title=f"{len(test)} drawings of {len(np.unique(test.writers))} UNIPEN validation writers, "
        "whose drawings were not trained on",
        natural_set=0,
        left_out=() if has_photos else (PHOTOS,),
    )


def load_all_pictures(folder: Path) -> DataMix:
    """Return all 62 classes from scans alone: what can be learned without a single pen stroke.

    Raises:
        DataMissing: if a data set is not in the data folder.
    """
    emnist = find_emnist(folder)
    require(folder, MNIST, emnist)
    test = load_emnist(folder, "test").read_as_uploads()
    return DataMix(
        classes=CLASSES,
        training=(
            load_mnist(folder, "train").read_as_uploads(),
            *(part.read_as_uploads() for part in load_emnist_parts(folder)),
        ),
        sources=(MNIST, emnist),
        layout="as recognition.render makes it",
        validation=test,
        test=test,
        test_title=f"{len(test)} characters of EMNIST ByClass that were not trained on",
    )


def load_mnist_digits(folder: Path) -> DataMix:
    """Return MNIST alone, as the original app used it: its test set is also the validation set.

    Raises:
        DataMissing: if MNIST is not in the data folder.
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
        test_title=f"MNIST's {len(test)} test pictures, unaltered",
    )


def load_emnist_letters(folder: Path) -> DataMix:
    """Return the letters of EMNIST ByClass, as the original app used them: the last fifth is the validation set.

    The figures are measured on EMNIST's test part.

    Raises:
        DataMissing: if EMNIST is not in the data folder.
    """
    source = find_emnist(folder)
    parts = [_take_letters(part) for part in load_emnist_parts(folder)]
    letters = PictureSet(
        np.concatenate([part.images for part in parts]), np.concatenate([part.labels for part in parts])
    )
    if source == EMNIST_SAMPLE:
        letters = letters.take(np.random.default_rng(62).permutation(len(letters)))
    # Keras' validation_split takes the end, before anything is shuffled.
    training, validation = np.split(np.arange(len(letters)), [int(len(letters) * (1 - _VALIDATION_SPLIT))])
    test = _take_letters(load_emnist(folder, "test"))
    return DataMix(
        classes=UPPER + LOWER,
        training=(letters.take(training),),
        sources=(replace(source, name=f"{source.name}, letters"),),
        layout="as in EMNIST",
        validation=letters.take(validation),
        test=test,
        test_title=f"{len(test)} letters of EMNIST ByClass that were not trained on, unaltered",
    )


def _take_letters(pictures: PictureSet) -> PictureSet:
    return pictures.take(np.flatnonzero(pictures.labels >= len(DIGITS)))
