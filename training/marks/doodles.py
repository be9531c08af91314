"""Draws by rule what else is found on pages and is no writing: doodles, scribbles, and bits of lines and boxes.

The strokes have the form that `training.marks.strokes` describes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from training.marks.strokes import Random, Strokes, distort, draw_arc, draw_dot, draw_line


def draw_doodle(name: str, random: Random) -> Strokes:
    """Return a new drawing of a doodle of `DOODLES`, of any size."""
    size = np.exp(random.normal(0, 0.35))
    return [stroke * size for stroke in distort(DOODLES[name](random), random)]


def _draw_spiral(random: Random) -> Strokes:
    turns = random.uniform(2, 4.5)
    t = np.linspace(0.15, 1, 90)
    angle = 2 * np.pi * turns * t * random.choice([-1, 1]) + random.uniform(0, 2 * np.pi)
    return [np.stack([0.5 * t * np.cos(angle), -0.5 + 0.5 * t * np.sin(angle)], axis=1)]


def _draw_zigzag(random: Random) -> Strokes:
    count, step = int(random.integers(6, 14)), random.uniform(0.1, 0.3)
    top, bottom = -random.uniform(0.5, 1.0), random.uniform(-0.3, 0.0)
    heights = np.where(np.arange(count) % 2, top, bottom) + random.normal(0, 0.06, count)
    return [draw_line(*((step * number, float(y)) for number, y in enumerate(heights)))]


def _draw_scribble(random: Random) -> Strokes:
    count = int(random.integers(14, 40))
    points = random.uniform(0, 1, (count, 2)) * [random.uniform(0.5, 1.8), random.uniform(0.5, 1.0)] - [0, 0.9]
    return [draw_line(*map(tuple, points.tolist()))]


def _draw_loops(random: Random) -> Strokes:
    count = int(random.integers(4, 9))
    t = np.linspace(0, 2 * np.pi * count, 20 * count)
    size = random.uniform(0.25, 0.5)
    return [np.stack([t * random.uniform(0.03, 0.08) + size * np.cos(t), size * np.sin(t) - 0.5], axis=1)]


def _draw_heart(random: Random) -> Strokes:
    t = np.linspace(0, 2 * np.pi, 60)
    size = random.uniform(0.028, 0.04)
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
    return [np.stack([16 * size * np.sin(t) ** 3, size * y - 0.5], axis=1)]


def _draw_star(random: Random) -> Strokes:
    angles = np.radians(-90 + 144 * np.arange(6)) + random.normal(0, 0.05, 6)
    size = random.uniform(0.4, 0.6)
    return [draw_line(*((float(size * np.cos(a)), float(size * np.sin(a) - 0.5)) for a in angles))]


def _draw_tick(random: Random) -> Strokes:
    foot = random.uniform(0.15, 0.3)
    return [draw_line((0, -foot - 0.1), (foot, 0), (foot + random.uniform(0.5, 0.9), -random.uniform(0.8, 1.2)))]


def _draw_crossed_box(random: Random) -> Strokes:
    side = random.uniform(0.7, 1.1)
    return [
        draw_line((0, 0), (side, 0), (side, -side), (0, -side), (0, 0)),
        draw_line((0.1, -0.1), (side - 0.1, 0.1 - side)),
        draw_line((0.1, 0.1 - side), (side - 0.1, -0.1)),
    ]


def _draw_smiley(random: Random) -> Strokes:
    size = random.uniform(0.9, 1.3)
    return [
        draw_arc(0, -0.5, size, size, 0, 360),
        draw_dot(-0.18 * size, -0.5 - 0.15 * size, random),
        draw_dot(0.18 * size, -0.5 - 0.15 * size, random),
        draw_arc(0, -0.5, 0.55 * size, 0.55 * size, 20, 160),
    ]


def _draw_flower(random: Random) -> Strokes:
    petals = int(random.integers(4, 7))
    t = np.linspace(0, 2 * np.pi, 120)
    radius = 0.35 + 0.2 * np.cos(petals * t)
    return [np.stack([radius * np.cos(t), radius * np.sin(t) - 0.5], axis=1), draw_arc(0, -0.5, 0.2, 0.2, 0, 360)]


def _draw_triangle(random: Random) -> Strokes:
    width = random.uniform(0.7, 1.2)
    return [draw_line((0, 0), (width, 0), (width / 2, -random.uniform(0.7, 1.1)), (0, 0))]


def _draw_house(random: Random) -> Strokes:
    width = random.uniform(0.6, 0.9)
    return [
        draw_line((0, 0), (0, -0.6), (width, -0.6), (width, 0), (0, 0)),
        draw_line((-0.1, -0.6), (width / 2, -random.uniform(0.9, 1.2)), (width + 0.1, -0.6)),
    ]


def _draw_cloud(_random: Random) -> Strokes:
    angles = np.linspace(0, 2 * np.pi, 8)[:-1]
    bumps = [
        draw_arc(0.5 * np.cos(a), 0.25 * np.sin(a) - 0.5, 0.4, 0.4, np.degrees(a) - 80, np.degrees(a) + 80)
        for a in angles
    ]
    return [np.concatenate(bumps)]


def _draw_corner(random: Random) -> Strokes:
    across, down = random.uniform(0.3, 1.6, 2) * random.choice([-1, 1], 2)
    return [draw_line((across, -0.5), (0, -0.5), (0, -0.5 + down))]


def _draw_side(random: Random) -> Strokes:
    return [draw_line((0, -random.uniform(1.1, 2.0)), (random.normal(0, 0.02), random.uniform(0.2, 1.0)))]


def _draw_box(random: Random) -> Strokes:
    width, top, bottom = random.uniform(0.8, 1.6), -random.uniform(1.1, 1.5), random.uniform(0.15, 0.5)
    corners = [(0.0, top), (width, top), (width, bottom), (0.0, bottom), (0.0, top)]
    return [draw_line(*corners[: int(random.choice([4, 5, 5]))])]


def _draw_long_line(random: Random) -> Strokes:
    y = random.uniform(0.05, 0.35)
    return [draw_line((0, y), (random.uniform(1.2, 5), y + random.normal(0, 0.05)))]


def _draw_comb(random: Random) -> Strokes:
    width, step = random.uniform(1.2, 4), random.uniform(0.6, 1.1)
    teeth = np.arange(0, width, step)
    height = random.uniform(0.2, 0.5)
    return [
        draw_line((0, 0.1), (width, 0.1)),
        *(draw_line((float(x), 0.1), (float(x), 0.1 - height)) for x in teeth),
    ]


def _draw_blot(random: Random) -> Strokes:
    size = random.uniform(0.05, 0.4)
    points = random.normal(0, size / 2, (int(random.integers(10, 30)), 2)) * [random.uniform(0.4, 2), 1] - [0, 0.4]
    return [draw_line(*map(tuple, points.tolist()))]


def _draw_hatching(random: Random) -> Strokes:
    """Return parallel lines, in one direction or two, as if shading something."""
    strokes = []
    lean = random.uniform(-1, 1)
    for _ in range(int(random.choice([1, 1, 2]))):
        count, step = int(random.integers(3, 10)), random.uniform(0.1, 0.3)
        reach = random.uniform(0.4, 1.2)
        for number in range(count):
            x, tall = step * number + random.normal(0, 0.02), reach * np.exp(random.normal(0, 0.1))
            strokes.append(draw_line((x, random.normal(0, 0.05)), (x + lean * tall, -tall)))
        lean = -lean
    return strokes


def _draw_bent_arrow(random: Random) -> Strokes:
    width, tall = random.uniform(0.5, 2), random.uniform(0.3, 1.2)
    start = random.uniform(150, 200)
    shaft = draw_arc(0, 0, width, tall, start, start + random.uniform(100, 230))
    tip, before = shaft[-1], shaft[-4]
    back = (before - tip) / (np.hypot(*(before - tip)) + 1e-9) * random.uniform(0.15, 0.3)
    sides = [np.array([[c, -s], [s, c]]) @ back for c, s in ((0.8, 0.6), (0.8, -0.6))]
    return [shaft, draw_line(*(tuple(end.tolist()) for end in (tip + sides[0], tip, tip + sides[1])))]


def _draw_wave(random: Random) -> Strokes:
    length, tall = random.uniform(1, 4), random.uniform(0.04, 0.12)
    x = np.linspace(0, length, 80)
    return [np.stack([x, 0.2 + tall * np.sin(x / random.uniform(0.05, 0.15))], axis=1)]


def _draw_face(random: Random) -> Strokes:
    """Return a smiley without a circle around it."""
    apart, tall = random.uniform(0.2, 0.5), random.uniform(0.1, 0.25)
    is_glad = random.random() < 0.7
    mouth = draw_arc(0, -0.35 if is_glad else -0.1, 1.4 * apart, 0.4, *((20, 160) if is_glad else (200, 340)))
    eyes = [
        draw_line((x, -0.8), (x, tall - 0.8)) if random.random() < 0.5 else draw_dot(x, -0.8, random)
        for x in (-apart / 2, apart / 2)
    ]
    return [*eyes, mouth]


def _draw_sun(random: Random) -> Strokes:
    size, rays = random.uniform(0.35, 0.6), int(random.integers(6, 12))
    angles = np.linspace(0, 2 * np.pi, rays, endpoint=False) + random.normal(0, 0.06, rays)
    reach = size * random.uniform(0.8, 1.2)
    beams = [
        draw_line(*((float(r * np.cos(a)), float(r * np.sin(a) - 0.5)) for r in (0.6 * size, reach)))
        for a in angles
    ]
    return [draw_arc(0, -0.5, size, size, 0, 370), *beams]


def _draw_person(random: Random) -> Strokes:
    hips, feet, arms = -random.uniform(0.3, 0.4), random.uniform(0.12, 0.3), random.uniform(0.15, 0.35)
    return [
        draw_arc(0, -0.95, 0.24, 0.24, 0, 365),
        draw_line((0, -0.83), (0, hips)),
        draw_line((-feet, 0), (0, hips), (feet, 0)),
        draw_line((-arms, -0.65 + random.normal(0, 0.1)), (arms, -0.65 + random.normal(0, 0.1))),
    ]


def _draw_ring(random: Random) -> Strokes:
    """Return a circle around something, much larger than a letter."""
    width, tall, start = random.uniform(1.3, 4), random.uniform(1.3, 2.2), random.uniform(0, 360)
    return [draw_arc(0, -0.5, width, tall, start, start + random.uniform(330, 390))]


def _draw_dotted_line(random: Random) -> Strokes:
    count, step = int(random.integers(4, 20)), random.uniform(0.1, 0.3)
    if random.random() < 0.5:
        return [draw_dot(step * number, 0.05, random) for number in range(count)]
    return [draw_line((step * number, 0.05), (step * (number + 0.55), 0.05)) for number in range(count)]


def _draw_grid(random: Random) -> Strokes:
    """Return the lines of a table, or some of them."""
    columns, rows = (np.cumsum(random.uniform(0.5, 1.4, int(random.integers(2, 5)))) for _ in range(2))
    lines = [draw_line((float(x), float(rows[0])), (float(x), float(rows[-1]))) for x in columns]
    lines += [draw_line((float(columns[0]), float(y)), (float(columns[-1]), float(y))) for y in rows]
    return [lines[number] for number in random.permutation(len(lines))[: int(random.integers(2, len(lines) + 1))]]


def _draw_pieces_of_line(random: Random) -> Strokes:
    """Return what is left of a straight line that was removed: bits of it."""
    is_upright = random.random() < 0.5
    # Short upright bits look like an i.
    reach = random.uniform(1.5 if is_upright else 0.6, 3)
    ends = np.sort(random.uniform(0, reach, 2 * int(random.integers(1, 4))))
    aside = random.normal(0, 0.02, len(ends))
    points = np.stack([aside, -ends] if is_upright else [ends, aside], axis=1)
    return [draw_line((float(a[0]), float(a[1])), (float(b[0]), float(b[1]))) for a, b in points.reshape(-1, 2, 2)]


DOODLES: Final[dict[str, Callable[[Random], Strokes]]] = {
    "spiral": _draw_spiral,
    "zigzag": _draw_zigzag,
    "scribble": _draw_scribble,
    "loops": _draw_loops,
    "heart": _draw_heart,
    "star": _draw_star,
    "tick": _draw_tick,
    "crossed box": _draw_crossed_box,
    "smiley": _draw_smiley,
    "flower": _draw_flower,
    "triangle": _draw_triangle,
    "house": _draw_house,
    "cloud": _draw_cloud,
    "corner": _draw_corner,
    "side": _draw_side,
    "box": _draw_box,
    "line": _draw_long_line,
    "comb": _draw_comb,
    "blot": _draw_blot,
    "hatching": _draw_hatching,
    "bent arrow": _draw_bent_arrow,
    "wave": _draw_wave,
    "face": _draw_face,
    "sun": _draw_sun,
    "person": _draw_person,
    "ring": _draw_ring,
    "dotted line": _draw_dotted_line,
    "grid": _draw_grid,
    "pieces of a line": _draw_pieces_of_line,
}
"""By doodle, what draws it."""

UNDERLINE: Final = "underline"
"""The name of a line under a word, which is drawn where the words are."""
