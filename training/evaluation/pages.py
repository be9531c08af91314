"""Measures how well pictures of pages are read, by kind of picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

from recognition.alphabets import CLASSES
from recognition.model.network import BUNDLED, Model
from training.augmentation.pages.pictures import KINDS, Picture, make_picture
from training.augmentation.pages.writers import Writers
from training.datasets.sources import UNIPEN, UNIPEN_VALIDATION, DataMissing, require
from training.datasets.splits import split_unipen
from training.datasets.strokes import StrokeSet
from training.evaluation.alignment import align, fold
from training.evaluation.metrics import make_look_alike_matrix, predict

WRITERS: Final = ("held-out", "val")
"""Those that settings are chosen by, and those for reporting only."""

PAPER_LINES: Final = "paper_lines"
"""The kind of the real photos of handwritten lines in the data folder."""

ALL_KINDS: Final = (*KINDS, PAPER_LINES)

_CONTRADICTED: Final = 0.01  # probability of a label, with its look-alikes, below which a drawing is left out


class Reader(Protocol):
    """Reads a picture, as `picture_reader.PictureReader` does."""

    def read(self, data: bytes, alphabet: str) -> dict[str, Any]:
        """Return what `picture_reader.PictureReader.read` returns."""
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read on a picture, and how that compares with what is written there.

    Attributes:
        text: the characters that were read.
        is_exact: whether all characters are right, in the right order, and there are no others.
        is_folded: the same, with look-alikes accepted.
        wrong: letters and digits that are wrong, missing or too many: the edit distance, look-alikes accepted.
        sure_unwritten: sure characters that were read where nothing is written, or a sign.
        on_signs: characters that were read where a sign is.
        sure_on_signs: of those, the sure ones.
        ms: milliseconds of CPU.
        error: the name of the error if the picture was refused, else None.
    """

    text: str
    is_exact: bool
    is_folded: bool
    wrong: int
    sure_unwritten: int
    on_signs: int
    sure_on_signs: int
    ms: float
    error: str | None


@dataclass(frozen=True, slots=True)
class PageFigures:
    """How the pictures of one kind are read.

    Attributes:
        pictures: how many there are.
        folded: share of them that are exactly right, look-alikes accepted.
        exact: share of them that are exactly right.
        wrong: letters and digits that are wrong, missing or too many, as a share of those that are written; None
            if there are none.
        sure_unwritten: sure characters that were read where there is none, a picture.
        on_signs: share of the signs that were read as characters; None if there are none.
        sure_on_signs: share of the signs that were read as sure characters; None if there are none.
        nothing: share of the pictures with writing on which no character was found.
        ms: mean milliseconds of CPU a picture.
    """

    pictures: int
    folded: float
    exact: float
    wrong: float | None
    sure_unwritten: float
    on_signs: float | None
    sure_on_signs: float | None
    nothing: float
    ms: float


def load_writers(folder: Path, name: str) -> Writers:
    """Return the drawings of the writers ``name`` in `WRITERS`, without those whose label is surely wrong.

    In UNIPEN 3 to 6 % of the labels are wrong. Drawings are left out if the model for drawings, which reads no
    pictures, is sure that they are something else.

    Raises:
        DataMissing: if UNIPEN is not in the data folder.
    """
    if name == "val":
        require(folder, UNIPEN_VALIDATION)
        drawings = StrokeSet.load(folder / UNIPEN_VALIDATION.files[0])
    else:
        require(folder, UNIPEN)
        drawings = split_unipen(folder)[1]
    probabilities = predict(Model.load(BUNDLED), drawings.to_images()).probabilities("any")
    of_label = (probabilities * make_look_alike_matrix("any")[drawings.labels]).sum(axis=1)
    return Writers(drawings.take(np.flatnonzero(of_label >= _CONTRADICTED)))


def make_pictures(writers: Writers, kind: str, count: int, seed: int) -> Iterator[Picture]:
    """Yield pictures of a kind in `KINDS`. Each depends only on its kind, its number and the seed."""
    for number in range(min(count, KINDS[kind].most or count)):
        yield make_picture(writers, kind, np.random.default_rng([seed, *kind.encode(), number]))


def load_paper_lines(folder: Path) -> list[Picture]:
    """Return the real photos of handwritten lines in the data folder, with their texts.

    Raises:
        DataMissing: if there are none.
    """
    texts = sorted((folder / PAPER_LINES).glob("*.txt"))
    if not texts:
        raise DataMissing(f"{folder / PAPER_LINES} holds no pictures with their texts.")
    return [
        Picture(text.with_suffix(".png").read_bytes(), "".join(text.read_text("utf-8").split())) for text in texts
    ]


def get_alphabets(kind: str) -> tuple[str, ...]:
    """Return the alphabets that pictures of a kind are read with."""
    return KINDS[kind].alphabets if kind in KINDS else ("any",)


def read_picture(reader: Reader, picture: Picture, alphabet: str) -> Reading:
    """Read a picture, and compare what was read with what is written there."""
    result = reader.read(picture.data, alphabet)
    labels = [label for label, _ in result["characters"]]
    is_sure = [sure for _, sure in result["characters"]]
    written = [character for character in picture.text if character in CLASSES]
    aligned = align(picture.text, labels, alphabet)
    return Reading(
        text="".join(labels),
        is_exact=labels == written,
        is_folded=fold(labels, alphabet) == fold(written, alphabet),
        wrong=aligned.wrong,
        sure_unwritten=sum(is_sure[index] for index in aligned.unwritten),
        on_signs=len(aligned.on_signs),
        sure_on_signs=sum(is_sure[index] for index in aligned.on_signs),
        ms=result["ms"],
        error=result["error"],
    )


def compute_page_figures(pictures: Sequence[Picture], readings: Sequence[Reading]) -> PageFigures:
    """Return the figures of one kind, of at least one picture."""
    characters = [sum(character in CLASSES for character in picture.text) for picture in pictures]
    signs = sum(len(picture.text) for picture in pictures) - sum(characters)
    written = [reading for reading, count in zip(readings, characters, strict=True) if count]
    return PageFigures(
        pictures=len(pictures),
        folded=_compute_mean(reading.is_folded for reading in readings),
        exact=_compute_mean(reading.is_exact for reading in readings),
        wrong=sum(reading.wrong for reading in readings) / sum(characters) if any(characters) else None,
        sure_unwritten=_compute_mean(reading.sure_unwritten for reading in readings),
        on_signs=sum(reading.on_signs for reading in readings) / signs if signs else None,
        sure_on_signs=sum(reading.sure_on_signs for reading in readings) / signs if signs else None,
        nothing=_compute_mean(not reading.text for reading in written),
        ms=_compute_mean(reading.ms for reading in readings),
    )


def _compute_mean(numbers: Iterable[float]) -> float:
    values = list(numbers)
    return sum(values) / len(values) if values else 0.0
