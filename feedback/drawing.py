"""Drawings in stored form: their limits, and how strokes in any unit become a drawing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from feedback.records import Drawing

LAST_COORDINATE: Final = 1023
"""The square of a drawing is 0..LAST_COORDINATE both ways; y points down."""

MAX_STROKES: Final = 64
MAX_POINTS: Final = 4096
"""The most strokes of a drawing, and the most points of all its strokes together."""

LONGEST_PAUSE_MS: Final = 24 * 60 * 60 * 1000
"""The longest time between two points that is accepted, in ms."""

Stroke = Sequence[Sequence[float]]
"""Points ``(x, y)`` or ``(x, y, t_ms)``, in any unit."""

_LEAST_EXTENT: Final = 1e-9  # in any unit; a smaller drawing is a dot


def is_too_much(strokes: Sequence[Stroke]) -> bool:
    """Return whether there are more strokes or points than a drawing may have."""
    return len(strokes) > MAX_STROKES or sum(map(len, strokes)) > MAX_POINTS


def make_drawing(strokes: Sequence[Stroke]) -> Drawing:
    """Return strokes as a drawing: ``[[x…], [y…], [t_ms…]]`` a stroke, whole numbers in the square 0-1023.

    Whole numbers that are on the square stay as they are. Anything else is moved and scaled to fill the square,
    with its aspect ratio kept. Times count from the first one and never go back; points without a time get the
    time of the previous point, or 0. Strokes without points are left out.

    Args:
        strokes: finite numbers, at least one point in all.
    """
    inked = [stroke for stroke in strokes if stroke]
    left, top, scale = _find_frame([point for stroke in inked for point in stroke])
    times = _count_times([point[2] if len(point) > 2 else None for stroke in inked for point in stroke])
    return [
        [
            [_place(point[0], left, scale) for point in stroke],
            [_place(point[1], top, scale) for point in stroke],
            [next(times) for _ in stroke],
        ]
        for stroke in inked
    ]


def measure_duration_ms(drawing: Drawing) -> int | None:
    """Return how long a drawing took in ms, or None if its points have no times."""
    return max(stroke[2][-1] for stroke in drawing) or None


def _find_frame(points: Sequence[Sequence[float]]) -> tuple[float, float, float]:
    """Return the left and top that become 0, and the factor that brings points onto the square."""
    if all(0 <= v <= LAST_COORDINATE and v == int(v) for point in points for v in point[:2]):
        return 0, 0, 1
    left, top = (min(point[axis] for point in points) for axis in (0, 1))
    # Half the extent, since the whole of it may be more than a float can hold.
    half_extent = max(
        max(point[0] for point in points) / 2 - left / 2,
        max(point[1] for point in points) / 2 - top / 2,
    )
    # A dot has no extent and stays a dot.
    return left, top, LAST_COORDINATE / half_extent / 2 if half_extent > _LEAST_EXTENT / 2 else 0


def _place(value: float, start: float, scale: float) -> int:
    """Return one coordinate on the square."""
    return min(LAST_COORDINATE, max(0, round(2 * scale * (value / 2 - start / 2))))


def _count_times(given: Sequence[float | None]) -> Iterator[int]:
    start = next((time for time in given if time is not None), 0)
    latest = 0
    for time in given:
        if time is not None:
            latest = max(latest, round(max(0, min(LONGEST_PAUSE_MS, time - start))))
        yield latest
