"""Sets of pen strokes: UNIPEN's isolated characters and UCI's PenDigits, in flat arrays."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from recognition.render import Images, render
from recognition.strokes import Ink

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class StrokeSet:
    """Labelled drawings.

    Attributes:
        ink: the N drawings.
        labels: int64 (N,), indices into `recognition.alphabets.CLASSES`.
        writers: int64 (N,), who drew it; numbers are unique within one set.
    """

    ink: Ink
    labels: Ints
    writers: Ints

    @classmethod
    def load(cls, path: Path) -> StrokeSet:
        """Read an ``.npz`` with the arrays ``points``, ``stroke_len``, ``n_strokes``, ``label`` and ``writer``."""
        with np.load(path, allow_pickle=False) as arrays:
            ink = Ink(
                arrays["points"].astype(np.float64),
                arrays["stroke_len"].astype(np.int64),
                arrays["n_strokes"].astype(np.int64),
            )
            return cls(ink, arrays["label"].astype(np.int64), arrays["writer"].astype(np.int64))

    def __len__(self) -> int:
        return len(self.labels)

    def seen(self) -> Images:
        """Return uint8 (N, 28, 28, channels), as a model is shown them."""
        return render(self.ink)

    def take(self, chosen: Ints) -> StrokeSet:
        """Return the drawings of the given indices, in that order."""
        stroke_starts = np.cumsum(self.ink.stroke_counts) - self.ink.stroke_counts
        counts = self.ink.stroke_counts[chosen]
        strokes = _ranges(stroke_starts[chosen], counts)
        lengths = self.ink.stroke_lengths[strokes]
        points = self.ink.points[_ranges(self.ink.stroke_starts[strokes], lengths)]
        return StrokeSet(Ink(points, lengths, counts), self.labels[chosen], self.writers[chosen])

    def split(self, held_out: Ints) -> tuple[StrokeSet, StrokeSet]:
        """Return the drawings of everybody else, and those of the writers ``held_out``."""
        apart = np.isin(self.writers, held_out)
        return self.take(np.flatnonzero(~apart)), self.take(np.flatnonzero(apart))


def _ranges(starts: Ints, lengths: Ints) -> Ints:
    """Return ``start, start + 1, …`` for each start, one run after the other."""
    begins = np.cumsum(lengths) - lengths
    runs: Ints = np.arange(int(lengths.sum())) + np.repeat(starts - begins, lengths)
    return runs
