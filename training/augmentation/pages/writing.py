"""Places the characters of a person in lines, as people write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from recognition.alphabets import CLASSES
from training.augmentation.pages.pens import Pen, choose_pen
from training.augmentation.pages.signs import draw_sign
from training.augmentation.pages.writers import Glyph, Points, Proportions, Random, Writer, choose_proportions

_HEIGHT: Final = (24.0, 150.0)  # least and most pixels of a capital letter that is alone, or in a number or word
LINE_HEIGHT: Final = (22.0, 60.0)  # the same on a page of several lines
_MOST_KERNING: Final = 0.35  # heights of a capital letter by which the boxes of two characters may overlap


@dataclass(frozen=True, slots=True)
class Style:
    """How a page is written. Lengths are in heights of a capital letter, unless a comment says otherwise.

    Attributes:
        height: of a capital letter, in pixels.
        gap: mean space between the boxes of two characters of a word.
        least_gap: least space between them.
        space: between words.
        pitch: from line to line.
        slope: how much the base line rises or falls, by its length.
        wobble: standard deviation of a character's distance from the base line.
        slant: shift of x per y.
        margins: left, top, right and bottom.
        touching: share of the characters of a word that touch the next one.
        is_kerned: whether gaps are measured between the ink, row by row, rather than between boxes.
    """

    height: float
    gap: float
    least_gap: float
    space: float
    pitch: float
    slope: float
    wobble: float
    slant: float
    margins: tuple[float, float, float, float]
    proportions: Proportions
    pen: Pen
    touching: float = 0.0
    is_kerned: bool = False


@dataclass(slots=True)
class Placed:
    """A glyph on the page: its strokes in pixels, and its line and word."""

    label: str
    strokes: list[Points]
    line: int
    word: int

    def find_extent(self) -> tuple[Points, Points]:
        """Return the least and the largest x and y of the strokes."""
        points = np.concatenate(self.strokes)
        return points.min(axis=0), points.max(axis=0)

    def move(self, dx: float, dy: float) -> None:
        """Move the strokes by so many pixels."""
        self.strokes = [np.add(stroke, [dx, dy]) for stroke in self.strokes]


def choose_style(random: Random, heights: tuple[float, float] = _HEIGHT) -> Style:
    """Return the style of a page on which there are words."""
    height = float(np.exp(random.uniform(*np.log(heights))))
    return Style(
        height=height,
        gap=random.uniform(0.06, 0.35),
        least_gap=0.04,
        space=random.uniform(0.55, 1.2),
        pitch=random.uniform(1.65, 2.6),
        slope=random.normal(0, 0.02),
        wobble=random.uniform(0, 0.05),
        slant=random.normal(0, 0.12),
        margins=_choose_margins(random),
        proportions=choose_proportions(random),
        pen=choose_pen(height, random),
        touching=0.02,
        is_kerned=random.random() < 1 / 2,
    )


def _choose_margins(random: Random) -> tuple[float, float, float, float]:
    left, top, right, bottom = np.exp(random.uniform(np.log(0.25), np.log(3), 4)).tolist()
    return left, top, right, bottom


def place_lines(lines: Sequence[str], writer: Writer, style: Style, random: Random) -> list[Placed]:
    """Return the glyphs of some lines of text, of characters that the writer drew and of `signs.SIGNS`."""
    placed: list[Placed] = []
    base = 0.0
    for number, text in enumerate(lines):
        placed += _place_line(text, number, base, writer, style, random)
        base += style.height * style.pitch * random.uniform(0.94, 1.06)
    return placed


def _place_line(text: str, number: int, base: float, writer: Writer, style: Style, random: Random) -> list[Placed]:
    x, word = random.uniform(0, 0.3) * style.height, 0
    slope = style.slope + random.normal(0, 0.006)
    placed: list[Placed] = []
    for character in text:
        if character == " ":
            x += style.space * style.height * random.uniform(0.8, 1.25)
            word += 1
            continue
        glyph = (
            writer.choose_glyph(character, style.proportions, random)
            if character in CLASSES
            else draw_sign(character, random)
        )
        mark = Placed(character, scale(glyph, style), number, word)
        low, high = mark.find_extent()
        dy = base + slope * x + random.normal(0, style.wobble) * style.height
        mark.move(x - float(low[0]), dy)
        if style.is_kerned and placed and placed[-1].word == word:
            closer = min(_measure_room(placed[-1], mark, style.height), _MOST_KERNING * style.height)
            mark.move(-closer, 0)
            x -= closer
        placed.append(mark)
        gap = max(style.least_gap, style.gap * np.exp(random.normal(0, 0.25)))
        if random.random() < style.touching:
            gap = -random.uniform(0, 0.06)
        x += float(high[0] - low[0]) + style.pen.width + gap * style.height
    return placed


def _measure_room(left: Placed, right: Placed, height: float) -> float:
    """Return how much closer two neighbors could be until they are as far apart as their boxes, in pixels."""
    rows = height / 12
    ends, starts = _find_profile(left, rows), _find_profile(right, rows)
    apart = [starts[row][0] - ends[near][1] for row in starts for near in (row - 1, row, row + 1) if near in ends]
    boxes = min(start for start, _ in starts.values()) - max(end for _, end in ends.values())
    return max(min(apart, default=np.inf) - boxes, 0.0)


def _find_profile(glyph: Placed, rows: float) -> dict[int, tuple[float, float]]:
    """Return the leftmost and rightmost x of a glyph, for each row of so many pixels that it crosses."""
    profile: dict[int, tuple[float, float]] = {}
    for stroke in glyph.strokes:
        steps = np.arange(0, max(len(stroke) - 1, 0) + 0.1, 0.25)
        places = np.arange(len(stroke))
        for x, y in zip(
            np.interp(steps, places, stroke[:, 0]), np.interp(steps, places, stroke[:, 1]), strict=True
        ):
            row = int(y // rows)
            low, high = profile.get(row, (np.inf, -np.inf))
            profile[row] = (min(low, float(x)), max(high, float(x)))
    return profile


def scale(glyph: Glyph, style: Style) -> list[Points]:
    """Return the strokes of a glyph in pixels, slanted."""
    matrix = np.array([[1, -style.slant], [0, 1]]) * style.height
    return [stroke @ matrix.T for stroke in glyph.strokes]


def find_extent(placed: Sequence[Placed]) -> tuple[Points, Points]:
    """Return the least and the largest x and y of the strokes of some glyphs."""
    points = np.concatenate([stroke for glyph in placed for stroke in glyph.strokes])
    return points.min(axis=0), points.max(axis=0)
