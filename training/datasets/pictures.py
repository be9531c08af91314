"""Sets of 28×28 pictures: MNIST and EMNIST ByClass, upright, ink high."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from rich.progress import track

from recognition.page.images import encode_png
from recognition.page.segment import find_character
from recognition.render import Images, add_empty_directions
from training.datasets.idx import decode_idx
from training.datasets.sources import EMNIST, EMNIST_SAMPLE, MNIST, MNIST_TEST, find_emnist, require

Ints = npt.NDArray[np.int64]

_TEST_EVERY: Final = 5
_NATURAL, _SOME_CLASSES = 0, 1  # what the sample's array ``source`` says
_EMNIST_MEMBER: Final = "gzip/emnist-byclass-{part}-{what}-ubyte.gz"


@dataclass(frozen=True, slots=True)
class PictureSet:
    """Labelled pictures.

    Attributes:
        images: uint8 (N, 28, 28), ink high.
        labels: int64 (N,), indices into the 62 classes.
        has_habits: whether they are as people hand them in, so that they tell what of that sort is mostly meant by
            what may be an o or a 0.
    """

    images: Images
    labels: Ints
    has_natural_mix: bool = True

    def __len__(self) -> int:
        return len(self.labels)

    def to_images(self) -> Images:
        """Return uint8 (N, 28, 28, channels), as a model is shown them."""
        return add_empty_directions(self.images)

    def take(self, chosen: Ints) -> PictureSet:
        """Return the pictures of the given indices, in that order."""
        return replace(self, images=self.images[chosen], labels=self.labels[chosen])

    def read_as_uploads(self) -> PictureSet:
        """Return the pictures as a model is shown them when somebody sends them; blank ones are passed over.

        What is found of a scan is not quite the scan: telling ink from paper sharpens it and moves its edges.
        """
        return read_photos(self.encode_pngs(), has_natural_mix=self.has_natural_mix)

    def encode_pngs(self) -> Iterator[tuple[bytes, int]]:
        """Yield each picture as somebody could send it, a PNG, and its label."""
        for image, label in zip(self.images, self.labels.tolist(), strict=True):
            yield encode_png(image), label


def read_photos(photos: Iterable[tuple[bytes, int]], *, has_natural_mix: bool = True) -> PictureSet:
    """Return photos of single characters, bytes and label each, as they are read; blank ones are passed over."""
    found = [(find_character(data), label) for data, label in track(photos, "reading pictures", transient=True)]
    images, labels = zip(*((character.image, label) for character, label in found if character), strict=True)
    return PictureSet(np.stack(images), np.array(labels), has_natural_mix)


def load_mnist(folder: Path, part: str) -> PictureSet:
    """Read MNIST's ``train`` or ``t10k`` part (IDX, gzip) in the data folder, as it comes.

    Raises:
        DataMissing: if it is not there.
    """
    source = MNIST if part == "train" else MNIST_TEST
    require(folder, source)
    images, labels = (decode_idx((folder / file).read_bytes()) for file in source.files)
    return PictureSet(images, labels.astype(np.int64))


def load_emnist(folder: Path, part: str = "train") -> PictureSet:
    """Read EMNIST ByClass' ``train`` or ``test`` part in the data folder, as it comes but upright.

    Where the archive is not there, a fifth of the sample's pictures in their natural mix are the ``test`` part,
    and the others in that mix the ``train`` part.

    Raises:
        DataMissing: if it is not there.
    """
    if find_emnist(folder) == EMNIST_SAMPLE:
        sample, (natural,) = _load_emnist_sample(folder, _NATURAL)
        is_test = np.arange(len(natural)) % _TEST_EVERY == 0
        return sample.take(natural[is_test if part == "test" else ~is_test])
    require(folder, EMNIST)
    with zipfile.ZipFile(folder / EMNIST.files[0]) as archive:
        lying, labels = (
            decode_idx(archive.read(_EMNIST_MEMBER.format(part=part, what=what)))
            for what in ("images-idx3", "labels-idx1")
        )
    return PictureSet(lying.swapaxes(1, 2), labels.astype(np.int64))


def load_emnist_extra(folder: Path) -> PictureSet:
    """Read what more the sample of EMNIST has: small letters and digits alone, as they come but upright.

    Raises:
        DataMissing: if the sample is not in the data folder.
    """
    require(folder, EMNIST_SAMPLE)
    sample, (some,) = _load_emnist_sample(folder, _SOME_CLASSES)
    return sample.take(some)


def _load_emnist_sample(folder: Path, origin: int) -> tuple[PictureSet, tuple[Ints, ...]]:
    """Return the whole sample, and the indices of the pictures of one origin."""
    with np.load(folder / EMNIST_SAMPLE.files[0], allow_pickle=False) as arrays:
        sample = PictureSet(arrays["images"], arrays["labels"].astype(np.int64))
        return sample, np.nonzero(arrays["source"] == origin)
