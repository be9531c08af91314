"""Sets of 28×28 pictures: MNIST and EMNIST ByClass, upright; ink has high values."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.page.images import encode_png
from recognition.page.segment import find_character
from recognition.render import SIZE, Images, add_empty_directions
from training.datasets.idx import decode_idx
from training.datasets.sources import (
    EMNIST,
    EMNIST_SAMPLE,
    MNIST,
    MNIST_TEST,
    explain_unreadable,
    find_emnist,
    require,
)
from training.progress import show_progress

Ints = npt.NDArray[np.int64]

_TEST_EVERY: Final = 5
_NATURAL, _SOME_CLASSES = 0, 1  # values of the array ``source`` in the sample
_EMNIST_MEMBER: Final = "gzip/emnist-byclass-{part}-{what}-ubyte.gz"


@dataclass(frozen=True, slots=True)
class PictureSet:
    """Labeled pictures.

    Attributes:
        images: uint8 (N, 28, 28); ink has high values.
        labels: int64 (N,), indices into the 62 classes.
        has_natural_mix: whether they are as people hand them in. Only such pictures tell how often people mean an
            o or a 0 by a shape that may be either.
    """

    images: Images
    labels: Ints
    has_natural_mix: bool = True

    def __len__(self) -> int:
        return len(self.labels)

    def to_images(self) -> Images:
        """Return uint8 (N, 28, 28, channels), as a model sees them."""
        return add_empty_directions(self.images)

    def take(self, chosen: Ints) -> PictureSet:
        """Return the pictures with the given indices, in that order."""
        return replace(self, images=self.images[chosen], labels=self.labels[chosen])

    def read_as_uploads(self) -> PictureSet:
        """Return the pictures as a model sees them after an upload; blank ones are left out.

        An uploaded scan changes a little: separating ink from paper sharpens it and moves its edges.
        """
        return read_photos(self.encode_pngs(), has_natural_mix=self.has_natural_mix)

    def encode_pngs(self) -> Iterator[tuple[bytes, int]]:
        """Yield each picture as a PNG, as somebody could upload it, and its label."""
        for image, label in zip(self.images, self.labels.tolist(), strict=True):
            yield encode_png(image), label


def read_photos(photos: Iterable[tuple[bytes, int]], *, has_natural_mix: bool = True) -> PictureSet:
    """Return photos of single characters, bytes and label each, as a model sees them; blank ones are left out."""
    read = [(find_character(data), label) for data, label in show_progress(photos, "reading pictures")]
    images = [character.image for character, _ in read if character]
    labels = [label for character, label in read if character]
    return PictureSet(
        np.array(images, dtype=np.uint8).reshape(-1, SIZE, SIZE), np.array(labels, dtype=np.int64), has_natural_mix
    )


def load_mnist(folder: Path, part: str) -> PictureSet:
    """Read MNIST's ``train`` or ``t10k`` part (IDX, gzip) from the data folder, unchanged.

    Raises:
        DataMissing: if it is not there.
    """
    source = MNIST if part == "train" else MNIST_TEST
    require(folder, source)
    arrays = []
    for file in source.files:
        with explain_unreadable(folder / file):
            arrays.append(decode_idx((folder / file).read_bytes()))
    images, labels = arrays
    return PictureSet(images, labels.astype(np.int64))


def load_emnist(folder: Path, part: str = "train") -> PictureSet:
    """Read EMNIST ByClass' ``train`` or ``test`` part from the data folder, turned upright.

    If only the sample is there, it is split: every fifth picture of its natural mix is the ``test`` part, the
    others of that mix are the ``train`` part.

    Raises:
        DataMissing: if neither is there.
    """
    if find_emnist(folder) == EMNIST_SAMPLE:
        sample, (natural,) = _load_emnist_sample(folder, _NATURAL)
        is_test = np.arange(len(natural)) % _TEST_EVERY == 0
        return sample.take(natural[is_test if part == "test" else ~is_test])
    require(folder, EMNIST)
    path = folder / EMNIST.files[0]
    with explain_unreadable(path), zipfile.ZipFile(path) as archive:
        sideways, labels = (
            decode_idx(archive.read(_EMNIST_MEMBER.format(part=part, what=what)))
            for what in ("images-idx3", "labels-idx1")
        )
    return PictureSet(sideways.swapaxes(1, 2), labels.astype(np.int64))


def load_emnist_extra(folder: Path) -> PictureSet:
    """Read the extra pictures that the sample of EMNIST has: lowercase letters and digits only, upright.

    Raises:
        DataMissing: if the sample is not in the data folder.
    """
    require(folder, EMNIST_SAMPLE)
    sample, (some,) = _load_emnist_sample(folder, _SOME_CLASSES)
    return sample.take(some)


def _load_emnist_sample(folder: Path, origin: int) -> tuple[PictureSet, tuple[Ints, ...]]:
    """Return the whole sample, and the indices of the pictures with one value of ``source``."""
    path = folder / EMNIST_SAMPLE.files[0]
    with explain_unreadable(path), path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
        sample = PictureSet(arrays["images"], arrays["labels"].astype(np.int64))
        return sample, np.nonzero(arrays["source"] == origin)
