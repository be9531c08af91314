"""Strokes of which signs and doodles are drawn: lines, arcs and dots, and how an unsteady hand bends them.

Strokes are float64 (n, 2), y downwards. The unit is the height of a capital: the base line is at 0, the top of a
capital at -1.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

Random = np.random.Generator
Stroke = npt.NDArray[np.float64]
Strokes = list[Stroke]

STEPS: Final = 24
"""Points on a curve."""


def distort(strokes: Strokes, random: Random, amount: float = 1.0) -> Strokes:
    """Return strokes as an unsteady hand would draw them."""
    points = np.concatenate(strokes)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    angle, slant = random.normal(0, 0.06 * amount), random.normal(0, 0.12 * amount)
    stretch = np.exp(random.normal(0, 0.1 * amount, 2))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    matrix = turn @ np.array([[1, slant], [0, 1]]) @ np.diag(stretch)
    bend, phase = random.normal(0, 0.02 * amount, (2, 2)), random.uniform(0, 2 * np.pi, (2, 2))
    result = []
    for stroke in strokes:
        wave = np.stack(
            [(bend[axis] * np.sin(stroke * random.uniform(2, 5) + phase[axis])).sum(axis=1) for axis in range(2)],
            axis=1,
        )
        result.append((stroke - middle) @ matrix.T + middle + wave)
    return result


def draw_line(*corners: tuple[float, float]) -> Stroke:
    """Return a stroke along straight lines between corners."""
    ends = np.array(corners, dtype=np.float64)
    parts = [np.linspace(a, b, 10, endpoint=False) for a, b in pairwise(ends)]
    return np.concatenate([*parts, ends[-1:]])


def draw_arc(x: float, y: float, width: float, height: float, start: float, end: float) -> Stroke:
    """Return a stroke along an ellipse, from one angle to another in degrees, clockwise from the right."""
    angles = np.radians(np.linspace(start, end, STEPS))
    return np.stack([x + width / 2 * np.cos(angles), y + height / 2 * np.sin(angles)], axis=1)


def draw_dot(x: float, y: float, random: Random) -> Stroke:
    """Return a dot: a tap, or a tiny stroke."""
    reach = random.uniform(0, 0.05)
    angle = random.uniform(0, 2 * np.pi)
    return draw_line((x, y), (x + reach * np.cos(angle), y + reach * np.sin(angle)))
