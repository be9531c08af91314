"""Test sets: samples that models are evaluated on, prepared as if somebody had just sent them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Generic, TypeVar

import numpy as np

from recognition.page.segment import find_character
from recognition.render import SIZE, Images, add_empty_directions, render
from recognition.strokes import StrokeBatch
from training.datasets.photos import iterate_photos
from training.datasets.pictures import Ints, PictureSet, load_emnist, load_mnist
from training.datasets.sources import (
    MNIST_TEST,
    PHOTOS,
    UNIPEN,
    UNIPEN_VALIDATION,
    DataMissing,
    find_emnist,
)
from training.datasets.strokes import StrokeSet

_MAX_PICTURES: Final = 10_000  # enough to tell a fifth of a percent

Raw = TypeVar("Raw", StrokeBatch, bytes)


@dataclass(frozen=True, slots=True)
class TestSet(Generic[Raw]):
    """Samples to evaluate models on.

    Attributes:
        title: what they are.
        files: the files that hold them, by their paths inside the data folder. A model may have been trained on
            them.
        raw: each sample as a caller hands it in: a `StrokeBatch` of one drawing, or the bytes of a picture.
        prepare: makes uint8 (1, 28, 28, channels) of a raw sample, as `recognition.Recognizer` does.
        images: uint8 (N, 28, 28, channels), all of them prepared.
        labels: int64 (N,), indices into the 62 classes.
        without_ink: the number of further pictures, on which no ink was found.
        drawings: the samples as strokes; None for pictures.
    """

    title: str
    files: tuple[str, ...]
    raw: Sequence[Raw]
    prepare: Callable[[Raw], Images]
    images: Images
    labels: Ints
    without_ink: int = 0
    drawings: StrokeSet | None = None

    def __len__(self) -> int:
        return len(self.labels)


def load_drawing_test_set(path: Path) -> TestSet[StrokeBatch]:
    """Read a test set from an ``.npz`` file of drawings.

    Raises:
        DataMissing: if the file is not there.
    """
    if not path.is_file():
        raise DataMissing(
            f"{path} is missing. Set INKRUSH_DATA to the folder of the data sets, run `python -m training fetch "
            "unipen`, or name another file with --strokes."
        )
    drawings = StrokeSet.load(path)
    file = f"{path.parent.name}/{path.name}"
    known = {source.files[0]: source.name for source in (UNIPEN, UNIPEN_VALIDATION)}
    writers = len(np.unique(drawings.writers))
    return TestSet(
        title=f"{known.get(file, path.name)}: {len(drawings):,} drawings of {writers} writers",
        files=(file,),
        raw=[drawings.take(np.array([i])).strokes for i in range(len(drawings))],
        prepare=render,
        images=drawings.to_images(),
        labels=drawings.labels,
        drawings=drawings,
    )


def load_picture_test_set(name: str, folder: Path) -> TestSet[bytes]:
    """Read the set of pictures called ``name`` in `PICTURE_SETS` from the data folder.

    Raises:
        DataMissing: if they are not there.
    """
    title, files, samples = PICTURE_SETS[name](folder)
    characters = [(data, find_character(data), label) for data, label in samples]
    read = [(data, character.image, label) for data, character, label in characters if character]
    raw, images, labels = zip(*read, strict=True)
    return TestSet(
        title=f"{title}: {len(characters):,} pictures",
        files=files,
        raw=raw,
        prepare=_prepare_picture,
        images=add_empty_directions(np.stack(images)),
        labels=np.array(labels),
        without_ink=len(characters) - len(read),
    )


_Pictures = tuple[str, tuple[str, ...], list[tuple[bytes, int]]]


def _read_mnist(folder: Path) -> _Pictures:
    return MNIST_TEST.name, MNIST_TEST.files, _encode(load_mnist(folder, "t10k"))


def _read_emnist(folder: Path) -> _Pictures:
    # Models are only trained on the training part.
    return f"{find_emnist(folder).name}, test part", (), _encode(load_emnist(folder, "test"))


def _read_photos(folder: Path) -> _Pictures:
    # They are in the same file as the training photos, but by other writers.
    return f"{PHOTOS.name}, held out", (), list(iterate_photos(folder, "test"))


PICTURE_SETS: Final[dict[str, Callable[[Path], _Pictures]]] = {
    "mnist": _read_mnist,
    "emnist": _read_emnist,
    "photos": _read_photos,
}
"""The sets of pictures that models can be evaluated on."""


def _encode(pictures: PictureSet) -> list[tuple[bytes, int]]:
    if len(pictures) > _MAX_PICTURES:
        chosen = np.random.default_rng(62).choice(len(pictures), _MAX_PICTURES, replace=False)
        pictures = pictures.take(chosen)
    return list(pictures.encode_pngs())


def _prepare_picture(data: bytes) -> Images:
    character = find_character(data)
    picture = np.zeros((SIZE, SIZE), np.uint8) if character is None else character.image
    return add_empty_directions(picture[None])
