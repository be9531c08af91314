"""What the forms of several characters share: lines as a hand draws them, and where they fit."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Strokes = list[Floats]
Random = np.random.Generator

_ALONG: Final = np.linspace(0, 1, 9)[:, None]  # the points of a line that is added
BOW: Final = np.sin(np.pi * _ALONG)
"""float64 (9, 1), how far each point of an added line is moved if the line is bowed."""
_NARROW: Final = 0.15  # a stroke is a line if no point is further from the chord of its ends
_FLAT: Final = 0.5  # a line is level if it rises less than this share of its width, and upright if the reverse


def draw_line(start: Floats, end: Floats, random: Random) -> Floats:
    """Return (9, 2), a line as a hand draws it: a little turned and bowed."""
    turn, bow = random.normal(0, 0.05), random.normal(0, 0.03)
    along = end - start
    across = np.array((-along[1], along[0]))
    line: Floats = start + _ALONG * along + ((_ALONG - 0.5) * turn + BOW * bow) * across
    return line


def draw_bar(crossing: Floats, size: float, random: Random) -> Floats:
    """Return a short line, about level, through the point ``crossing`` of a drawing of this height."""
    left, right = random.uniform(0.15, 0.32, 2) * size
    rise = random.uniform(-0.02, 0.1) * size
    return draw_line(crossing + np.array((-left, rise)), crossing + np.array((right, -rise)), random)


def measure_box(strokes: Strokes) -> tuple[Floats, Floats]:
    """Return (2,) and (2,), the upper left and the lower right corner of a drawing."""
    points = np.concatenate(strokes)
    return points.min(axis=0), points.max(axis=0)


def is_line(stroke: Floats) -> bool:
    """Return whether a stroke is nearly straight."""
    chord = stroke[-1] - stroke[0]
    length = float(np.hypot(*chord))
    if length <= 0:
        return False
    offsets = stroke - stroke[0]
    across = np.abs(offsets[:, 0] * chord[1] - offsets[:, 1] * chord[0]) / length
    along = offsets @ chord / length
    is_inside = along.min() > -_NARROW * length and along.max() < (1 + _NARROW) * length
    return bool(is_inside and across.max() < _NARROW * length)


def is_level(stroke: Floats) -> bool:
    """Return whether a stroke is a line from side to side."""
    width, height = np.abs(stroke[-1] - stroke[0])
    return bool(height < _FLAT * width) and is_line(stroke)


def is_upright(stroke: Floats) -> bool:
    """Return whether a stroke is a line up or down."""
    width, height = np.abs(stroke[-1] - stroke[0])
    return bool(width < _FLAT * height) and is_line(stroke)


def find_crossing(strokes: Strokes, random: Random) -> tuple[Floats | None, float]:
    """Return where a bar crosses the long line of a 7, z or Z of one stroke, and the height of the drawing."""
    (stroke, *others) = strokes
    low, high = measure_box(strokes)
    width, height = high - low
    if others or height < 0.7 * width or len(stroke) < 4:
        return None, 0
    level = low[1] + random.uniform(0.42, 0.6) * height
    (below,) = np.nonzero(stroke[:, 1] > level)
    is_crossed_once = len(below) > 0 and (np.diff(below) == 1).all() and below[-1] == len(stroke) - 1
    has_top = stroke[0, 1] < low[1] + 0.3 * height and stroke[0, 0] < low[0] + 0.35 * width
    if not is_crossed_once or not has_top:
        return None, 0
    return stroke[below[0]], float(height)


def find_bare_line(strokes: Strokes) -> tuple[Floats | None, float]:
    """Return the one stroke of a 1 or an I that is a line from top to foot, and its height."""
    (stem, *others) = strokes
    if others or not is_upright(stem) or stem[0, 1] > stem[-1, 1]:
        return None, 0
    return stem, float(np.ptp(stem[:, 1]))


def add_bar(strokes: Strokes, random: Random) -> Strokes | None:
    """Give a 7, z or Z of one stroke a bar through its long line."""
    crossing, size = find_crossing(strokes, random)
    if crossing is None:
        return None
    return [*strokes, draw_bar(crossing, size, random)]
