"""The marks that the network is trained on, and those of other writers to choose and to measure by."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np

from recognition.recognizer import Recognizer
from training.datasets.photos import iterate_photos
from training.datasets.pictures import PictureSet, load_emnist, load_mnist
from training.datasets.sources import MNIST, MNIST_TEST, PHOTOS, UNIPEN, is_present, require
from training.datasets.splits import load_emnist_parts, split_unipen
from training.marks.candidates import Candidates, collect_from_pages, collect_from_pictures
from training.marks.characters import Characters, drop_doubtful
from training.marks.pictures import enlarge_scans

_SCANS: Final = 6_000  # of MNIST and of EMNIST each, that are shown alone
_HELD_OUT_SCANS: Final = 900  # the same, to choose and to measure by
_PAGES_OF_PART: Final = 3_500  # pages that are laid out, and then stored
_HELD_OUT_SHARE: Final = 2 / 35  # pages of held-out writers, relative to those to train on


def load_marks(folder: Path, out: Path, pages: int, seed: int) -> tuple[Candidates, Candidates]:
    """Return the marks to train on, and those of held-out writers.

    They are stored in ``out`` part by part, so that a run that was stopped need not lay them out again.

    Raises:
        DataMissing: if UNIPEN or MNIST is not in the data folder.
    """
    require(folder, UNIPEN, MNIST, MNIST_TEST)
    counts = [min(_PAGES_OF_PART, pages - start) for start in range(0, pages, _PAGES_OF_PART)]
    training = [_load_part(folder, out, True, count, seed + number) for number, count in enumerate(counts)]
    return Candidates.join(training), _load_part(folder, out, False, max(1, round(_HELD_OUT_SHARE * pages)), seed)


def _load_part(folder: Path, out: Path, is_training: bool, pages: int, seed: int) -> Candidates:
    path = out / f"{'train' if is_training else 'held-out'}-{pages}-{seed}.npz"
    if not path.is_file():
        _collect(folder, is_training, pages, seed).save(path)
    return Candidates.load(path)


def _collect(folder: Path, is_training: bool, pages: int, seed: int) -> Candidates:
    random = np.random.default_rng((seed, int(is_training)))
    training, held_out = split_unipen(folder)
    drawings = drop_doubtful(training if is_training else held_out, Recognizer.load())
    mnist = load_mnist(folder, "train" if is_training else "t10k")
    emnist = load_emnist_parts(folder) if is_training else [load_emnist(folder, "test")]
    scans = [mnist, *emnist]
    joined = PictureSet(
        np.concatenate([part.images for part in scans]), np.concatenate([part.labels for part in scans])
    )
    parts = [collect_from_pages(Characters.index(drawings, joined), pages, random)]
    most = _SCANS if is_training else _HELD_OUT_SCANS
    most = min(most, 3 * pages)
    for pictures in (mnist, *emnist):
        chosen = pictures.take(random.permutation(len(pictures))[:most])
        parts.append(collect_from_pictures(enlarge_scans(chosen, random), random))
    if is_present(folder, PHOTOS):
        photos = islice(iterate_photos(folder, "train" if is_training else "test"), most)
        parts.append(collect_from_pictures(photos, random))
    return Candidates.join(parts)
