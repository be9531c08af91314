"""Base data beside the players': what is taught again, so that nothing is forgotten, and what is asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from recognition.alphabets import CLASSES
from training.datasets.photos import iterate_photos
from training.datasets.pictures import PictureSet, load_emnist, load_mnist, read_photos
from training.datasets.samples import Samples
from training.datasets.sources import (
    EMNIST,
    EMNIST_SAMPLE,
    MNIST,
    MNIST_TEST,
    PENDIGITS,
    PHOTOS,
    UNIPEN,
    Source,
)
from training.datasets.splits import load_emnist_parts, split_unipen
from training.datasets.strokes import StrokeSet
from training.errors import NoBaseData
from training.retrain.compare import Questions

_MOST_TAUGHT: Final = 8_000  # pictures of a set: as many as a retrain has time for
_MOST_DRAWN: Final = 20_000  # drawings of a set
_MOST_ASKED: Final = 2_000  # samples of a set: tells half a percent
_MOST_PHOTOS: Final = 500  # it takes a while to find what is on a photo


@dataclass(frozen=True, slots=True)
class Replayed:
    """Some of a set that a model was taught from.

    Attributes:
        samples: those that are taught again.
        whole: how many the set has, so that some of it can stand for all.
    """

    samples: Samples
    whole: int


def replay(card: Mapping[str, Any], folder: Path) -> tuple[Replayed, ...]:
    """Return what there is in the data folder of all that a model was taught from, by its card.

    Raises:
        NoBaseData: if that leaves a character without any sample: it would be forgotten.
    """
    taught = {file for source in card.get("data", ()) for file in source.get("files", ())}
    replayed = tuple(
        part
        for sources, load in _TAUGHT
        if any(taught.intersection(source.files) for source in sources)
        and any(_is_there(folder, source) for source in sources)
        for part in load(folder)
    )
    known = {CLASSES[label] for one in replayed for label in np.unique(one.samples.labels).tolist()}
    if missing := "".join(c for c in CLASSES if c not in known):
        raise NoBaseData(
            f"To teach a model further without it forgetting {missing}, it has to see some of what it was taught "
            f"from again, and {folder} holds none of it. `python -m training fetch mnist emnist` brings enough; "
            "INKRUSH_DATA names the folder."
        )
    return replayed


def questions(folder: Path) -> Iterator[Questions]:
    """Yield what there is in the data folder to ask models that nobody was taught from."""
    for sources, ask in _ASKED:
        if any(_is_there(folder, source) for source in sources):
            yield ask(folder)


def _unipen_again(folder: Path) -> list[Replayed]:
    return [_drawings(split_unipen(folder)[0])]


def _photos_again(folder: Path) -> list[Replayed]:
    photos = list(iterate_photos(folder, "train"))
    return [Replayed(_photos(photos, _MOST_PHOTOS), len(photos))]


def _drawings(drawings: StrokeSet) -> Replayed:
    return Replayed(drawings.take(_chosen(len(drawings), min(len(drawings), _MOST_DRAWN))), len(drawings))


def _scans(pictures: PictureSet) -> Replayed:
    return Replayed(_some(pictures, _MOST_TAUGHT).read_as_uploads(), len(pictures))


_TAUGHT: Final[tuple[tuple[tuple[Source, ...], Callable[[Path], list[Replayed]]], ...]] = (
    ((UNIPEN,), _unipen_again),
    ((PENDIGITS,), lambda folder: [_drawings(StrokeSet.load(folder / PENDIGITS.files[0]))]),
    ((MNIST,), lambda folder: [_scans(load_mnist(folder, "train"))]),
    ((EMNIST, EMNIST_SAMPLE), lambda folder: [_scans(part) for part in load_emnist_parts(folder)]),
    ((PHOTOS,), _photos_again),
)


def _ask_unipen(folder: Path) -> Questions:
    apart = split_unipen(folder)[1]
    if len(apart) > _MOST_ASKED:
        apart = apart.take(_chosen(len(apart), _MOST_ASKED))
    writers = len(np.unique(apart.writers))
    return _asked(f"drawings of {writers} writers of UNIPEN", apart, "any")


def _ask_mnist(folder: Path) -> Questions:
    return _asked(
        "MNIST's test digits", _some(load_mnist(folder, "t10k"), _MOST_ASKED).read_as_uploads(), "digits"
    )


def _ask_emnist(folder: Path) -> Questions:
    return _asked(
        "EMNIST's test characters", _some(load_emnist(folder, "test"), _MOST_ASKED).read_as_uploads(), "any"
    )


def _ask_photos(folder: Path) -> Questions:
    return _asked(
        "photos of characters on paper", _photos(list(iterate_photos(folder, "test")), _MOST_ASKED), "any"
    )


_ASKED: Final[tuple[tuple[tuple[Source, ...], Callable[[Path], Questions]], ...]] = (
    ((UNIPEN,), _ask_unipen),
    ((MNIST_TEST,), _ask_mnist),
    ((EMNIST, EMNIST_SAMPLE), _ask_emnist),
    ((PHOTOS,), _ask_photos),
)


def _asked(title: str, samples: Samples, alphabet: str) -> Questions:
    return Questions(title, samples.to_images(), samples.labels, (alphabet,) * len(samples))


def _photos(photos: Sequence[tuple[bytes, int]], most: int) -> PictureSet:
    return read_photos(photos[i] for i in _chosen(len(photos), min(most, len(photos))).tolist())


def _some(pictures: PictureSet, most: int) -> PictureSet:
    return pictures.take(_chosen(len(pictures), most)) if len(pictures) > most else pictures


def _chosen(count: int, most: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.random.default_rng(62).choice(count, most, replace=False)


def _is_there(folder: Path, source: Source) -> bool:
    return all((folder / file).is_file() for file in source.files)
