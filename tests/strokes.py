"""Real pen drawings for tests and benchmarks: the bundled handful, or a whole set in the same format."""

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

from recognition.alphabets import CLASSES

FIXTURE: Final = Path(__file__).parent / "fixtures" / "strokes.npz"
SQUARE: Final = 1023
"""Largest coordinate of the drawing square."""

Floats = npt.NDArray[np.float64]
Drawing = list[list[tuple[int, int]]]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One character somebody drew.

    Attributes:
        label: what it is, one of the 62 classes.
        writer: who drew it.
        strokes: a float64 (n, 2) array a stroke, x right and y down, in the tablet's units.
    """

    label: str
    writer: int
    strokes: tuple[Floats, ...]

    @property
    def points(self) -> int:
        """How many points there are in all strokes."""
        return sum(len(stroke) for stroke in self.strokes)

    def scale_to_unit(self) -> tuple[Floats, ...]:
        """Return the strokes with their box moved to (0, 0) and its longer side scaled to 1, aspect kept."""
        every = np.concatenate(self.strokes)
        low, high = every.min(axis=0), every.max(axis=0)
        longer = float((high - low).max()) or 1.0
        return tuple((stroke - low) / longer for stroke in self.strokes)

    def place(self, size: float = 0.7, left: float = 0.15, top: float = 0.15) -> Drawing:
        """Return the drawing in the 0-1023 square, its longer side and its corner given as shares of that."""
        corner = np.array([left, top])
        return [
            [(int(x), int(y)) for x, y in np.rint(SQUARE * (corner + size * stroke)).clip(0, SQUARE)]
            for stroke in self.scale_to_unit()
        ]


class Samples:
    """A set of drawings, looked up by character and by writer."""

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
        """Read an ``.npz`` with ``points``, ``stroke_len``, ``n_strokes``, ``label`` and ``writer``."""
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
        """Return the drawings of a character: the writer's own if there are any, else everybody's."""
        everybody = self._by_label.get(label, ())
        own = tuple(sample for sample in everybody if sample.writer == writer)
        return own or everybody


@cache
def load_fixture() -> Samples:
    """Return the bundled drawings, six a character."""
    return Samples.load(FIXTURE)
