"""Base data: the sets mixed in so that nothing is forgotten, and the sets that both models are tested on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from recognition.alphabets import ALPHABETS, CLASSES
from recognition.strokes import join_batches
from training.datasets.photos import EmptyPart, iterate_photos
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
    UNIPEN_VALIDATION,
    Source,
)
from training.datasets.splits import load_emnist_parts, split_unipen
from training.datasets.strokes import StrokeSet
from training.errors import NoBaseData
from training.retrain.base_gate import BaseSet

_MAX_REPLAY_PICTURES: Final = 8_000  # of a set: as many as a retrain has time for
_MAX_REPLAY_DRAWINGS: Final = 20_000  # of a set
_MAX_REPLAY_PHOTOS: Final = 500  # finding the character on a photo takes a while
_MAX_TEST_PICTURES: Final = 2_000  # of a set


@dataclass(frozen=True, slots=True)
class ReplaySet:
    """A part of a set that the champion was trained on.

    Attributes:
        samples: the samples that are replayed.
        full_size: how many samples the whole set has. The replayed samples stand for all of them.
    """

    samples: Samples
    full_size: int


def check_replay(card: Mapping[str, Any], folder: Path) -> None:
    """Check that there is base data to replay, without reading it.

    Args:
        card: the champion's.
        folder: the data folder.

    Raises:
        NoBaseData: if the data folder holds nothing that the champion was trained on.
    """
    if not _list_replay_loaders(card, folder):
        raise _explain_missing_data(CLASSES, folder)


def load_replay(card: Mapping[str, Any], folder: Path) -> tuple[ReplaySet, ...]:
    """Return a part of each set in the data folder that the champion was trained on.

    Args:
        card: the champion's.
        folder: the data folder.

    Raises:
        NoBaseData: if they have no sample of some character, which would be forgotten.
    """
    replay = tuple(part for load in _list_replay_loaders(card, folder) for part in load(folder))
    known = {CLASSES[label] for part in replay for label in np.unique(part.samples.labels).tolist()}
    if missing := "".join(c for c in CLASSES if c not in known):
        raise _explain_missing_data(missing, folder)
    return replay


def load_base_sets(folder: Path) -> Iterator[BaseSet]:
    """Yield the sets in the data folder that no model is trained on.

    Of drawings, every one is tested: those of UNIPEN's writers who are held out of training, and those of its
    validation writers.
    """
    for sources, load in _BASE_SET_LOADERS:
        if any(_has_files(folder, source) for source in sources):
            base_set = load(folder)
            if len(base_set.samples):
                yield base_set


def _list_replay_loaders(card: Mapping[str, Any], folder: Path) -> list[Callable[[Path], list[ReplaySet]]]:
    trained_on = {file for source in card.get("data", ()) for file in source.get("files", ())}
    return [
        load
        for sources, load in _REPLAY_LOADERS
        if any(trained_on.intersection(source.files) for source in sources)
        and any(_has_files(folder, source) for source in sources)
    ]


def _explain_missing_data(missing: str, folder: Path) -> NoBaseData:
    return NoBaseData(
        f"Retraining would make the model forget {missing}: {folder} has none of the data that it learned these "
        "characters from. `python -m training fetch mnist emnist` gets enough. INKRUSH_DATA names the folder."
    )


def _replay_unipen(folder: Path) -> list[ReplaySet]:
    return [_sample_drawings(split_unipen(folder)[0])]


def _replay_photos(folder: Path) -> list[ReplaySet]:
    photos = _list_photos(folder, "train")
    samples = _sample_photos(photos, _MAX_REPLAY_PHOTOS)
    return [ReplaySet(samples, len(photos))] if len(samples) else []


def _sample_drawings(drawings: StrokeSet) -> ReplaySet:
    chosen = _choose(len(drawings), min(len(drawings), _MAX_REPLAY_DRAWINGS))
    return ReplaySet(drawings.take(chosen), len(drawings))


def _sample_scans(scans: PictureSet) -> ReplaySet:
    return ReplaySet(_sample_pictures(scans, _MAX_REPLAY_PICTURES).read_as_uploads(), len(scans))


_REPLAY_LOADERS: Final[tuple[tuple[tuple[Source, ...], Callable[[Path], list[ReplaySet]]], ...]] = (
    ((UNIPEN,), _replay_unipen),
    ((PENDIGITS,), lambda folder: [_sample_drawings(StrokeSet.load(folder / PENDIGITS.files[0]))]),
    ((MNIST,), lambda folder: [_sample_scans(load_mnist(folder, "train"))]),
    ((EMNIST, EMNIST_SAMPLE), lambda folder: [_sample_scans(part) for part in load_emnist_parts(folder)]),
    ((PHOTOS,), _replay_photos),
)


def _load_drawings(folder: Path) -> BaseSet:
    parts = [split_unipen(folder)[1]] if _has_files(folder, UNIPEN) else []
    if _has_files(folder, UNIPEN_VALIDATION):
        parts.append(StrokeSet.load(folder / UNIPEN_VALIDATION.files[0]))
    drawings = _join(parts)
    return BaseSet(f"{len(np.unique(drawings.writers))} writers of UNIPEN", drawings, tuple(ALPHABETS))


def _join(parts: Sequence[StrokeSet]) -> StrokeSet:
    """Return the drawings of several sets as one set. Each set numbers its writers on its own."""
    firsts = np.cumsum([0, *(int(part.writers.max()) + 1 for part in parts)])
    return StrokeSet(
        join_batches([part.strokes for part in parts]),
        np.concatenate([part.labels for part in parts]),
        np.concatenate([first + part.writers for first, part in zip(firsts, parts, strict=False)]),
    )


def _load_mnist_test(folder: Path) -> BaseSet:
    digits = _sample_pictures(load_mnist(folder, "t10k"), _MAX_TEST_PICTURES)
    return BaseSet("MNIST's test part", digits.read_as_uploads(), ("digits",))


def _load_emnist_test(folder: Path) -> BaseSet:
    characters = _sample_pictures(load_emnist(folder, "test"), _MAX_TEST_PICTURES)
    return BaseSet("EMNIST's test part", characters.read_as_uploads(), ("any",))


def _load_photos_test(folder: Path) -> BaseSet:
    photos = _sample_photos(_list_photos(folder, "test"), _MAX_TEST_PICTURES)
    return BaseSet("the test part of the photos", photos, ("any",))


_BASE_SET_LOADERS: Final[tuple[tuple[tuple[Source, ...], Callable[[Path], BaseSet]], ...]] = (
    ((UNIPEN, UNIPEN_VALIDATION), _load_drawings),
    ((MNIST_TEST,), _load_mnist_test),
    ((EMNIST, EMNIST_SAMPLE), _load_emnist_test),
    ((PHOTOS,), _load_photos_test),
)


def _list_photos(folder: Path, part: str) -> list[tuple[bytes, int]]:
    """Return the photos of a part, bytes and label each. All photos may be of the other part."""
    try:
        return list(iterate_photos(folder, part))
    except EmptyPart:
        return []


def _sample_photos(photos: Sequence[tuple[bytes, int]], limit: int) -> PictureSet:
    return read_photos(photos[i] for i in _choose(len(photos), min(limit, len(photos))).tolist())


def _sample_pictures(pictures: PictureSet, limit: int) -> PictureSet:
    return pictures.take(_choose(len(pictures), limit)) if len(pictures) > limit else pictures


def _choose(count: int, size: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return ``size`` of the indices below ``count``, the same ones in every retrain."""
    return np.random.default_rng(62).choice(count, size, replace=False)


def _has_files(folder: Path, source: Source) -> bool:
    return all((folder / file).is_file() for file in source.files)
