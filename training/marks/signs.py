"""Draws signs by rule: brackets, operators and punctuation, each time a little differently.

A sign is a list of strokes, float64 (n, 2), y downwards. The unit is the height of a capital: the base line is at
0, the top of a capital at -1.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

Random = np.random.Generator
Stroke = npt.NDArray[np.float64]
Strokes = list[Stroke]

_STEPS: Final = 24  # points on a curve
_MIDDLE: Final = -0.42  # of operators, above the base line


def draw_sign(name: str, random: Random) -> Strokes:
    """Return a new drawing of a sign of `SIGNS`, turned, stretched and bent a little."""
    strokes = SIGNS[name](random)
    return distort(strokes, random)


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


def line(*corners: tuple[float, float]) -> Stroke:
    """Return a stroke along straight lines between corners."""
    ends = np.array(corners, dtype=np.float64)
    parts = [np.linspace(a, b, 10, endpoint=False) for a, b in pairwise(ends)]
    return np.concatenate([*parts, ends[-1:]])


def arc(x: float, y: float, width: float, height: float, start: float, end: float) -> Stroke:
    """Return a stroke along an ellipse, from one angle to another in degrees, clockwise from the right."""
    angles = np.radians(np.linspace(start, end, _STEPS))
    return np.stack([x + width / 2 * np.cos(angles), y + height / 2 * np.sin(angles)], axis=1)


def dot(x: float, y: float, random: Random) -> Stroke:
    """Return a dot: a tap, or a tiny stroke."""
    reach = random.uniform(0, 0.05)
    angle = random.uniform(0, 2 * np.pi)
    return line((x, y), (x + reach * np.cos(angle), y + reach * np.sin(angle)))


def _span(random: Random) -> tuple[float, float]:
    """Return the top and the bottom of a bracket: mostly higher and deeper than a letter."""
    return -random.uniform(0.95, 1.3), random.uniform(0.0, 0.35)


def _parenthesis(random: Random, *, is_opening: bool) -> Strokes:
    top, bottom = _span(random)
    width = random.uniform(0.12, 0.5) * (bottom - top)
    reach = random.uniform(45, 88)
    middle = 180 if is_opening else 0
    direction = 1 if is_opening else -1
    stroke = arc(
        0, (top + bottom) / 2, 2 * width, bottom - top, middle + direction * reach, middle - direction * reach
    )
    return [stroke]


def _bracket(random: Random, *, is_opening: bool) -> Strokes:
    top, bottom = _span(random)
    upper, lower = random.uniform(0.12, 0.35, 2) * (1 if is_opening else -1)
    if random.random() < 0.2:
        return [line((upper, top), (0, top), (random.normal(0, 0.02), bottom)), line((0, bottom), (lower, bottom))]
    return [line((upper, top), (0, top), (0, bottom), (lower, bottom))]


def _brace(random: Random, *, is_opening: bool) -> Strokes:
    top, bottom = _span(random)
    middle = (top + bottom) / 2 + random.normal(0, 0.05)
    width = random.uniform(0.1, 0.22)
    side = 1 if is_opening else -1
    if random.random() < 0.25:  # of straight lines, or of two bows like a 3
        if random.random() < 0.5:
            corners = (width, top), (0, top * 0.85), (0, middle - 0.1), (-width, middle)
            ends = (0, middle + 0.1), (0, bottom - 0.1), (width, bottom)
            return [line(*((side * x, y) for x, y in (*corners, *ends)))]
        upper = arc(width, (top + middle) / 2, 2 * width, middle - top, -80, -270)
        lower = arc(width, (middle + bottom) / 2, 2 * width, bottom - middle, -90, -280)
        return [np.concatenate([upper, lower]) * [side, 1]]
    t = np.linspace(0, 1, _STEPS)
    nose = random.uniform(0.1, 0.3) * np.exp(-((t - 0.5) ** 2) / random.uniform(0.003, 0.02))
    hooks = width * (np.abs(2 * t - 1) ** random.uniform(3, 8))
    y = top + (bottom - top) * t
    y = np.where(t < 0.5, top + (middle - top) * 2 * t, middle + (bottom - middle) * (2 * t - 1))
    return [np.stack([side * (hooks - nose), y], axis=1)]


def _plus(random: Random) -> Strokes:
    size, y = random.uniform(0.22, 0.42), _MIDDLE + random.normal(0, 0.06)
    return [
        line((-size, y), (size, y + random.normal(0, 0.03))),
        line((random.normal(0, 0.04), y - size * random.uniform(0.8, 1.2)), (random.normal(0, 0.04), y + size)),
    ]


def _minus(random: Random) -> Strokes:
    y = _MIDDLE + random.normal(0, 0.08)
    return [line((0, y), (random.uniform(0.3, 0.9), y + random.normal(0, 0.04)))]


def _equals(random: Random) -> Strokes:
    y, apart = _MIDDLE + random.normal(0, 0.06), random.uniform(0.14, 0.36)
    widths = random.uniform(0.4, 0.8) * np.exp(random.normal(0, 0.1, 2))
    return [
        line(
            (random.normal(0, 0.04), y + side * apart / 2), (width, y + side * apart / 2 + random.normal(0, 0.03))
        )
        for side, width in zip((-1, 1), widths, strict=True)
    ]


def _slash(random: Random, *, is_back: bool) -> Strokes:
    top, bottom = -random.uniform(0.95, 1.25), random.uniform(-0.02, 0.25)
    width = random.uniform(0.35, 0.75)
    ends = ((0.0, top), (width, bottom)) if is_back else ((width, top), (0.0, bottom))
    return [line(*ends)]


def _asterisk(random: Random) -> Strokes:
    size, y = random.uniform(0.15, 0.3), random.choice([_MIDDLE, -0.75]) + random.normal(0, 0.05)
    count = int(random.choice([3, 3, 4]))
    angles = np.pi * (np.arange(count) / count) + random.normal(0, 0.12, count) + random.uniform(0, 0.5)
    sizes = size * np.exp(random.normal(0, 0.15, count))
    return [
        line((-s * np.cos(a), y - s * np.sin(a)), (s * np.cos(a), y + s * np.sin(a)))
        for s, a in zip(sizes, angles, strict=True)
    ]


def _period(random: Random) -> Strokes:
    return [dot(0, random.normal(0, 0.03), random)]


def _comma(random: Random) -> Strokes:
    length = random.uniform(0.12, 0.32)
    return [line((0.1 * length, -0.06), (random.uniform(0, 0.1), length * 0.4), (-0.4 * length, length))]


def _colon(random: Random) -> Strokes:
    return [dot(0, -random.uniform(0.4, 0.6), random), dot(random.normal(0, 0.03), random.normal(0, 0.04), random)]


def _semicolon(random: Random) -> Strokes:
    return [dot(0.05, -random.uniform(0.4, 0.6), random), *_comma(random)]


def _apostrophe(random: Random) -> Strokes:
    length = random.uniform(0.15, 0.35)
    top = -random.uniform(0.85, 1.1)
    return [line((0, top), (random.normal(-0.03, 0.05), top + length))]


def _quote(random: Random) -> Strokes:
    length, top = random.uniform(0.15, 0.35), -random.uniform(0.85, 1.1)
    apart = random.uniform(0.12, 0.28)
    return [line((x, top), (x + random.normal(-0.03, 0.04), top + length)) for x in (0.0, apart)]


def _angle(random: Random, *, is_opening: bool) -> Strokes:
    width, size = random.uniform(0.35, 0.7), random.uniform(0.2, 0.42)
    side = 1 if is_opening else -1
    y = _MIDDLE + random.normal(0, 0.05)
    return [line((side * width, y - size), (0, y), (side * width, y + size))]


def _underscore(random: Random) -> Strokes:
    y = random.uniform(0.0, 0.2)
    return [line((0, y), (random.uniform(0.4, 1.0), y + random.normal(0, 0.03)))]


def _hash(random: Random) -> Strokes:
    lean, top, bottom = random.uniform(0, 0.2), -random.uniform(0.85, 1.05), random.uniform(-0.05, 0.1)
    rows, columns = (-0.62 + random.normal(0, 0.04), -0.3 + random.normal(0, 0.04)), (0.22, 0.5)
    return [
        *(line((x + lean, top), (x - lean / 2, bottom)) for x in columns),
        *(line((-0.02, y + random.normal(0, 0.03)), (0.78, y + random.normal(0, 0.03))) for y in rows),
    ]


def _exclamation(random: Random) -> Strokes:
    bottom = -random.uniform(0.22, 0.35)
    return [
        line((random.normal(0, 0.04), -random.uniform(0.95, 1.1)), (0, bottom)),
        dot(random.normal(0, 0.03), random.normal(0, 0.03), random),
    ]


def _question(random: Random) -> Strokes:
    bowl = arc(0, -0.75, random.uniform(0.4, 0.6), 0.5, 190, 400 + random.uniform(0, 40))
    foot = line((float(bowl[-1, 0]), float(bowl[-1, 1])), (0.02, -0.45), (random.normal(0, 0.03), -0.25))
    return [np.concatenate([bowl, foot]), dot(random.normal(0, 0.03), random.normal(0, 0.03), random)]


def _bar(random: Random) -> Strokes:
    return [line((random.normal(0, 0.03), -random.uniform(1.05, 1.35)), (0, random.uniform(0.15, 0.4)))]


def _tilde(random: Random) -> Strokes:
    x = np.linspace(0, random.uniform(0.45, 0.8), _STEPS)
    y = _MIDDLE + random.normal(0, 0.05) - random.uniform(0.06, 0.14) * np.sin(x / x[-1] * 2 * np.pi)
    return [np.stack([x, y], axis=1)]


def _caret(random: Random) -> Strokes:
    width, height, top = random.uniform(0.3, 0.55), random.uniform(0.2, 0.4), -random.uniform(0.95, 1.1)
    return [line((0, top + height), (width / 2, top), (width, top + height))]


def _percent(random: Random) -> Strokes:
    size = random.uniform(0.22, 0.34)
    return [
        arc(0.12, -0.78, size, size, 0, 360),
        line((0.62, -1.0), (0.06, 0.02)),
        arc(0.6, -0.2, size, size, 0, 360),
    ]


def _at(random: Random) -> Strokes:
    inner = arc(0, -0.42, 0.42, 0.42, -40, 300)
    outer = arc(0.04, -0.42, 0.95, random.uniform(0.9, 1.1), 0, -random.uniform(270, 320))
    return [np.concatenate([inner, line((0.21, -0.58), (0.22, -0.3), (0.4, -0.25)), outer])]


def _dollar(random: Random) -> Strokes:
    upper, lower = arc(0, -0.72, 0.55, 0.5, -40, -270), arc(0, -0.24, 0.55, 0.48, -90, 140)
    x = random.normal(0, 0.03)
    return [np.concatenate([upper, lower]), line((x, -random.uniform(1.1, 1.25)), (x, random.uniform(0.12, 0.25)))]


def _arrow(random: Random) -> Strokes:
    y, length = _MIDDLE + random.normal(0, 0.05), random.uniform(0.7, 1.5)
    head = random.uniform(0.15, 0.3)
    side = 1 if random.random() < 0.7 else -1
    tip = side * length
    return [
        line((0, y), (tip, y)),
        line((tip - side * head, y - head * 0.8), (tip, y), (tip - side * head, y + head * 0.8)),
    ]


def _divide(random: Random) -> Strokes:
    y, size = _MIDDLE + random.normal(0, 0.05), random.uniform(0.25, 0.38)
    apart = random.uniform(0.2, 0.32)
    return [line((-size, y), (size, y)), dot(0, y - apart, random), dot(0, y + apart, random)]


def _root(random: Random) -> Strokes:
    length = random.uniform(0.5, 1.4)
    top = -random.uniform(1.0, 1.25)
    return [line((0, -0.4), (0.12, -0.48), (0.28, 0.05), (0.5, top), (0.5 + length, top))]


def _degree(random: Random) -> Strokes:
    size = random.uniform(0.15, 0.25)
    return [arc(0, -0.9, size, size, 0, 360)]


def _ellipsis(random: Random) -> Strokes:
    step = random.uniform(0.2, 0.35)
    return [dot(step * number, random.normal(0, 0.02), random) for number in range(3)]


def _ampersand(random: Random) -> Strokes:
    if random.random() < 0.4:  # like a plus with a loop
        return [
            line((0, -0.75), (0, 0)),
            np.concatenate([line((0.28, -0.55), (-0.3, -0.32)), line((-0.3, -0.32), (0.3, -0.2))]),
        ]
    loop = arc(0.02, -0.8, random.uniform(0.25, 0.4), 0.4, 60, -220)
    bowl = arc(-0.02, -0.25, random.uniform(0.45, 0.6), 0.5, -120, -330)
    return [np.concatenate([line((0.42, 0.02), (0.1, -0.6)), loop, bowl, line((0.24, -0.14), (0.4, -0.4))])]


def _currency(random: Random) -> Strokes:
    bow = arc(0, -0.5, random.uniform(0.5, 0.75), 1, -50, -310)
    y = -0.5 + random.normal(0, 0.04)
    apart = random.uniform(0.1, 0.2)
    bars = [line((-0.48, y + side * apart / 2), (0.15, y + side * apart / 2)) for side in (-1, 1)]
    return [bow, *bars]


def _plus_minus(random: Random) -> Strokes:
    plus = [stroke - [0, 0.12] for stroke in _plus(random)]
    return [*plus, line((-0.3, 0.02), (0.3, 0.02 + random.normal(0, 0.02)))]


def _at_most(random: Random) -> Strokes:
    strokes = _angle(random, is_opening=bool(random.random() < 0.5))
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    y = float(high[1]) + random.uniform(0.08, 0.2)
    return [*strokes, line((float(low[0]), y), (float(high[0]), y + random.normal(0, 0.03)))]


def _bullet(random: Random) -> Strokes:
    size, y = random.uniform(0.03, 0.16), _MIDDLE + random.normal(0, 0.08)
    angles = np.linspace(0, 6 * np.pi, 40)
    reach = np.linspace(size, 0, 40)
    return [np.stack([reach * np.cos(angles), y + reach * np.sin(angles)], axis=1)]


def _section(random: Random) -> Strokes:
    size = random.uniform(0.3, 0.45)
    upper, lower = arc(0, -0.78, size, 0.4, -20, -250), arc(0, -0.22, size, 0.4, -70, 160)
    return [upper, arc(0, -0.5, size, 0.36, 0, 360), lower]


def _low_quote(random: Random) -> Strokes:
    apart = random.uniform(0.12, 0.25)
    lean = random.uniform(0.02, 0.12)
    return [line((x, -0.1), (x - lean, random.uniform(0.1, 0.2))) for x in (0.0, apart)]


def _opening(draw: Callable[..., Strokes]) -> Callable[[Random], Strokes]:
    return lambda random: draw(random, is_opening=True)


def _closing(draw: Callable[..., Strokes]) -> Callable[[Random], Strokes]:
    return lambda random: draw(random, is_opening=False)


SIGNS: Final[dict[str, Callable[[Random], Strokes]]] = {
    "(": _opening(_parenthesis),
    ")": _closing(_parenthesis),
    "[": _opening(_bracket),
    "]": _closing(_bracket),
    "{": _opening(_brace),
    "}": _closing(_brace),
    "+": _plus,
    "-": _minus,
    "=": _equals,
    "/": lambda random: _slash(random, is_back=False),
    "\\": lambda random: _slash(random, is_back=True),
    "*": _asterisk,
    ".": _period,
    ",": _comma,
    ":": _colon,
    ";": _semicolon,
    "'": _apostrophe,
    '"': _quote,
    "<": _opening(_angle),
    ">": _closing(_angle),
    "_": _underscore,
    "#": _hash,
    "!": _exclamation,
    "?": _question,
    "|": _bar,
    "~": _tilde,
    "^": _caret,
    "%": _percent,
    "@": _at,
    "$": _dollar,
    "→": _arrow,
    "÷": _divide,
    "√": _root,
    "°": _degree,
    "…": _ellipsis,
    "&": _ampersand,
    "€": _currency,
    "±": _plus_minus,
    "≤": _at_most,
    "•": _bullet,
    "§": _section,
    "„": _low_quote,
}
"""By sign, what draws it."""
