"""Drawings with fewer points, for others to see in a small picture."""

from __future__ import annotations

from typing import Final

from feedback.records import Drawing

_LEAST: Final = 2  # points of a stroke: its ends


def thin_drawing(drawing: Drawing, most: int) -> Drawing:
    """Return a drawing with at most ``most`` points, spread evenly over each stroke. The ends of strokes stay.

    If the ends alone are more than that, the shortest strokes are left out.

    Args:
        drawing: strokes of two or three lists, for x, y and perhaps the time.
        most: at least 2.
    """
    sizes = [len(stroke[0]) for stroke in drawing]
    total = sum(sizes)
    if total <= most:
        return drawing
    longest = sorted(range(len(sizes)), key=lambda place: -sizes[place])[: most // _LEAST]
    chosen = sorted(place for place in longest if sizes[place])
    spare = most - _LEAST * len(chosen)
    return [_thin_stroke(drawing[place], _LEAST + spare * sizes[place] // total) for place in chosen]


def _thin_stroke(stroke: list[list[int]], most: int) -> list[list[int]]:
    last = len(stroke[0]) - 1
    if last < most:
        return stroke
    places = [round(step * last / (most - 1)) for step in range(most)]
    return [[axis[place] for place in places] for axis in stroke]
