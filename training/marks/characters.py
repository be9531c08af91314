"""The letters and digits that pages for the network of marks are written with: drawings, and pictures of scans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES, get_look_alikes
from recognition.page.images import Gray
from recognition.recognizer import Recognizer
from recognition.strokes import StrokeBatch
from training.augmentation.strokes import augment_paths
from training.augmentation.variants import vary_forms
from training.datasets.pictures import PictureSet
from training.datasets.strokes import StrokeSet
from training.marks.strokes import Random, Strokes

Shape = Strokes | Gray
"""A character's strokes, or its ink cropped to its box."""

_SHARE_OF_PICTURES: Final = 0.12  # of lines that are composed of scans
_LEAST_PROBABILITY: Final = 0.1  # that the bundled model gives to a drawing's label, or the label is doubtful
_INK: Final = 64  # level, of 255, from which a pixel of a scan is ink


@dataclass(frozen=True, slots=True)
class Characters:
    """Drawings and scans to write with.

    Attributes:
        drawings: of some writers.
        pictures: scans, or None.
        of_writer: for each writer, the numbers of the drawings.
        of_class: the same, for each class.
        pictures_of_class: for each class, the numbers of the scans. Empty without scans.
    """

    drawings: StrokeSet
    pictures: PictureSet | None
    of_writer: list[npt.NDArray[np.int64]]
    of_class: list[npt.NDArray[np.int64]]
    pictures_of_class: list[npt.NDArray[np.int64]]

    @classmethod
    def index(cls, drawings: StrokeSet, pictures: PictureSet | None) -> Characters:
        """Return the characters of both sets."""
        classes = range(len(CLASSES))
        scans = [np.flatnonzero(pictures.labels == label) for label in classes] if pictures else []
        writers = [np.flatnonzero(drawings.writers == writer) for writer in np.unique(drawings.writers)]
        return cls(
            drawings, pictures, writers, [np.flatnonzero(drawings.labels == label) for label in classes], scans
        )

    def draw(self, labels: Sequence[str], random: Random) -> list[Shape]:
        """Return a shape for each label, all of one writer where that writer has the character.

        If nobody has it, as in a very small set, the shape is that of another character.
        """
        if not labels:
            return []
        indices = [CLASSES.index(label) for label in labels]
        is_scanned = self.pictures is not None and random.random() < _SHARE_OF_PICTURES
        if is_scanned and all(len(self.pictures_of_class[index]) for index in indices):
            return [self._crop(int(random.choice(self.pictures_of_class[index]))) for index in indices]
        own = self.of_writer[int(random.integers(len(self.of_writer)))]
        chosen = []
        for index in indices:
            of_writer = own[self.drawings.labels[own] == index]
            choices = (of_writer, self.of_class[index], np.arange(len(self.drawings)))
            chosen.append(int(random.choice(next(choice for choice in choices if len(choice)))))
        some = self.drawings.take(np.array(chosen, dtype=np.int64))
        strokes = augment_paths(vary_forms(some.strokes, some.labels, random, 0.2), random)
        return [_to_strokes(strokes, number) for number in range(len(strokes))]

    def _crop(self, index: int) -> Gray:
        assert self.pictures is not None  # noqa: S101
        image: Gray = self.pictures.images[index]
        rows, columns = (np.flatnonzero((image >= _INK).any(axis=axis)) for axis in (1, 0))
        return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def drop_doubtful(drawings: StrokeSet, recognizer: Recognizer) -> StrokeSet:
    """Return the drawings that are clearly what their label says. UNIPEN has some parts of letters."""
    keep = []
    step = 1000
    for start in range(0, len(drawings), step):
        labels = drawings.labels[start : start + step].tolist()
        batch = drawings.strokes.cut_out(start, start + len(labels))
        predictions = recognizer.recognize_batch(batch, ["any"] * len(labels))
        keep += [
            prediction.get_probability(get_look_alikes(CLASSES[label], "any")) >= _LEAST_PROBABILITY
            for label, prediction in zip(labels, predictions, strict=True)
        ]
    return drawings.take(np.flatnonzero(keep))


def _to_strokes(batch: StrokeBatch, number: int) -> Strokes:
    one = batch.cut_out(number, number + 1)
    return np.split(one.points, one.stroke_starts[1:])
