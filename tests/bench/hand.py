"""How a person puts a character down: where, how large, how fast, and how that goes over the wire."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from tests.strokes import Drawing, Sample

MESSAGE_GAP: Final = 0.1
"""Seconds between two messages: at most ten a second are allowed."""

SIZES: Final = (0.3, 0.9)
"""Longer side of a drawing as a share of the square."""

POINTS_PER_SECOND: Final = (80.0, 120.0)
PEN_UP_SECONDS: Final = (0.10, 0.25)
"""Seconds in the air between two strokes."""


@dataclass(frozen=True, slots=True)
class InkBatch:
    """One ink message: ``points`` is ``[x, y, dt, …]``, sent ``at`` seconds after the pen first touched."""

    at: float
    stroke: int
    points: list[int]


def place_randomly(sample: Sample, rng: Random) -> Drawing:
    """Return the drawing at a random size and place, whole within the 0-1023 square."""
    size = rng.uniform(*SIZES)
    return sample.place(size, rng.uniform(0, 1 - size), rng.uniform(0, 1 - size))


def pace_drawing(drawing: Drawing, rng: Random) -> list[InkBatch]:
    """Return the messages a drawing becomes at the speed of a hand, in order of time."""
    times = _compute_point_times(drawing, rng)
    batches: list[InkBatch] = []
    sent = -MESSAGE_GAP
    before_ms = 0
    for number, (stroke, at) in enumerate(zip(drawing, times, strict=True)):
        done = 0
        while done < len(stroke):
            # A batch collects until the gap is over or the pen lifts, and never crosses from stroke to stroke.
            sent = max(sent + MESSAGE_GAP, min(at[done] + MESSAGE_GAP, at[-1]))
            ready = sum(moment <= sent for moment in at)
            points: list[int] = []
            for (x, y), moment in zip(stroke[done:ready], at[done:ready], strict=True):
                now_ms = round(1000 * moment)
                points += (x, y, now_ms - before_ms)
                before_ms = now_ms
            batches.append(InkBatch(sent, number, points))
            done = ready
    return batches


def _compute_point_times(drawing: Drawing, rng: Random) -> list[list[float]]:
    """Return when each point is reached, in seconds."""
    step = 1 / rng.uniform(*POINTS_PER_SECOND)
    now = 0.0
    times = []
    for stroke in drawing:
        times.append([now + step * nth for nth in range(len(stroke))])
        now = times[-1][-1] + rng.uniform(*PEN_UP_SECONDS)
    return times
