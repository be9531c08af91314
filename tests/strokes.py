"""Real drawings for tests and benchmarks: six of each character, or a whole data set in the same format."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.alphabets import ALPHABETS, CLASSES

FIXTURE: Final = Path(__file__).parent / "fixtures" / "strokes.npz"
SQUARE: Final = 1023
"""Largest coordinate of the drawing square."""

Floats = npt.NDArray[np.float64]
Drawing = list[list[tuple[int, int]]]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A drawing of one character by a real person.

    Attributes:
        label: the character, one of the 62 classes.
        writer: the number of the person.
        strokes: for each stroke a float64 (n, 2) array, x to the right and y down, in the tablet's units.
    """

    label: str
    writer: int
    strokes: tuple[Floats, ...]

    @property
    def point_count(self) -> int:
        """The number of points in all strokes."""
        return sum(len(stroke) for stroke in self.strokes)

    def scale_to_unit(self) -> tuple[Floats, ...]:
        """Return the strokes moved to (0, 0) and scaled to a longer side of 1, aspect ratio kept."""
        points = np.concatenate(self.strokes)
        low, high = points.min(axis=0), points.max(axis=0)
        longer = float((high - low).max()) or 1.0
        return tuple((stroke - low) / longer for stroke in self.strokes)

    def place(self, size: float = 0.7, left: float = 0.15, top: float = 0.15) -> Drawing:
        """Return the drawing in the square 0 to 1023.

        Args:
            size: its longer side, relative to the square.
            left: its left edge, relative to the square.
            top: its top edge, relative to the square.
        """
        corner = np.array([left, top])
        return [
            [(int(x), int(y)) for x, y in np.rint(SQUARE * (corner + size * stroke)).clip(0, SQUARE)]
            for stroke in self.scale_to_unit()
        ]


class Samples:
    """Drawings that can be looked up by character and writer."""

    def __init__(self, samples: tuple[Sample, ...]) -> None:
        self._samples = samples
        by_label: dict[str, list[Sample]] = defaultdict(list)
        for sample in samples:
            by_label[sample.label].append(sample)
        self._by_label: Mapping[str, tuple[Sample, ...]] = MappingProxyType(
            {label: tuple(of_label) for label, of_label in by_label.items()}
        )
        self.writers = tuple(sorted({sample.writer for sample in samples}))

    @classmethod
    def load(cls, path: Path) -> Samples:
        """Read an ``.npz`` file with ``points``, ``stroke_len``, ``n_strokes``, ``label`` and ``writer``."""
        with np.load(path, allow_pickle=False) as arrays:
            points = arrays["points"].astype(np.float64)
            strokes = np.split(points, np.cumsum(arrays["stroke_len"].astype(np.int64))[:-1])
            ends = np.cumsum(arrays["n_strokes"].astype(np.int64)).tolist()
            labels, writers = arrays["label"].tolist(), arrays["writer"].tolist()
        starts = [0, *ends[:-1]]
        return cls(
            tuple(
                Sample(CLASSES[label], writer, tuple(strokes[start:end]))
                for label, writer, start, end in zip(labels, writers, starts, ends, strict=True)
            )
        )

    def __iter__(self) -> Iterator[Sample]:
        return iter(self._samples)

    def __len__(self) -> int:
        return len(self._samples)

    def get(self, label: str, writer: int | None = None) -> tuple[Sample, ...]:
        """Return the drawings of a character by one writer. If there are none, return those of all writers."""
        of_all_writers = self._by_label.get(label, ())
        of_writer = tuple(sample for sample in of_all_writers if sample.writer == writer)
        return of_writer or of_all_writers


@cache
def load_fixture() -> Samples:
    """Return the bundled drawings, six of each character."""
    return Samples.load(FIXTURE)


def get_own_alphabet(character: str) -> str:
    """Return the alphabet of a character: ``digits``, ``upper`` or ``lower``."""
    return next(name for name in ("digits", "upper", "lower") if character in ALPHABETS[name])
