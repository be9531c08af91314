"""Sets of drawings, for example UNIPEN's isolated characters and UCI's PenDigits, in flat arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.render import Images, render
from recognition.strokes import StrokeBatch
from training.datasets.sources import explain_unreadable

Ints = npt.NDArray[np.int64]

# What the types of the arrays in a file can hold.
_MAX_COORDINATE: Final = np.iinfo(np.int16).max
_MAX_POINTS: Final = np.iinfo(np.uint16).max
_MAX_STROKES: Final = np.iinfo(np.uint8).max


@dataclass(frozen=True, slots=True)
class StrokeSet:
    """Labeled drawings.

    Attributes:
        strokes: the N drawings.
        labels: int64 (N,), indices into `recognition.alphabets.CLASSES`.
        writers: int64 (N,), the number of the person who drew it, unique within one set.
    """

    strokes: StrokeBatch
    labels: Ints
    writers: Ints

    @classmethod
    def load(cls, path: Path) -> StrokeSet:
        """Read an ``.npz`` with the arrays ``points``, ``stroke_len``, ``n_strokes``, ``label`` and ``writer``.

        Raises:
            UnreadableData: if it is not such a file.
        """
        with explain_unreadable(path), path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            ink = StrokeBatch(
                arrays["points"].astype(np.float64),
                arrays["stroke_len"].astype(np.int64),
                arrays["n_strokes"].astype(np.int64),
            )
            return cls(ink, arrays["label"].astype(np.int64), arrays["writer"].astype(np.int64))

    def save(self, path: Path) -> None:
        """Write an ``.npz`` that `load` reads. The file appears only once it is whole.

        Every drawing is moved so that its box begins at 0, 0. A drawing is scaled to the range of the file if its
        coordinates are not whole numbers or are too large. A drawing with too many strokes or points for the file
        is left out.
        """
        strokes = self.strokes
        longest = np.maximum.reduceat(strokes.stroke_lengths, _compute_starts(strokes.stroke_counts))
        fits = (longest <= _MAX_POINTS) & (strokes.stroke_counts <= _MAX_STROKES)
        kept = self.take(np.flatnonzero(fits))
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f"{path.name}.part")
        with unfinished.open("wb") as file:
            np.savez_compressed(
                file,
                points=kept._fit_points().astype(np.int16),
                stroke_len=kept.strokes.stroke_lengths.astype(np.uint16),
                n_strokes=kept.strokes.stroke_counts.astype(np.uint8),
                label=kept.labels.astype(np.uint8),
                writer=kept.writers.astype(np.uint16),
            )
        unfinished.replace(path)

    def _fit_points(self) -> npt.NDArray[np.float64]:
        """Return float64 (P, 2), the points as whole numbers from 0 to `_MAX_COORDINATE`."""
        points, starts, counts = self.strokes.points, self.strokes.point_starts, self.strokes.point_counts
        low = np.minimum.reduceat(points, starts)
        moved = points - np.repeat(low, counts, axis=0)
        extents = np.maximum.reduceat(moved, starts).max(axis=1)
        is_whole = np.logical_and.reduceat((moved == np.rint(moved)).all(axis=1), starts)
        is_scaled = ~(is_whole & (extents <= _MAX_COORDINATE))
        scale = np.divide(_MAX_COORDINATE, extents, out=np.ones_like(extents), where=is_scaled)
        fitted: npt.NDArray[np.float64] = np.rint(moved * np.repeat(scale, counts)[:, None])
        return fitted

    def _make_keys(self) -> Iterator[bytes]:
        """Yield a key for each drawing. Drawings that differ only in their place on the tablet have one key."""
        batch = self.strokes
        low = np.minimum.reduceat(batch.points, batch.point_starts)
        moved = np.split(batch.points - np.repeat(low, batch.point_counts, axis=0), batch.point_starts[1:])
        lengths = np.split(batch.stroke_lengths, np.cumsum(batch.stroke_counts)[:-1])
        for points, stroke_lengths in zip(moved, lengths, strict=True):
            yield stroke_lengths.tobytes() + points.tobytes()

    def __len__(self) -> int:
        return len(self.labels)

    def to_images(self) -> Images:
        """Return uint8 (N, 28, 28, channels), as a model sees them."""
        return render(self.strokes)

    def take(self, chosen: Ints) -> StrokeSet:
        """Return the drawings with the given indices, in that order."""
        counts = self.strokes.stroke_counts[chosen]
        strokes = _make_ranges(_compute_starts(self.strokes.stroke_counts)[chosen], counts)
        lengths = self.strokes.stroke_lengths[strokes]
        points = self.strokes.points[_make_ranges(self.strokes.stroke_starts[strokes], lengths)]
        return StrokeSet(StrokeBatch(points, lengths, counts), self.labels[chosen], self.writers[chosen])

    def cut_at_lifts(self) -> tuple[StrokeBatch, Ints]:
        """Return the drawings as they are each time the pen is lifted: one with three strokes comes three times.

        Returns:
            P drawings, and int64 (P,), which of this set's drawings each of them is the beginning of.
        """
        batch = self.strokes
        drawing = np.repeat(np.arange(len(self)), batch.stroke_counts)
        first_strokes = _compute_starts(batch.stroke_counts)
        counts = np.arange(len(drawing)) - first_strokes[drawing] + 1
        lengths = batch.stroke_lengths[_make_ranges(first_strokes[drawing], counts)]
        ends = np.cumsum(batch.stroke_lengths)
        starts = batch.point_starts[drawing]
        points = batch.points[_make_ranges(starts, ends - starts)]
        return StrokeBatch(points, lengths, counts), drawing

    def split(self, held_out: Ints) -> tuple[StrokeSet, StrokeSet]:
        """Return the drawings of everybody else, and those of the writers ``held_out``."""
        is_held_out = np.isin(self.writers, held_out)
        return self.take(np.flatnonzero(~is_held_out)), self.take(np.flatnonzero(is_held_out))

    def exclude(self, others: StrokeSet) -> StrokeSet:
        """Return the drawings that are not, point by point, among ``others``."""
        known = set(others._make_keys())
        return self.take(np.flatnonzero([key not in known for key in self._make_keys()]))


def _compute_starts(lengths: Ints) -> Ints:
    """Return where each run starts if the runs follow each other."""
    starts: Ints = np.cumsum(lengths) - lengths
    return starts


def _make_ranges(starts: Ints, lengths: Ints) -> Ints:
    """Return ``start, start + 1, …`` for each start, ``length`` numbers each, as one array."""
    ranges: Ints = np.arange(int(lengths.sum())) + np.repeat(starts - _compute_starts(lengths), lengths)
    return ranges
