"""Draws signs by rule, each time a little differently: brackets, operators and punctuation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from training.augmentation.pages.writers import Glyph, Points, Random

_POINTS: Final = 12  # of each stroke: enough for its curve and its wobble


def draw_sign(sign: str, random: Random) -> Glyph:
    """Return a sign of `SIGNS`.

    Raises:
        KeyError: if it is not one of them.
    """
    wobble = random.uniform(0, 0.012)
    turn, slant = random.normal(0, 0.06), random.normal(0, 0.06)
    matrix = np.array([[1, slant - turn], [turn, 1]])
    strokes = []
    for path in SIGNS[sign](random):
        path = path if len(path) == 1 else _resample(path)  # noqa: PLW2901
        waves = np.cumsum(random.normal(0, wobble, path.shape), axis=0) if len(path) > 1 else 0.0
        middle = path.mean(axis=0)
        strokes.append((path + waves - middle) @ matrix.T + middle)
    left = min(float(stroke[:, 0].min()) for stroke in strokes)
    return Glyph(sign, tuple(stroke - [left, 0] for stroke in strokes))


def _resample(path: Points) -> Points:
    """Return points at equal distances along a path."""
    steps = np.hypot(*np.diff(path, axis=0).T)
    along = np.concatenate([[0], np.cumsum(steps)])
    if along[-1] <= 0:
        return path
    at = np.linspace(0, along[-1], max(_POINTS, len(path)))
    return np.stack([np.interp(at, along, path[:, 0]), np.interp(at, along, path[:, 1])], axis=1)


def _make_path(*points: tuple[float, float]) -> Points:
    return np.array(points, dtype=np.float64)


def _draw_parenthesis(random: Random) -> list[Points]:
    """Return a "(": an arc, more or less bent, taller than a letter or not."""
    top, bottom = -random.uniform(0.9, 1.3), random.uniform(-0.02, 0.4)
    bend = random.uniform(0.1, 0.38)
    t = np.linspace(-1, 1, _POINTS)
    power = random.uniform(1.6, 3)
    x = bend * np.abs(t) ** power
    y = (top + bottom) / 2 + t * (bottom - top) / 2
    return [np.stack([x, y], axis=1)]


def _draw_bracket(random: Random) -> list[Points]:
    """Return a "["."""
    top, bottom = -random.uniform(0.9, 1.25), random.uniform(-0.02, 0.3)
    upper, lower = random.uniform(0.12, 0.32, 2)
    path = _make_path((upper, top), (0, top), (0, bottom), (lower, bottom))
    if random.random() < 1 / 4:
        return [path[:3], path[2:]]
    return [path]


def _draw_brace(random: Random) -> list[Points]:
    """Return a "{"."""
    top, bottom = -random.uniform(0.95, 1.3), random.uniform(0, 0.35)
    middle = (top + bottom) / 2 + random.normal(0, 0.04)
    depth, nose = random.uniform(0.12, 0.25), random.uniform(0.08, 0.2)
    t = np.linspace(0, 1, 7)
    x = nose + depth * (1 - np.sin(np.pi / 2 * t))
    upper = np.stack([x, top + (middle - top) * 0.9 * t], axis=1)
    lower = np.stack([x[::-1], bottom - (bottom - middle) * 0.9 * t[::-1]], axis=1)
    return [np.concatenate([upper, [[0, middle]], lower])]


def _mirror(draw: Callable[[Random], list[Points]]) -> Callable[[Random], list[Points]]:
    def draw_mirrored(random: Random) -> list[Points]:
        return [path * [-1, 1] for path in draw(random)]

    return draw_mirrored


def _draw_plus(random: Random) -> list[Points]:
    width, height = random.uniform(0.35, 0.65, 2)
    y = -random.uniform(0.3, 0.5)
    dx, dy = random.normal(0, 0.04, 2)
    across = _make_path((0, y + dy), (width, y - dy))
    down = _make_path((width / 2 + dx, y - height / 2), (width / 2 - dx, y + height / 2))
    return [across, down]


def _draw_minus(random: Random) -> list[Points]:
    y = -random.uniform(0.28, 0.5)
    return [_make_path((0, y), (random.uniform(0.25, 0.65), y + random.normal(0, 0.02)))]


def _draw_equals(random: Random) -> list[Points]:
    width, apart = random.uniform(0.3, 0.65), random.uniform(0.14, 0.3)
    y = -random.uniform(0.25, 0.42)
    first, second = random.normal(0, 0.03, 2)
    upper = _make_path((0, y - apart / 2), (width, y - apart / 2 + first))
    lower = _make_path(
        (random.normal(0, 0.04), y + apart / 2), (width * random.uniform(0.85, 1.15), y + apart / 2)
    )
    return [upper, np.add(lower, [0, second])]


def _draw_slash(random: Random) -> list[Points]:
    top, bottom = -random.uniform(0.9, 1.2), random.uniform(-0.02, 0.25)
    return [_make_path((random.uniform(0.25, 0.6), top), (0, bottom))]


def _draw_star(random: Random) -> list[Points]:
    count = int(random.integers(2, 4))
    radius, y = random.uniform(0.14, 0.28), -random.uniform(0.35, 0.75)
    angles = random.uniform(0, np.pi) + np.arange(count) * np.pi / count + random.normal(0, 0.12, count)
    arms = radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return [_make_path((dx, y + dy), (-dx, y - dy)) for dx, dy in arms.tolist()]


def _draw_dot(random: Random) -> list[Points]:
    """Return a ".": a tap, a short dash or a small circle."""
    y, size = -random.uniform(0, 0.05), random.uniform(0.01, 0.05)
    choice = random.random()
    if choice < 1 / 2:
        return [_make_path((0, y))]
    if choice < 3 / 4:
        return [_make_path((0, y), (size, y + random.normal(0, 0.02)))]
    angles = np.linspace(0, 2 * np.pi, 9)
    return [np.stack([size * np.cos(angles), y + size * np.sin(angles)], axis=1)]


def _draw_comma(random: Random) -> list[Points]:
    width, height = random.uniform(0.02, 0.14), random.uniform(0.14, 0.3)
    y = -random.uniform(0, 0.1)
    bow = random.uniform(-0.01, 0.05)
    return [_make_path((width, y), (width * 0.7 + bow, y + height / 2), (0, y + height))]


def _draw_colon(random: Random) -> list[Points]:
    upper, lower = _draw_dot(random), _draw_dot(random)
    rise = [random.normal(0, 0.02), -random.uniform(0.25, 0.5)]
    return [*(path + rise for path in upper), *lower]


def _draw_semicolon(random: Random) -> list[Points]:
    rise = [random.normal(0, 0.02), -random.uniform(0.25, 0.5)]
    return [*(path + rise for path in _draw_dot(random)), *_draw_comma(random)]


def _draw_apostrophe(random: Random) -> list[Points]:
    top, height = -random.uniform(0.9, 1.15), random.uniform(0.15, 0.3)
    return [_make_path((random.uniform(0, 0.1), top), (0, top + height))]


def _draw_quotes(random: Random) -> list[Points]:
    (first,) = _draw_apostrophe(random)
    return [first, np.add(first, [random.uniform(0.1, 0.22), random.normal(0, 0.02)])]


def _draw_less(random: Random) -> list[Points]:
    width, height = random.uniform(0.3, 0.55), random.uniform(0.35, 0.65)
    y = -random.uniform(0.3, 0.48)
    return [_make_path((width, y - height / 2), (0, y), (width, y + height / 2))]


def _draw_underscore(random: Random) -> list[Points]:
    y = random.uniform(0.02, 0.15)
    return [_make_path((0, y), (random.uniform(0.35, 0.8), y + random.normal(0, 0.02)))]


def _draw_hash(random: Random) -> list[Points]:
    width, height = random.uniform(0.4, 0.65), random.uniform(0.6, 1)
    top, slant = -random.uniform(0.75, 1), random.uniform(0, 0.15)
    columns, rows = (1 / 3, 2 / 3), (1 / 3, 2 / 3)
    down = [_make_path((width * c + slant, top), (width * c, top + height)) for c in columns]
    across = [_make_path((0, top + height * r), (width + slant, top + height * r)) for r in rows]
    return down + across


def _draw_exclamation(random: Random) -> list[Points]:
    return [_make_path((0, -random.uniform(0.85, 1.1)), (random.normal(0, 0.03), -0.3)), *_draw_dot(random)]


def _draw_question(random: Random) -> list[Points]:
    radius = random.uniform(0.16, 0.26)
    angles = np.linspace(-np.pi, np.pi / 2, 9)
    hook = np.stack([radius * np.cos(angles), -1 + radius + radius * np.sin(angles)], axis=1)
    return [np.concatenate([hook, [[0, -0.28]]]), *_draw_dot(random)]


SIGNS: Final[Mapping[str, Callable[[Random], list[Points]]]] = MappingProxyType(
    {
        "(": _draw_parenthesis,
        ")": _mirror(_draw_parenthesis),
        "[": _draw_bracket,
        "]": _mirror(_draw_bracket),
        "{": _draw_brace,
        "}": _mirror(_draw_brace),
        "+": _draw_plus,
        "-": _draw_minus,
        "=": _draw_equals,
        "/": _draw_slash,
        "*": _draw_star,
        ".": _draw_dot,
        ",": _draw_comma,
        ":": _draw_colon,
        ";": _draw_semicolon,
        "'": _draw_apostrophe,
        '"': _draw_quotes,
        "<": _draw_less,
        ">": _mirror(_draw_less),
        "_": _draw_underscore,
        "#": _draw_hash,
        "!": _draw_exclamation,
        "?": _draw_question,
    }
)
"""By sign, the function that draws it."""
