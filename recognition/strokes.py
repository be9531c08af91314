"""Strokes as callers give them, checked and laid flat for rendering."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recognition.errors import EmptyDrawing, InvalidStrokes

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_LARGEST_COORDINATE: Final = 1e12
_POINT_SIZES: Final = (2, 3)


@dataclass(frozen=True)
class StrokeBatch:
    """One or many drawings, flat.

    Attributes:
        points: float64 (P, 2), x to the right and y down, any unit.
        stroke_lengths: int64 (S,), the points in each stroke, all of at least one point.
        stroke_counts: int64 (N,), the strokes in each drawing, all of at least one stroke.
    """

    points: Floats
    stroke_lengths: Ints
    stroke_counts: Ints

    def __len__(self) -> int:
        return len(self.stroke_counts)

    @cached_property
    def point_counts(self) -> Ints:
        """int64 (N,), the points in each drawing."""
        return np.add.reduceat(self.stroke_lengths, _starts(self.stroke_counts))

    @cached_property
    def point_starts(self) -> Ints:
        """int64 (N,), the index of the first point of each drawing."""
        return _starts(self.point_counts)

    @cached_property
    def stroke_starts(self) -> Ints:
        """int64 (S,), the index of the first point of each stroke."""
        return _starts(self.stroke_lengths)


def _starts(lengths: Ints) -> Ints:
    starts: Ints = lengths.cumsum() - lengths
    return starts


def parse_strokes(strokes: Sequence[Any]) -> StrokeBatch:
    """Return the ``StrokeBatch`` of one drawing.

    Args:
        strokes: a sequence of strokes; a stroke is a sequence of ``(x, y)`` or ``(x, y, t_ms)``. Times are
            not used. Strokes without points are passed over.

    Raises:
        InvalidStrokes: if that is not what ``strokes`` holds.
        EmptyDrawing: if there is no point in it.
    """
    if isinstance(strokes, (str, bytes)) or not hasattr(strokes, "__len__"):
        raise InvalidStrokes("Strokes must be a list of strokes.")
    arrays = [_stroke(number, stroke) for number, stroke in enumerate(strokes) if len(_sized(number, stroke))]
    if not arrays:
        raise EmptyDrawing
    return StrokeBatch(
        np.concatenate(arrays),
        np.array([len(a) for a in arrays], dtype=np.int64),
        np.array([len(arrays)], dtype=np.int64),
    )


def join_batches(inks: Sequence[StrokeBatch]) -> StrokeBatch:
    """Return all drawings of ``inks``, which must not be empty, as one ``StrokeBatch``."""
    if len(inks) == 1:
        return inks[0]
    return StrokeBatch(
        np.concatenate([i.points for i in inks]),
        np.concatenate([i.stroke_lengths for i in inks]),
        np.concatenate([i.stroke_counts for i in inks]),
    )


def _sized(number: int, stroke: Any) -> Any:
    if isinstance(stroke, (str, bytes)) or not hasattr(stroke, "__len__"):
        raise InvalidStrokes(f"Stroke {number} must be a list of points.")
    return stroke


def _stroke(number: int, stroke: Any) -> Floats:
    try:
        raw = np.asarray(stroke)
    except (ValueError, OverflowError):
        raw = np.empty(0, dtype=object)
    # A kind check, since NumPy would turn the text "12" and the truth value True into numbers unasked.
    if raw.dtype.kind not in "iuf" or raw.ndim != 2 or raw.shape[1] not in _POINT_SIZES:
        raise InvalidStrokes(f"Stroke {number} must hold points [x, y] or [x, y, t], all numbers and alike.")
    points = raw[:, :2].astype(np.float64)
    if not (np.abs(points) <= _LARGEST_COORDINATE).all():
        raise InvalidStrokes(f"Stroke {number} holds a coordinate that is not finite or far too large.")
    return points
