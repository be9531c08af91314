"""Sets of pen strokes: UNIPEN's isolated characters and UCI's PenDigits, in flat arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.render import Images, render
from recognition.strokes import StrokeBatch

Ints = npt.NDArray[np.int64]

_MOST: Final = np.iinfo(np.int16).max  # as far as a coordinate reaches in a file
_MOST_POINTS: Final = np.iinfo(np.uint16).max
_MOST_STROKES: Final = np.iinfo(np.uint8).max


@dataclass(frozen=True, slots=True)
class StrokeSet:
    """Labelled drawings.

    Attributes:
        strokes: the N drawings.
        labels: int64 (N,), indices into `recognition.alphabets.CLASSES`.
        writers: int64 (N,), who drew it; numbers are unique within one set.
    """

    strokes: StrokeBatch
    labels: Ints
    writers: Ints

    @classmethod
    def load(cls, path: Path) -> StrokeSet:
        """Read an ``.npz`` with the arrays ``points``, ``stroke_len``, ``n_strokes``, ``label`` and ``writer``."""
        with np.load(path, allow_pickle=False) as arrays:
            ink = StrokeBatch(
                arrays["points"].astype(np.float64),
                arrays["stroke_len"].astype(np.int64),
                arrays["n_strokes"].astype(np.int64),
            )
            return cls(ink, arrays["label"].astype(np.int64), arrays["writer"].astype(np.int64))

    def save(self, path: Path) -> None:
        """Write what `load` reads; the file appears only once it is whole.

        Every drawing is moved so that its box begins at 0, 0. One whose coordinates are no whole numbers, or reach
        too far, is scaled to fill what there is. One of more strokes, or of longer ones, than a file can tell is
        left out.
        """
        ink = self.strokes
        longest = np.maximum.reduceat(ink.stroke_lengths, _begins(ink.stroke_counts))
        kept = self.take(np.flatnonzero((longest <= _MOST_POINTS) & (ink.stroke_counts <= _MOST_STROKES)))
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.part")
        with unfinished.open("wb") as file:
            np.savez_compressed(
                file,
                points=kept._fitted().astype(np.int16),
                stroke_len=kept.strokes.stroke_lengths.astype(np.uint16),
                n_strokes=kept.strokes.stroke_counts.astype(np.uint8),
                label=kept.labels.astype(np.uint8),
                writer=kept.writers.astype(np.uint16),
            )
        unfinished.replace(path)

    def _fitted(self) -> npt.NDArray[np.float64]:
        """Return float64 (P, 2), the points as whole numbers from 0 to `_MOST`."""
        points, starts, counts = self.strokes.points, self.strokes.point_starts, self.strokes.point_counts
        low = np.minimum.reduceat(points, starts)
        moved = points - np.repeat(low, counts, axis=0)
        reach = np.maximum.reduceat(moved, starts).max(axis=1)
        whole = np.logical_and.reduceat((moved == np.rint(moved)).all(axis=1), starts)
        scale = np.divide(_MOST, reach, out=np.ones_like(reach), where=~(whole & (reach <= _MOST)))
        fitted: npt.NDArray[np.float64] = np.rint(moved * np.repeat(scale, counts)[:, None])
        return fitted

    def _traces(self) -> Iterator[bytes]:
        """Yield what tells each drawing from every other, wherever it stands on the tablet."""
        ink, low = self.strokes, np.minimum.reduceat(self.strokes.points, self.strokes.point_starts)
        moved = np.split(ink.points - np.repeat(low, ink.point_counts, axis=0), ink.point_starts[1:])
        lengths = np.split(ink.stroke_lengths, np.cumsum(ink.stroke_counts)[:-1])
        for points, strokes in zip(moved, lengths, strict=True):
            yield strokes.tobytes() + points.tobytes()

    def __len__(self) -> int:
        return len(self.labels)

    def to_images(self) -> Images:
        """Return uint8 (N, 28, 28, channels), as a model is shown them."""
        return render(self.strokes)

    def take(self, chosen: Ints) -> StrokeSet:
        """Return the drawings of the given indices, in that order."""
        stroke_starts = _begins(self.strokes.stroke_counts)
        counts = self.strokes.stroke_counts[chosen]
        strokes = _ranges(stroke_starts[chosen], counts)
        lengths = self.strokes.stroke_lengths[strokes]
        points = self.strokes.points[_ranges(self.strokes.stroke_starts[strokes], lengths)]
        return StrokeSet(StrokeBatch(points, lengths, counts), self.labels[chosen], self.writers[chosen])

    def split(self, held_out: Ints) -> tuple[StrokeSet, StrokeSet]:
        """Return the drawings of everybody else, and those of the writers ``held_out``."""
        apart = np.isin(self.writers, held_out)
        return self.take(np.flatnonzero(~apart)), self.take(np.flatnonzero(apart))

    def exclude(self, others: StrokeSet) -> StrokeSet:
        """Return the drawings that are not also, point by point, among others: a set may hold some twice."""
        known = set(others._traces())
        return self.take(np.flatnonzero([trace not in known for trace in self._traces()]))


def _begins(lengths: Ints) -> Ints:
    """Return where each run begins, one after the other."""
    begins: Ints = np.cumsum(lengths) - lengths
    return begins


def _ranges(starts: Ints, lengths: Ints) -> Ints:
    """Return ``start, start + 1, …`` for each start, one run after the other."""
    runs: Ints = np.arange(int(lengths.sum())) + np.repeat(starts - _begins(lengths), lengths)
    return runs
