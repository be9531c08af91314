"""Draws signs by rule: brackets, operators and punctuation, each time a little differently.

The strokes have the form that `training.marks.strokes` describes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from training.marks.strokes import STEPS, Random, Strokes, distort, draw_arc, draw_dot, draw_line

_MIDDLE: Final = -0.42  # of operators, above the base line


def draw_sign(name: str, random: Random) -> Strokes:
    """Return a new drawing of a sign of `SIGNS`, turned, stretched and bent a little."""
    strokes = SIGNS[name](random)
    return distort(strokes, random)


def _choose_span(random: Random) -> tuple[float, float]:
    """Return the top and the bottom of a bracket: mostly higher and deeper than a letter."""
    return -random.uniform(0.95, 1.3), random.uniform(0.0, 0.35)


def _draw_parenthesis(random: Random, *, is_opening: bool) -> Strokes:
    top, bottom = _choose_span(random)
    width = random.uniform(0.12, 0.5) * (bottom - top)
    reach = random.uniform(45, 88)
    middle = 180 if is_opening else 0
    direction = 1 if is_opening else -1
    stroke = draw_arc(
        0, (top + bottom) / 2, 2 * width, bottom - top, middle + direction * reach, middle - direction * reach
    )
    return [stroke]


def _draw_bracket(random: Random, *, is_opening: bool) -> Strokes:
    top, bottom = _choose_span(random)
    upper, lower = random.uniform(0.12, 0.35, 2) * (1 if is_opening else -1)
    if random.random() < 0.2:
        return [
            draw_line((upper, top), (0, top), (random.normal(0, 0.02), bottom)),
            draw_line((0, bottom), (lower, bottom)),
        ]
    return [draw_line((upper, top), (0, top), (0, bottom), (lower, bottom))]


def _draw_brace(random: Random, *, is_opening: bool) -> Strokes:
    top, bottom = _choose_span(random)
    middle = (top + bottom) / 2 + random.normal(0, 0.05)
    width = random.uniform(0.1, 0.22)
    side = 1 if is_opening else -1
    if random.random() < 0.25:  # of straight lines, or of two bows like a 3
        if random.random() < 0.5:
            corners = (width, top), (0, top * 0.85), (0, middle - 0.1), (-width, middle)
            ends = (0, middle + 0.1), (0, bottom - 0.1), (width, bottom)
            return [draw_line(*((side * x, y) for x, y in (*corners, *ends)))]
        upper = draw_arc(width, (top + middle) / 2, 2 * width, middle - top, -80, -270)
        lower = draw_arc(width, (middle + bottom) / 2, 2 * width, bottom - middle, -90, -280)
        return [np.concatenate([upper, lower]) * [side, 1]]
    t = np.linspace(0, 1, STEPS)
    nose = random.uniform(0.1, 0.3) * np.exp(-((t - 0.5) ** 2) / random.uniform(0.003, 0.02))
    hooks = width * (np.abs(2 * t - 1) ** random.uniform(3, 8))
    y = top + (bottom - top) * t
    y = np.where(t < 0.5, top + (middle - top) * 2 * t, middle + (bottom - middle) * (2 * t - 1))
    return [np.stack([side * (hooks - nose), y], axis=1)]


def _draw_plus(random: Random) -> Strokes:
    size, y = random.uniform(0.22, 0.42), _MIDDLE + random.normal(0, 0.06)
    return [
        draw_line((-size, y), (size, y + random.normal(0, 0.03))),
        draw_line(
            (random.normal(0, 0.04), y - size * random.uniform(0.8, 1.2)), (random.normal(0, 0.04), y + size)
        ),
    ]


def _draw_minus(random: Random) -> Strokes:
    y = _MIDDLE + random.normal(0, 0.08)
    return [draw_line((0, y), (random.uniform(0.3, 0.9), y + random.normal(0, 0.04)))]


def _draw_equals(random: Random) -> Strokes:
    y, apart = _MIDDLE + random.normal(0, 0.06), random.uniform(0.14, 0.36)
    widths = random.uniform(0.4, 0.8) * np.exp(random.normal(0, 0.1, 2))
    return [
        draw_line(
            (random.normal(0, 0.04), y + side * apart / 2), (width, y + side * apart / 2 + random.normal(0, 0.03))
        )
        for side, width in zip((-1, 1), widths, strict=True)
    ]


def _draw_slash(random: Random, *, is_back: bool) -> Strokes:
    top, bottom = -random.uniform(0.95, 1.25), random.uniform(-0.02, 0.25)
    width = random.uniform(0.35, 0.75)
    ends = ((0.0, top), (width, bottom)) if is_back else ((width, top), (0.0, bottom))
    return [draw_line(*ends)]


def _draw_asterisk(random: Random) -> Strokes:
    size, y = random.uniform(0.15, 0.3), random.choice([_MIDDLE, -0.75]) + random.normal(0, 0.05)
    count = int(random.choice([3, 3, 4]))
    angles = np.pi * (np.arange(count) / count) + random.normal(0, 0.12, count) + random.uniform(0, 0.5)
    sizes = size * np.exp(random.normal(0, 0.15, count))
    return [
        draw_line((-s * np.cos(a), y - s * np.sin(a)), (s * np.cos(a), y + s * np.sin(a)))
        for s, a in zip(sizes, angles, strict=True)
    ]


def _draw_period(random: Random) -> Strokes:
    return [draw_dot(0, random.normal(0, 0.03), random)]


def _draw_comma(random: Random) -> Strokes:
    length = random.uniform(0.12, 0.32)
    return [draw_line((0.1 * length, -0.06), (random.uniform(0, 0.1), length * 0.4), (-0.4 * length, length))]


def _draw_colon(random: Random) -> Strokes:
    return [
        draw_dot(0, -random.uniform(0.4, 0.6), random),
        draw_dot(random.normal(0, 0.03), random.normal(0, 0.04), random),
    ]


def _draw_semicolon(random: Random) -> Strokes:
    return [draw_dot(0.05, -random.uniform(0.4, 0.6), random), *_draw_comma(random)]


def _draw_apostrophe(random: Random) -> Strokes:
    length = random.uniform(0.15, 0.35)
    top = -random.uniform(0.85, 1.1)
    return [draw_line((0, top), (random.normal(-0.03, 0.05), top + length))]


def _draw_quote(random: Random) -> Strokes:
    length, top = random.uniform(0.15, 0.35), -random.uniform(0.85, 1.1)
    apart = random.uniform(0.12, 0.28)
    return [draw_line((x, top), (x + random.normal(-0.03, 0.04), top + length)) for x in (0.0, apart)]


def _draw_angle(random: Random, *, is_opening: bool) -> Strokes:
    width, size = random.uniform(0.35, 0.7), random.uniform(0.2, 0.42)
    side = 1 if is_opening else -1
    y = _MIDDLE + random.normal(0, 0.05)
    return [draw_line((side * width, y - size), (0, y), (side * width, y + size))]


def _draw_underscore(random: Random) -> Strokes:
    y = random.uniform(0.0, 0.2)
    return [draw_line((0, y), (random.uniform(0.4, 1.0), y + random.normal(0, 0.03)))]


def _draw_hash(random: Random) -> Strokes:
    lean, top, bottom = random.uniform(0, 0.2), -random.uniform(0.85, 1.05), random.uniform(-0.05, 0.1)
    rows, columns = (-0.62 + random.normal(0, 0.04), -0.3 + random.normal(0, 0.04)), (0.22, 0.5)
    return [
        *(draw_line((x + lean, top), (x - lean / 2, bottom)) for x in columns),
        *(draw_line((-0.02, y + random.normal(0, 0.03)), (0.78, y + random.normal(0, 0.03))) for y in rows),
    ]


def _draw_exclamation(random: Random) -> Strokes:
    bottom = -random.uniform(0.22, 0.35)
    return [
        draw_line((random.normal(0, 0.04), -random.uniform(0.95, 1.1)), (0, bottom)),
        draw_dot(random.normal(0, 0.03), random.normal(0, 0.03), random),
    ]


def _draw_question(random: Random) -> Strokes:
    bowl = draw_arc(0, -0.75, random.uniform(0.4, 0.6), 0.5, 190, 400 + random.uniform(0, 40))
    foot = draw_line((float(bowl[-1, 0]), float(bowl[-1, 1])), (0.02, -0.45), (random.normal(0, 0.03), -0.25))
    return [np.concatenate([bowl, foot]), draw_dot(random.normal(0, 0.03), random.normal(0, 0.03), random)]


def _draw_bar(random: Random) -> Strokes:
    return [draw_line((random.normal(0, 0.03), -random.uniform(1.05, 1.35)), (0, random.uniform(0.15, 0.4)))]


def _draw_tilde(random: Random) -> Strokes:
    x = np.linspace(0, random.uniform(0.45, 0.8), STEPS)
    y = _MIDDLE + random.normal(0, 0.05) - random.uniform(0.06, 0.14) * np.sin(x / x[-1] * 2 * np.pi)
    return [np.stack([x, y], axis=1)]


def _draw_caret(random: Random) -> Strokes:
    width, height, top = random.uniform(0.3, 0.55), random.uniform(0.2, 0.4), -random.uniform(0.95, 1.1)
    return [draw_line((0, top + height), (width / 2, top), (width, top + height))]


def _draw_percent(random: Random) -> Strokes:
    size = random.uniform(0.22, 0.34)
    return [
        draw_arc(0.12, -0.78, size, size, 0, 360),
        draw_line((0.62, -1.0), (0.06, 0.02)),
        draw_arc(0.6, -0.2, size, size, 0, 360),
    ]


def _draw_at(random: Random) -> Strokes:
    inner = draw_arc(0, -0.42, 0.42, 0.42, -40, 300)
    outer = draw_arc(0.04, -0.42, 0.95, random.uniform(0.9, 1.1), 0, -random.uniform(270, 320))
    return [np.concatenate([inner, draw_line((0.21, -0.58), (0.22, -0.3), (0.4, -0.25)), outer])]


def _draw_dollar(random: Random) -> Strokes:
    upper, lower = draw_arc(0, -0.72, 0.55, 0.5, -40, -270), draw_arc(0, -0.24, 0.55, 0.48, -90, 140)
    x = random.normal(0, 0.03)
    return [
        np.concatenate([upper, lower]),
        draw_line((x, -random.uniform(1.1, 1.25)), (x, random.uniform(0.12, 0.25))),
    ]


def _draw_arrow(random: Random) -> Strokes:
    y, length = _MIDDLE + random.normal(0, 0.05), random.uniform(0.7, 1.5)
    head = random.uniform(0.15, 0.3)
    side = 1 if random.random() < 0.7 else -1
    tip = side * length
    return [
        draw_line((0, y), (tip, y)),
        draw_line((tip - side * head, y - head * 0.8), (tip, y), (tip - side * head, y + head * 0.8)),
    ]


def _draw_divide(random: Random) -> Strokes:
    y, size = _MIDDLE + random.normal(0, 0.05), random.uniform(0.25, 0.38)
    apart = random.uniform(0.2, 0.32)
    return [draw_line((-size, y), (size, y)), draw_dot(0, y - apart, random), draw_dot(0, y + apart, random)]


def _draw_root(random: Random) -> Strokes:
    length = random.uniform(0.5, 1.4)
    top = -random.uniform(1.0, 1.25)
    return [draw_line((0, -0.4), (0.12, -0.48), (0.28, 0.05), (0.5, top), (0.5 + length, top))]


def _draw_degree(random: Random) -> Strokes:
    size = random.uniform(0.15, 0.25)
    return [draw_arc(0, -0.9, size, size, 0, 360)]


def _draw_ellipsis(random: Random) -> Strokes:
    step = random.uniform(0.2, 0.35)
    return [draw_dot(step * number, random.normal(0, 0.02), random) for number in range(3)]


def _draw_ampersand(random: Random) -> Strokes:
    if random.random() < 0.4:  # like a plus with a loop
        return [
            draw_line((0, -0.75), (0, 0)),
            np.concatenate([draw_line((0.28, -0.55), (-0.3, -0.32)), draw_line((-0.3, -0.32), (0.3, -0.2))]),
        ]
    loop = draw_arc(0.02, -0.8, random.uniform(0.25, 0.4), 0.4, 60, -220)
    bowl = draw_arc(-0.02, -0.25, random.uniform(0.45, 0.6), 0.5, -120, -330)
    return [
        np.concatenate([draw_line((0.42, 0.02), (0.1, -0.6)), loop, bowl, draw_line((0.24, -0.14), (0.4, -0.4))])
    ]


def _draw_currency(random: Random) -> Strokes:
    bow = draw_arc(0, -0.5, random.uniform(0.5, 0.75), 1, -50, -310)
    y = -0.5 + random.normal(0, 0.04)
    apart = random.uniform(0.1, 0.2)
    bars = [draw_line((-0.48, y + side * apart / 2), (0.15, y + side * apart / 2)) for side in (-1, 1)]
    return [bow, *bars]


def _draw_plus_minus(random: Random) -> Strokes:
    plus = [stroke - [0, 0.12] for stroke in _draw_plus(random)]
    return [*plus, draw_line((-0.3, 0.02), (0.3, 0.02 + random.normal(0, 0.02)))]


def _draw_at_most(random: Random) -> Strokes:
    strokes = _draw_angle(random, is_opening=bool(random.random() < 0.5))
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    y = float(high[1]) + random.uniform(0.08, 0.2)
    return [*strokes, draw_line((float(low[0]), y), (float(high[0]), y + random.normal(0, 0.03)))]


def _draw_bullet(random: Random) -> Strokes:
    size, y = random.uniform(0.03, 0.16), _MIDDLE + random.normal(0, 0.08)
    angles = np.linspace(0, 6 * np.pi, 40)
    reach = np.linspace(size, 0, 40)
    return [np.stack([reach * np.cos(angles), y + reach * np.sin(angles)], axis=1)]


def _draw_section(random: Random) -> Strokes:
    size = random.uniform(0.3, 0.45)
    upper, lower = draw_arc(0, -0.78, size, 0.4, -20, -250), draw_arc(0, -0.22, size, 0.4, -70, 160)
    return [upper, draw_arc(0, -0.5, size, 0.36, 0, 360), lower]


def _draw_low_quote(random: Random) -> Strokes:
    apart = random.uniform(0.12, 0.25)
    lean = random.uniform(0.02, 0.12)
    return [draw_line((x, -0.1), (x - lean, random.uniform(0.1, 0.2))) for x in (0.0, apart)]


def _make_opening(draw: Callable[..., Strokes]) -> Callable[[Random], Strokes]:
    return lambda random: draw(random, is_opening=True)


def _make_closing(draw: Callable[..., Strokes]) -> Callable[[Random], Strokes]:
    return lambda random: draw(random, is_opening=False)


SIGNS: Final[dict[str, Callable[[Random], Strokes]]] = {
    "(": _make_opening(_draw_parenthesis),
    ")": _make_closing(_draw_parenthesis),
    "[": _make_opening(_draw_bracket),
    "]": _make_closing(_draw_bracket),
    "{": _make_opening(_draw_brace),
    "}": _make_closing(_draw_brace),
    "+": _draw_plus,
    "-": _draw_minus,
    "=": _draw_equals,
    "/": lambda random: _draw_slash(random, is_back=False),
    "\\": lambda random: _draw_slash(random, is_back=True),
    "*": _draw_asterisk,
    ".": _draw_period,
    ",": _draw_comma,
    ":": _draw_colon,
    ";": _draw_semicolon,
    "'": _draw_apostrophe,
    '"': _draw_quote,
    "<": _make_opening(_draw_angle),
    ">": _make_closing(_draw_angle),
    "_": _draw_underscore,
    "#": _draw_hash,
    "!": _draw_exclamation,
    "?": _draw_question,
    "|": _draw_bar,
    "~": _draw_tilde,
    "^": _draw_caret,
    "%": _draw_percent,
    "@": _draw_at,
    "$": _draw_dollar,
    "→": _draw_arrow,
    "÷": _draw_divide,
    "√": _draw_root,
    "°": _draw_degree,
    "…": _draw_ellipsis,
    "&": _draw_ampersand,
    "€": _draw_currency,
    "±": _draw_plus_minus,
    "≤": _draw_at_most,
    "•": _draw_bullet,
    "§": _draw_section,
    "„": _draw_low_quote,
}
"""By sign, what draws it."""
