"""The base sets that models are taught and judged on, read from a folder of local copies."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from training.datasets.photos import paper_photos
from training.datasets.pictures import PictureSet, emnist_sample, mnist
from training.datasets.strokes import StrokeSet

HELD_OUT_SHARE: Final = 0.1
"""Of UNIPEN's training writers, kept apart to choose by; the validation writers are for reporting only."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a set comes from, as the model card names it."""

    name: str
    licence: str
    citation: str
    files: tuple[str, ...]


SOURCES: Final = (
    Source(
        "UNIPEN train_r01_v07, isolated digits, capitals and small letters",
        "CC BY 4.0",
        "Guyon, Schomaker, Plamondon, Liberman, Janet: UNIPEN project of on-line data exchange and recognizer "
        "benchmarks, ICPR 1994. International Unipen Foundation, doi:10.5281/zenodo.1195803",
        ("unipen62/train.npz", "unipen62/val.npz"),
    ),
    Source(
        "Pen-Based Recognition of Handwritten Digits (UCI 81)",
        "CC BY 4.0",
        "Alpaydin, Alimoglu: Pen-Based Recognition of Handwritten Digits, 1996. doi:10.24432/C5MG6K",
        ("pendigits/train.npz",),
    ),
    Source(
        "MNIST",
        "commonly stated as CC BY-SA 3.0",
        "LeCun, Cortes, Burges: The MNIST database of handwritten digits, 1998",
        ("mnist/train-images-idx3-ubyte.gz", "mnist/train-labels-idx1-ubyte.gz"),
    ),
    Source(
        "EMNIST ByClass (a sample)",
        "US government work (NIST Special Database 19)",
        "Cohen, Afshar, Tapson, van Schaik: EMNIST, an extension of MNIST to handwritten letters, 2017",
        ("emnist/byclass_sample.npz",),
    ),
    Source(
        "Photos of single characters on paper",
        "MIT",
        "Copyright (c) 2025 Bishwaprotap Ray",
        ("paper62/photos.zip",),
    ),
)


class DataMissing(Exception):
    """A set is not in the data folder."""


@dataclass(frozen=True, slots=True)
class BaseData:
    """What models are taught on, what is chosen by and what is reported on.

    Attributes:
        strokes: teaching drawings, UNIPEN's without the held-out writers and then PenDigits'.
        pictures: teaching pictures, MNIST's, EMNIST's, and photos of characters on paper.
        chosen_by: drawings of UNIPEN training writers kept apart: settings are chosen by these.
        reported_on: drawings of UNIPEN's validation writers: figures are reported on these and nothing is chosen.
        photos_reported_on: the photos kept apart to report on.
    """

    strokes: tuple[StrokeSet, ...]
    pictures: tuple[PictureSet, ...]
    chosen_by: StrokeSet
    reported_on: StrokeSet
    photos_reported_on: PictureSet


def data_folder() -> Path:
    """Return the folder of local copies, ``INKRUSH_DATA`` or ``data``."""
    return Path(os.environ.get("INKRUSH_DATA", "data"))


def load_base(folder: Path) -> BaseData:
    """Read every base set.

    Raises:
        DataMissing: naming the files that are not there and where they come from.
    """
    missing = [(s, f) for s in SOURCES for f in s.files if not (folder / f).is_file()]
    if missing:
        listed = "\n".join(f"  {folder / file}: {source.citation}" for source, file in missing)
        raise DataMissing(f"These files are missing; set INKRUSH_DATA to the folder that holds them.\n{listed}")
    unipen = StrokeSet.load(folder / "unipen62/train.npz")
    taught, chosen_by = unipen.split(held_out_writers(unipen))
    photos, other_photos = paper_photos(folder / "paper62/photos.zip")
    return BaseData(
        strokes=(taught, StrokeSet.load(folder / "pendigits/train.npz")),
        pictures=(mnist(folder / "mnist", "train"), emnist_sample(folder / "emnist/byclass_sample.npz"), photos),
        chosen_by=chosen_by,
        reported_on=StrokeSet.load(folder / "unipen62/val.npz"),
        photos_reported_on=other_photos,
    )


def held_out_writers(drawings: StrokeSet) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the writers kept apart: every tenth of them, the same ones always."""
    writers = np.unique(drawings.writers)
    order = np.random.default_rng(62).permutation(len(writers))
    return np.sort(writers[order[: round(len(writers) * HELD_OUT_SHARE)]])
