"""Lays out forms that nobody has filled in: boxes, combs, tables and lines, without writing.

A box without ink in it may be a drawing, so it is not removed as other boxes are. Its sides look like an l.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from training.marks.paint import PlacedMark
from training.marks.strokes import Random, Strokes, draw_line

_LABEL: Final = "box"


def lay_out_empty_form(height: float, random: Random) -> list[PlacedMark]:
    """Return what is printed on a form, a little turned. The height is that of most boxes, in pixels."""
    angle = random.normal(0, 0.01)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    shapes = [_SHAPES[int(random.integers(len(_SHAPES)))] for _ in range(int(random.integers(1, 4)))]
    marks: list[PlacedMark] = []
    y = 0.0
    for _ in range(int(random.integers(1, 6))):
        x = float(random.choice([0, 0, random.uniform(0, 4)]))
        for _ in range(int(random.choice([1, 1, 2, 3]))):
            strokes = shapes[int(random.integers(len(shapes)))](random)
            marks.append(
                PlacedMark(_LABEL, False, [(stroke + np.array([x, y])) * height @ turn for stroke in strokes])
            )
            x += max(float(stroke[:, 0].max()) for stroke in strokes) + random.uniform(0.2, 1.5)
        y += random.uniform(1.2, 2.5)
    return marks


def _draw_comb(random: Random) -> Strokes:
    """Return a row of cells, with or without a top, with a base line."""
    width, count = random.uniform(0.5, 1.3), int(random.integers(2, 10))
    top = random.choice([0, 0, random.uniform(0.3, 0.7)])
    sides = [draw_line((number * width, top), (number * width, 1)) for number in range(count + 1)]
    strokes = [*sides, draw_line((0, 1), (count * width, 1))]
    return [*strokes, draw_line((0, 0), (count * width, 0))] if top == 0 else strokes


def _draw_boxes(random: Random) -> Strokes:
    """Return separate boxes in a row, closed or open above."""
    width, apart = random.uniform(0.5, 1.2), random.uniform(0.1, 0.6)
    is_open = random.random() < 0.3
    strokes = []
    for number in range(int(random.integers(1, 8))):
        left = number * (width + apart)
        right = left + width
        corners = [(left, 0.0), (left, 1.0), (right, 1.0), (right, 0.0), (left, 0.0)]
        strokes.append(draw_line(*corners[: 4 if is_open else 5]))
    return strokes


def _draw_field(random: Random) -> Strokes:
    """Return a wide box."""
    width = random.uniform(1.5, 7)
    return [draw_line((0, 0), (width, 0), (width, 1), (0, 1), (0, 0))]


def _draw_line(random: Random) -> Strokes:
    """Return a line to write on."""
    return [draw_line((0, 1), (random.uniform(1, 8), 1))]


def _draw_table(random: Random) -> Strokes:
    """Return a table of several rows."""
    widths = np.concatenate([[0], np.cumsum(random.uniform(0.8, 3, int(random.integers(2, 6))))])
    rows = int(random.integers(2, 5))
    across = [draw_line((0, y), (float(widths[-1]), y)) for y in range(rows + 1)]
    return [*across, *(draw_line((float(x), 0), (float(x), rows)) for x in widths)]


def _draw_tick_box(random: Random) -> Strokes:
    """Return a small box."""
    side = random.uniform(0.3, 0.6)
    return [draw_line((0, 1), (side, 1), (side, 1 - side), (0, 1 - side), (0, 1))]


_SHAPES: Final[tuple[Callable[[Random], Strokes], ...]] = (
    _draw_comb,
    _draw_comb,
    _draw_boxes,
    _draw_boxes,
    _draw_field,
    _draw_line,
    _draw_table,
    _draw_tick_box,
)
"""The commonest are there twice."""
