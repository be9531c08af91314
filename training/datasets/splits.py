"""Which samples of UNIPEN and EMNIST are trained on, and which are held out."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

from training.datasets.pictures import PictureSet, load_emnist, load_emnist_extra
from training.datasets.sources import EMNIST_SAMPLE, UNIPEN, UNIPEN_VALIDATION, find_emnist
from training.datasets.strokes import StrokeSet

_HELD_OUT_SHARE: Final = 0.1
"""Share of UNIPEN's training writers that settings are chosen by.

The validation writers are for reporting only.
"""

_MOST_EMNIST: Final = 60_000  # pictures: all of EMNIST would drown the drawings


def split_unipen(folder: Path) -> tuple[StrokeSet, StrokeSet]:
    """Return the drawings of UNIPEN to train on, and those of the writers held out to choose settings by.

    UNIPEN has some drawings twice, under two writers' names. A drawing that a held-out writer or a validation
    writer made too is not trained on.
    """
    unipen = StrokeSet.load(folder / UNIPEN.files[0])
    training, held_out = unipen.split(_choose_held_out_writers(unipen))
    training = training.exclude(held_out)
    validation = folder / UNIPEN_VALIDATION.files[0]
    if validation.is_file():
        training = training.exclude(StrokeSet.load(validation))
    return training, held_out


def load_emnist_parts(folder: Path) -> list[PictureSet]:
    """Return the pictures of EMNIST to train on: all classes, then the extra small letters and digits of a sample.

    Raises:
        DataMissing: if EMNIST is not in the data folder.
    """
    if find_emnist(folder) == EMNIST_SAMPLE:
        return [part for part in (load_emnist(folder), load_emnist_extra(folder)) if len(part)]
    return [_take_some(load_emnist(folder), _MOST_EMNIST)]


def _choose_held_out_writers(drawings: StrokeSet) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return every tenth writer, always the same ones."""
    writers = np.unique(drawings.writers)
    order = np.random.default_rng(62).permutation(len(writers))
    return np.sort(writers[order[: round(len(writers) * _HELD_OUT_SHARE)]])


def _take_some(pictures: PictureSet, most: int) -> PictureSet:
    if len(pictures) <= most:
        return pictures
    return pictures.take(np.random.default_rng(62).choice(len(pictures), most, replace=False))
