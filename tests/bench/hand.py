"""How a person draws a character: where, how large and how fast, and the messages it is sent in."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from tests.strokes import Drawing, Sample

MESSAGE_GAP: Final = 0.1
"""Seconds between two messages while the pen is down. A pen that is lifted or set down again is told at once."""

SIZES: Final = (0.3, 0.9)
"""Smallest and largest longer side of a drawing, as a share of the square."""

POINTS_PER_SECOND: Final = (80.0, 120.0)
"""Slowest and fastest screen."""

PEN_UP_SECONDS: Final = (0.10, 0.25)
"""Shortest and longest time in the air between two strokes."""


@dataclass(frozen=True, slots=True)
class InkBatch:
    """One ink message.

    Attributes:
        at: seconds from the first touch of the pen to sending it.
        stroke: the number of the stroke.
        points: ``[x, y, dt, …]``, dt in milliseconds since the previous point.
        up: whether the pen is lifted after them.
    """

    at: float
    stroke: int
    points: list[int]
    up: bool


def place_randomly(sample: Sample, rng: Random) -> Drawing:
    """Return the drawing at a random size and place, wholly within the 0-1023 square."""
    size = rng.uniform(*SIZES)
    return sample.place(size, rng.uniform(0, 1 - size), rng.uniform(0, 1 - size))


def pace_drawing(drawing: Drawing, rng: Random, seconds: float | None = None) -> list[InkBatch]:
    """Return the messages that a drawing is sent in, in order of time.

    It takes ``seconds`` from the first point to the last; by default as long as an ordinary hand takes.
    """
    times = _compute_point_times(drawing, rng)
    if seconds is not None:
        usual = times[-1][-1] or seconds
        times = [[time * seconds / usual for time in stroke_times] for stroke_times in times]
    batches: list[InkBatch] = []
    sent_at = -MESSAGE_GAP
    previous_ms = 0
    for number, (stroke, point_times) in enumerate(zip(drawing, times, strict=True)):
        start = 0
        while start < len(stroke):
            # A batch collects points until the gap is over or the pen lifts. It never spans two strokes.
            is_set_down_again = number > 0 and start == 0
            gap = 0.0 if is_set_down_again else MESSAGE_GAP
            sent_at = min(max(sent_at, point_times[start]) + gap, point_times[-1])
            end = sum(time <= sent_at for time in point_times)
            points: list[int] = []
            for (x, y), time in zip(stroke[start:end], point_times[start:end], strict=True):
                time_ms = round(1000 * time)
                points += (x, y, time_ms - previous_ms)
                previous_ms = time_ms
            batches.append(InkBatch(sent_at, number, points, up=end == len(stroke)))
            start = end
    return batches


def _compute_point_times(drawing: Drawing, rng: Random) -> list[list[float]]:
    """Return when the pen reaches each point of each stroke, in seconds."""
    step = 1 / rng.uniform(*POINTS_PER_SECOND)
    start = 0.0
    times = []
    for stroke in drawing:
        times.append([start + step * index for index in range(len(stroke))])
        start = times[-1][-1] + rng.uniform(*PEN_UP_SECONDS)
    return times
