"""Drawings sent over HTTP: their limits, and the form they are kept in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from game.rules import tuning

Stroke = Sequence[Sequence[float]]
Drawing = list[list[list[int]]]

_LEAST_EXTENT: Final = 1e-9  # in any unit; beneath it a drawing is a dot


def is_too_much(strokes: Sequence[Stroke]) -> bool:
    """Return whether there are more strokes or points than a drawing may have."""
    return len(strokes) > tuning.MAX_STROKES or sum(map(len, strokes)) > tuning.MAX_POINTS


def to_drawing(strokes: Sequence[Stroke]) -> Drawing:
    """Return strokes as they are kept: per stroke ``[[x…], [y…], [t_ms…]]``, whole numbers in the square 0-1023.

    What was drawn in another unit, not in whole numbers on the square, is scaled to fill it with its aspect kept.
    Times count from the first one, and never go back; where none is given they are 0. Strokes without points are
    left out.

    Args:
        strokes: of points ``(x, y)`` or ``(x, y, t_ms)``, finite, at least one point in all.
    """
    inked = [stroke for stroke in strokes if stroke]
    left, top, scale = _frame([point for stroke in inked for point in stroke])
    times = _times([point[2] if len(point) > 2 else None for stroke in inked for point in stroke])
    return [
        [
            [_on_square((point[0] - left) * scale) for point in stroke],
            [_on_square((point[1] - top) * scale) for point in stroke],
            [next(times) for _ in stroke],
        ]
        for stroke in inked
    ]


def measure_duration_ms(drawing: Drawing) -> int | None:
    """Return how long a kept drawing took, ms; None where no times were given."""
    return max(stroke[2][-1] for stroke in drawing) or None


def _frame(points: Sequence[Sequence[float]]) -> tuple[float, float, float]:
    """Return the left and top that become 0, and the factor, that bring points onto the square."""
    if all(0 <= v <= tuning.LAST_COORDINATE and v == int(v) for point in points for v in point[:2]):
        return 0, 0, 1
    left, top = (min(point[axis] for point in points) for axis in (0, 1))
    extent = max(max(point[0] for point in points) - left, max(point[1] for point in points) - top)
    # A dot has no extent and stays a dot.
    return left, top, tuning.LAST_COORDINATE / extent if extent > _LEAST_EXTENT else 0


def _on_square(value: float) -> int:
    return min(tuning.LAST_COORDINATE, max(0, round(value)))


def _times(given: Sequence[float | None]) -> Iterator[int]:
    start = next((time for time in given if time is not None), 0)
    latest = 0
    for time in given:
        if time is not None:
            latest = max(latest, round(max(0, min(tuning.LONGEST_PAUSE_MS, time - start))))
        yield latest
