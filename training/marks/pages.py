"""Lays out characters and signs in lines, as people write numbers, words, code and forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image

from recognition.alphabets import CLASSES
from training.marks.characters import Characters, Shape
from training.marks.doodles import DOODLES, UNDERLINE, draw_doodle
from training.marks.empty_forms import lay_out_empty_form
from training.marks.paint import Page, PlacedMark, measure_mark, paint
from training.marks.signs import SIGNS, draw_sign
from training.marks.strokes import Random
from training.marks.textures import paint_texture

_DESCENDING: Final = "gjpqy"
_ASCENDING: Final = "bdfhklt"
_DOTTED: Final = "ij"
_RARE_SIGNS: Final = "#!?|~^%@$→÷√°…&€±≤•§„"
_SIGN_NAMES: Final = tuple(SIGNS)
_SIGN_WEIGHTS: Final = np.array([0.35 if name in _RARE_SIGNS else 1.0 for name in SIGNS])
_DOODLE_NAMES: Final = tuple(DOODLES)


@dataclass(frozen=True, slots=True)
class _Hand:
    """How one person writes.

    Attributes:
        height: of a capital, in pixels.
        x_height: of a small letter, relative to that.
        descent: of a small letter, below the base line.
        gap: between characters, relative to the height.
        spread: standard deviation of the gap, as a share of it.
        unevenness: standard deviation of heights and of places on the line.
        pen: width of the line in pixels.
        slant: shift of x per y.
    """

    height: float
    x_height: float
    descent: float
    gap: float
    spread: float
    unevenness: float
    pen: float
    slant: float


def lay_out_page(characters: Characters, random: Random) -> Page:
    """Return a new page: a character or a number alone, words, code, forms, signs, doodles, or nothing."""
    kind = random.choice(list(_PAGES), p=list(_PAGES.values()))
    if kind == "texture":
        return paint_texture(random)
    height = float(np.exp(random.uniform(np.log(14), np.log(70))))
    if kind in ("one", "number", "word") and random.random() < 0.3:
        height *= random.uniform(1, 5)
    hand = _Hand(
        height=height,
        x_height=random.uniform(0.45, 0.75),
        descent=random.uniform(0.25, 0.45),
        gap=float(np.exp(random.uniform(np.log(0.03), np.log(0.6)))),
        spread=random.uniform(0.1, 0.5),
        unevenness=float(np.exp(random.uniform(np.log(0.02), np.log(0.1)))),
        pen=max(1.0, height * float(np.exp(random.uniform(np.log(0.04), np.log(0.17))))),
        slant=random.normal(0, 0.1),
    )
    if kind == "empty form":
        size = height * random.uniform(1, 2)
        return paint(lay_out_empty_form(size, random), size, min(hand.pen, 0.08 * size), random)
    texts = _compose_lines(str(kind), random)
    spacing = random.uniform(1.3, 2.4)
    marks: list[PlacedMark] = []
    tilt = random.normal(0, 0.025)
    for number, text in enumerate(texts):
        marks += _write_line(text, number * spacing * height, tilt, hand, characters, random)
    return paint(marks, hand.height, hand.pen, random)


_PAGES: Final = {
    "one": 0.08,
    "number": 0.15,
    "word": 0.1,
    "words": 0.12,
    "signs": 0.05,
    "code": 0.22,
    "doodles": 0.12,
    "form": 0.04,
    "empty form": 0.05,
    "texture": 0.07,
}
"""By kind of page, its share."""


_Token = tuple[str, str]
"""Its sort, ``character``, ``sign``, ``doodle``, ``around`` or ``space``, and its label."""


def _compose_lines(kind: str, random: Random) -> list[list[_Token]]:
    if kind == "one":
        return [[("character", _choose(CLASSES, random))]]
    if kind == "number":
        return [_compose_number(random, int(random.integers(2, 7)))]
    if kind == "word":
        return [_compose_word(random)]
    if kind == "signs":
        return [[("sign", _choose_sign(random))] for _ in range(int(random.integers(1, 3)))]
    if kind == "form":
        return [
            [token for character in _compose_number(random, 5) for token in (("around", "box"), character)]
            for _ in range(int(random.integers(1, 3)))
        ]
    share_of_signs = {"words": 0.06, "code": 0.5, "doodles": 0.15}[kind]
    lines = []
    for _ in range(int(random.integers(1, 5))):
        tokens: list[_Token] = []
        for _ in range(int(random.integers(2, 7))):
            if random.random() < share_of_signs:
                tokens += [("sign", _choose_sign(random))] * int(random.choice([1, 1, 1, 2]))
            number = _compose_number(random, int(random.integers(1, 5)))
            tokens += number if random.random() < 0.4 else _compose_word(random)
            if random.random() < share_of_signs:
                tokens.append(("sign", _choose_sign(random)))
            if random.random() < (0.5 if kind == "doodles" else 0.02):
                tokens.append(("doodle", _choose(_DOODLE_NAMES, random)))
            if random.random() < 0.6:
                tokens.append(("space", ""))
        lines.append(tokens)
    return lines


def _choose(names: Sequence[str], random: Random) -> str:
    return names[int(random.integers(len(names)))]


def _choose_sign(random: Random) -> str:
    return str(random.choice(_SIGN_NAMES, p=_SIGN_WEIGHTS / _SIGN_WEIGHTS.sum()))


def _compose_number(random: Random, count: int) -> list[_Token]:
    return [("character", CLASSES[int(random.integers(10))]) for _ in range(count)]


def _compose_word(random: Random) -> list[_Token]:
    case = random.random()
    names = CLASSES[36:] if case < 0.7 else CLASSES[10:36] if case < 0.9 else CLASSES
    letters = [_choose(names, random) for _ in range(int(random.integers(2, 8)))]
    # Pairs that look like another letter together.
    if case < 0.7 and random.random() < 0.25:
        pair = ("rn", "cl", "vv", "nn", "ii", "li", "lc", "ij", "lo", "oi", "tt", "ri", "nu")
        letters[:0] = _choose(pair, random)
    if case < 0.7 and random.random() < 0.2:
        letters[0] = letters[0].upper()
    return [("character", letter) for letter in letters]


def _write_line(
    tokens: Sequence[_Token], base: float, tilt: float, hand: _Hand, characters: Characters, random: Random
) -> list[PlacedMark]:
    marks = []
    x, drift = 0.0, random.normal(0, 0.03) * hand.height
    labels = [label for sort, label in tokens if sort == "character"]
    shapes = iter(characters.draw(labels, random))
    around: list[PlacedMark] = []
    for sort, label in tokens:
        if sort == "space":
            x += hand.height * random.uniform(0.3, 1.2)
            continue
        if sort == "around":
            around = [PlacedMark(label, False, draw_doodle(label, random))]
            continue
        size = hand.height * np.exp(random.normal(0, hand.unevenness))
        y = base + tilt * x + random.normal(0, hand.unevenness) * hand.height + drift
        if sort == "character":
            top, bottom = _get_extent(label, hand, random)
            mark = _place_character(label, next(shapes), x, y + top * size, (bottom - top) * size, hand.slant)
        else:
            draw = draw_sign if sort == "sign" else draw_doodle
            strokes = [stroke * size for stroke in draw(label, random)]
            left = min(float(stroke[:, 0].min()) for stroke in strokes)
            mark = PlacedMark(label, False, [stroke + np.array([x - left, y]) for stroke in strokes])
        marks.append(mark)
        left, _, right, _ = measure_mark(mark)
        if around:
            marks += _fit_around(around[0], mark, hand, random)
            around = []
            right += 0.35 * hand.height
        x = right + hand.pen + hand.height * hand.gap * float(np.exp(random.normal(0, hand.spread)))
        if random.random() < 0.03:
            x -= random.uniform(0.5, 2.5) * hand.pen + hand.height * hand.gap
    if marks and random.random() < 0.05:
        boxes = np.array([measure_mark(mark) for mark in marks])
        y = base + hand.height * random.uniform(0.1, 0.4)
        ends = np.array([[boxes[:, 0].min(), y], [boxes[:, 2].max(), y + tilt * x]])
        marks.append(PlacedMark(UNDERLINE, False, [np.linspace(ends[0], ends[1], 40)]))
    return marks


def _get_extent(label: str, hand: _Hand, random: Random) -> tuple[float, float]:
    """Return the top and the bottom of a character relative to the base line, in heights of a capital."""
    if not label.islower():
        return -1.0, 0.1 * float(random.random() < 0.05)
    bottom = hand.descent if label in _DESCENDING or (label == "f" and random.random() < 0.2) else 0.0
    if label in _ASCENDING:
        return -1.0 + 0.2 * float(label == "t"), bottom
    if label in _DOTTED:
        return -(hand.x_height + 0.25), bottom
    return -hand.x_height, bottom


def _place_character(label: str, shape: Shape, x: float, top: float, height: float, slant: float) -> PlacedMark:
    if isinstance(shape, np.ndarray):
        ratio = height / shape.shape[0]
        size = max(2, round(shape.shape[1] * ratio)), max(2, round(height))
        image = np.asarray(Image.fromarray(shape).resize(size, Image.Resampling.BICUBIC))
        return PlacedMark(label, True, [], image, (round(x), round(top)))
    points = np.concatenate(shape)
    low, high = points.min(axis=0), points.max(axis=0)
    ratio = height / max(float(high[1] - low[1]), 0.3 * float(high[0] - low[0]), 1e-6)
    strokes = [(stroke - [low[0], high[1]]) * ratio for stroke in shape]
    strokes = [stroke @ np.array([[1, 0], [-slant, 1]]) for stroke in strokes]
    left = min(float(stroke[:, 0].min()) for stroke in strokes)
    return PlacedMark(label, True, [stroke + np.array([x - left, top + height]) for stroke in strokes])


def _fit_around(box: PlacedMark, mark: PlacedMark, hand: _Hand, random: Random) -> list[PlacedMark]:
    """Return a box of a form around a character."""
    left, top, right, bottom = measure_mark(mark)
    margins = hand.height * random.uniform(0.12, 0.3, 4)
    points = np.concatenate(box.strokes)
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    target = np.array([left - margins[0], top - margins[1]])
    size = np.array([right + margins[2], bottom + margins[3]]) - target
    return [PlacedMark("box", False, [(stroke - low) / extent * size + target for stroke in box.strokes])]
