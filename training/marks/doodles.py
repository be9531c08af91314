"""Draws by rule what else is found on pages and is no writing: doodles, scribbles, and bits of lines and boxes.

The strokes have the form that `training.marks.signs` describes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from training.marks.signs import Random, Strokes, arc, distort, dot, line


def draw_doodle(name: str, random: Random) -> Strokes:
    """Return a new drawing of a doodle of `DOODLES`, of any size."""
    size = np.exp(random.normal(0, 0.35))
    return [stroke * size for stroke in distort(DOODLES[name](random), random)]


def _spiral(random: Random) -> Strokes:
    turns = random.uniform(2, 4.5)
    t = np.linspace(0.15, 1, 90)
    angle = 2 * np.pi * turns * t * random.choice([-1, 1]) + random.uniform(0, 2 * np.pi)
    return [np.stack([0.5 * t * np.cos(angle), -0.5 + 0.5 * t * np.sin(angle)], axis=1)]


def _zigzag(random: Random) -> Strokes:
    count, step = int(random.integers(6, 14)), random.uniform(0.1, 0.3)
    top, bottom = -random.uniform(0.5, 1.0), random.uniform(-0.3, 0.0)
    heights = np.where(np.arange(count) % 2, top, bottom) + random.normal(0, 0.06, count)
    return [line(*((step * number, float(y)) for number, y in enumerate(heights)))]


def _scribble(random: Random) -> Strokes:
    count = int(random.integers(14, 40))
    points = random.uniform(0, 1, (count, 2)) * [random.uniform(0.5, 1.8), random.uniform(0.5, 1.0)] - [0, 0.9]
    return [line(*map(tuple, points.tolist()))]


def _loops(random: Random) -> Strokes:
    count = int(random.integers(4, 9))
    t = np.linspace(0, 2 * np.pi * count, 20 * count)
    size = random.uniform(0.25, 0.5)
    return [np.stack([t * random.uniform(0.03, 0.08) + size * np.cos(t), size * np.sin(t) - 0.5], axis=1)]


def _heart(random: Random) -> Strokes:
    t = np.linspace(0, 2 * np.pi, 60)
    size = random.uniform(0.028, 0.04)
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
    return [np.stack([16 * size * np.sin(t) ** 3, size * y - 0.5], axis=1)]


def _star(random: Random) -> Strokes:
    angles = np.radians(-90 + 144 * np.arange(6)) + random.normal(0, 0.05, 6)
    size = random.uniform(0.4, 0.6)
    return [line(*((float(size * np.cos(a)), float(size * np.sin(a) - 0.5)) for a in angles))]


def _tick(random: Random) -> Strokes:
    foot = random.uniform(0.15, 0.3)
    return [line((0, -foot - 0.1), (foot, 0), (foot + random.uniform(0.5, 0.9), -random.uniform(0.8, 1.2)))]


def _crossed_box(random: Random) -> Strokes:
    side = random.uniform(0.7, 1.1)
    return [
        line((0, 0), (side, 0), (side, -side), (0, -side), (0, 0)),
        line((0.1, -0.1), (side - 0.1, 0.1 - side)),
        line((0.1, 0.1 - side), (side - 0.1, -0.1)),
    ]


def _smiley(random: Random) -> Strokes:
    size = random.uniform(0.9, 1.3)
    return [
        arc(0, -0.5, size, size, 0, 360),
        dot(-0.18 * size, -0.5 - 0.15 * size, random),
        dot(0.18 * size, -0.5 - 0.15 * size, random),
        arc(0, -0.5, 0.55 * size, 0.55 * size, 20, 160),
    ]


def _flower(random: Random) -> Strokes:
    petals = int(random.integers(4, 7))
    t = np.linspace(0, 2 * np.pi, 120)
    radius = 0.35 + 0.2 * np.cos(petals * t)
    return [np.stack([radius * np.cos(t), radius * np.sin(t) - 0.5], axis=1), arc(0, -0.5, 0.2, 0.2, 0, 360)]


def _triangle(random: Random) -> Strokes:
    width = random.uniform(0.7, 1.2)
    return [line((0, 0), (width, 0), (width / 2, -random.uniform(0.7, 1.1)), (0, 0))]


def _house(random: Random) -> Strokes:
    width = random.uniform(0.6, 0.9)
    return [
        line((0, 0), (0, -0.6), (width, -0.6), (width, 0), (0, 0)),
        line((-0.1, -0.6), (width / 2, -random.uniform(0.9, 1.2)), (width + 0.1, -0.6)),
    ]


def _cloud(random: Random) -> Strokes:
    angles = np.linspace(0, 2 * np.pi, 8)[:-1]
    bumps = [
        arc(0.5 * np.cos(a), 0.25 * np.sin(a) - 0.5, 0.4, 0.4, np.degrees(a) - 80, np.degrees(a) + 80)
        for a in angles
    ]
    del random
    return [np.concatenate(bumps)]


def _corner(random: Random) -> Strokes:
    across, down = random.uniform(0.3, 1.6, 2) * random.choice([-1, 1], 2)
    return [line((across, -0.5), (0, -0.5), (0, -0.5 + down))]


def _side(random: Random) -> Strokes:
    return [line((0, -random.uniform(1.1, 2.0)), (random.normal(0, 0.02), random.uniform(0.2, 1.0)))]


def _box(random: Random) -> Strokes:
    width, top, bottom = random.uniform(0.8, 1.6), -random.uniform(1.1, 1.5), random.uniform(0.15, 0.5)
    corners = [(0.0, top), (width, top), (width, bottom), (0.0, bottom), (0.0, top)]
    return [line(*corners[: int(random.choice([4, 5, 5]))])]


def _long_line(random: Random) -> Strokes:
    y = random.uniform(0.05, 0.35)
    return [line((0, y), (random.uniform(1.2, 5), y + random.normal(0, 0.05)))]


def _comb(random: Random) -> Strokes:
    width, step = random.uniform(1.2, 4), random.uniform(0.6, 1.1)
    teeth = np.arange(0, width, step)
    height = random.uniform(0.2, 0.5)
    return [line((0, 0.1), (width, 0.1)), *(line((float(x), 0.1), (float(x), 0.1 - height)) for x in teeth)]


def _blot(random: Random) -> Strokes:
    size = random.uniform(0.05, 0.4)
    points = random.normal(0, size / 2, (int(random.integers(10, 30)), 2)) * [random.uniform(0.4, 2), 1] - [0, 0.4]
    return [line(*map(tuple, points.tolist()))]


DOODLES: Final[dict[str, Callable[[Random], Strokes]]] = {
    "spiral": _spiral,
    "zigzag": _zigzag,
    "scribble": _scribble,
    "loops": _loops,
    "heart": _heart,
    "star": _star,
    "tick": _tick,
    "crossed box": _crossed_box,
    "smiley": _smiley,
    "flower": _flower,
    "triangle": _triangle,
    "house": _house,
    "cloud": _cloud,
    "corner": _corner,
    "side": _side,
    "box": _box,
    "line": _long_line,
    "comb": _comb,
    "blot": _blot,
}
"""By doodle, what draws it."""

LINES: Final = frozenset({"box", "corner", "side", "line", "comb", "underline"})
"""Doodles of which any bit looks like the whole."""
