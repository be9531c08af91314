"""Where the data sets come from, as cards name them, and the files that hold them in the data folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final


class DataMissing(Exception):
    """A set is not in the data folder."""


@dataclass(frozen=True, slots=True)
class Source:
    """A set of samples.

    Attributes:
        name: what it is.
        licence: what allows its use.
        citation: who made it.
        files: what holds it, by paths inside the data folder.
    """

    name: str
    licence: str
    citation: str
    files: tuple[str, ...]


UNIPEN: Final = Source(
    "UNIPEN train_r01_v07, isolated digits, capitals and small letters",
    "CC BY 4.0",
    "Guyon, Schomaker, Plamondon, Liberman, Janet: UNIPEN project of on-line data exchange and recognizer "
    "benchmarks, ICPR 1994. International Unipen Foundation, doi:10.5281/zenodo.1195803",
    ("unipen62/train.npz",),
)
UNIPEN_VALIDATION: Final = Source(
    f"{UNIPEN.name}, validation writers", UNIPEN.licence, UNIPEN.citation, ("unipen62/val.npz",)
)
PENDIGITS: Final = Source(
    "Pen-Based Recognition of Handwritten Digits (UCI 81)",
    "CC BY 4.0",
    "Alpaydin, Alimoglu: Pen-Based Recognition of Handwritten Digits, 1996. doi:10.24432/C5MG6K",
    ("pendigits/train.npz",),
)
MNIST: Final = Source(
    "MNIST",
    "commonly stated as CC BY-SA 3.0",
    "LeCun, Cortes, Burges: The MNIST database of handwritten digits, 1998",
    ("mnist/train-images-idx3-ubyte.gz", "mnist/train-labels-idx1-ubyte.gz"),
)
MNIST_TEST: Final = Source(
    "MNIST, test set",
    MNIST.licence,
    MNIST.citation,
    ("mnist/t10k-images-idx3-ubyte.gz", "mnist/t10k-labels-idx1-ubyte.gz"),
)
EMNIST: Final = Source(
    "EMNIST ByClass",
    "US government work (NIST Special Database 19)",
    "Cohen, Afshar, Tapson, van Schaik: EMNIST, an extension of MNIST to handwritten letters, 2017",
    ("emnist/gzip.zip",),
)
EMNIST_SAMPLE: Final = Source(
    "EMNIST ByClass (a sample)", EMNIST.licence, EMNIST.citation, ("emnist/byclass_sample.npz",)
)
PHOTOS: Final = Source(
    "Photos of single characters on paper",
    "MIT",
    "Copyright (c) 2025 Bishwaprotap Ray",
    ("paper62/photos.zip",),
)


def find_data_folder() -> Path:
    """Return the folder of local copies, ``INKRUSH_DATA`` or ``data``."""
    return Path(os.environ.get("INKRUSH_DATA", "data"))


def require(folder: Path, *sources: Source) -> None:
    """Check that the sets are there.

    Raises:
        DataMissing: naming the files that are not there and where they come from.
    """
    missing = [(s, f) for s in sources for f in s.files if not (folder / f).is_file()]
    if missing:
        listed = "\n".join(f"  {folder / file}: {source.citation}" for source, file in missing)
        raise DataMissing(
            "These files are missing; set INKRUSH_DATA to the folder that holds them, or see what "
            f"`python -m training fetch` can do.\n{listed}"
        )


def find_emnist(folder: Path) -> Source:
    """Return what there is of EMNIST: the whole archive, or else a sample of it.

    Raises:
        DataMissing: if there is neither.
    """
    if (folder / EMNIST_SAMPLE.files[0]).is_file() and not (folder / EMNIST.files[0]).is_file():
        return EMNIST_SAMPLE
    require(folder, EMNIST)
    return EMNIST
