"""Sets of 28×28 pictures: MNIST and EMNIST, laid out as `recognition.render` lays out strokes."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from recognition.finding import fit
from recognition.render import Images

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PictureSet:
    """Labelled pictures: uint8 (N, 28, 28), ink high, and int64 (N,), indices into the 62 classes."""

    images: Images
    labels: Ints

    def __len__(self) -> int:
        return len(self.labels)


def mnist(folder: Path, part: str) -> PictureSet:
    """Read MNIST's ``train`` or ``t10k`` files (IDX, gzip) and fit each digit to the serving layout."""
    images = _idx(folder / f"{part}-images-idx3-ubyte.gz", header=16).reshape(-1, 28, 28)
    labels = _idx(folder / f"{part}-labels-idx1-ubyte.gz", header=8)
    return PictureSet(_fitted(images), labels.astype(np.int64))


def emnist_sample(path: Path) -> PictureSet:
    """Read an ``.npz`` of EMNIST ByClass images with the arrays ``images`` and ``labels``."""
    with np.load(path, allow_pickle=False) as arrays:
        return PictureSet(_fitted(arrays["images"]), arrays["labels"].astype(np.int64))


def _idx(path: Path, header: int) -> Images:
    return np.frombuffer(gzip.decompress(path.read_bytes()), dtype=np.uint8, offset=header)


def _fitted(images: Images) -> Images:
    return np.stack([fit(Image.fromarray(image)) for image in images])
