"""Where the data sets come from, and the files that hold them in the data folder."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from feedback.location import read_folder
from training.errors import TrainingError, UnreadableData


class DataMissing(TrainingError):
    """A data set is not in the data folder."""


@dataclass(frozen=True, slots=True)
class Source:
    """A data set, as a model's card names it.

    Attributes:
        name: what it is.
        license: what allows its use.
        citation: who made it.
        files: the files that hold it, by their paths inside the data folder.
    """

    name: str
    license: str
    citation: str
    files: tuple[str, ...]

    def describe(self) -> dict[str, object]:
        """Return its entry in a model's card."""
        # Cards of models that are in service spell the key so, and the model page reads it.
        return {"name": self.name, "licence": self.license, "citation": self.citation, "files": self.files}


UNIPEN: Final = Source(
    "UNIPEN train_r01_v07, isolated digits, uppercase and lowercase letters",
    "CC BY 4.0",
    "Guyon, Schomaker, Plamondon, Liberman, Janet: UNIPEN project of on-line data exchange and recognizer "
    "benchmarks, ICPR 1994. International Unipen Foundation, doi:10.5281/zenodo.1195803",
    ("unipen62/train.npz",),
)
UNIPEN_VALIDATION: Final = Source(
    f"{UNIPEN.name}, validation writers", UNIPEN.license, UNIPEN.citation, ("unipen62/val.npz",)
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
    MNIST.license,
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
    "EMNIST ByClass (a sample)", EMNIST.license, EMNIST.citation, ("emnist/byclass_sample.npz",)
)
PHOTOS: Final = Source(
    "Photos of single characters on paper",
    "MIT",
    "Copyright (c) 2025 Bishwaprotap Ray",
    ("paper62/photos.zip",),
)


def find_data_folder() -> Path:
    """Return the folder of the data sets: INKRUSH_DATA or, if that is absent or empty, ``data``.

    Raises:
        StoreError: if it holds a key.
    """
    return read_folder(os.environ, "INKRUSH_DATA") or Path("data")


def is_present(folder: Path, source: Source) -> bool:
    """Return whether every file of a data set is in the data folder."""
    return all((folder / file).is_file() for file in source.files)


def require(folder: Path, *sources: Source) -> None:
    """Check that the data sets are in the data folder.

    Raises:
        DataMissing: if some are not; it names their files and who made them.
    """
    missing = [(source, file) for source in sources for file in source.files if not (folder / file).is_file()]
    if missing:
        listed = "\n".join(f"  {folder / file}: {source.citation}" for source, file in missing)
        raise DataMissing(
            f"These files are needed and missing:\n{listed}\n"
            "Set INKRUSH_DATA to the folder that holds them, or run `python -m training fetch`."
        )


@contextmanager
def explain_unreadable(path: Path) -> Iterator[None]:
    """Turn errors about the content of a file into text for a person.

    Raises:
        UnreadableData: with that text.
    """
    try:
        yield
    except (EOFError, KeyError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise UnreadableData(f"{path} cannot be read: {error}. It may be cut off or of another kind.") from error


def find_emnist(folder: Path) -> Source:
    """Return the EMNIST to use: the sample if only that is in the data folder, else the archive."""
    has_only_sample = is_present(folder, EMNIST_SAMPLE) and not is_present(folder, EMNIST)
    return EMNIST_SAMPLE if has_only_sample else EMNIST
