"""Lays out characters of one writer on a page, and says whose ink each pixel is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from recognition.alphabets import CLASSES, DIGITS
from recognition.page.images import Box
from training.augmentation.pages import texts
from training.augmentation.pages.pens import Coverage, Pen, choose_pen, draw_strokes, wear_ink
from training.augmentation.pages.printing import Cell, draw_boxes
from training.augmentation.pages.signs import draw_sign
from training.augmentation.pages.writers import (
    Glyph,
    Points,
    Proportions,
    Random,
    Writer,
    Writers,
    choose_proportions,
)

PRINTED: Final = -1
"""In `LaidOutPage.ids`: printed ink, such as the sides of a box."""

_HEIGHT: Final = (24.0, 150.0)  # least and most pixels of a capital letter that is alone, or in a number or word
_LINE_HEIGHT: Final = (22.0, 60.0)  # the same on a page of several lines
_LEAST_COVERAGE: Final = 48  # from which a pixel counts as ink of a character

Ids = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Mark:
    """A character or a sign on a page.

    Attributes:
        label: the character or sign.
        box: x, y, width and height of its ink, in pixels.
        line: the number of its line, from 0, in reading order.
        word: the number of its word in its line, from 0.
    """

    label: str
    box: Box
    line: int
    word: int

    @property
    def is_sign(self) -> bool:
        """Whether it is neither a letter nor a digit."""
        return self.label not in CLASSES


@dataclass(frozen=True, slots=True)
class LaidOutPage:
    """A page of writing by one person.

    Attributes:
        ink: uint8 (height, width), 255 for full ink.
        ids: int32 (height, width): 0 where there is paper, n + 1 for ink of the mark with index n, and `PRINTED`.
            Where two marks cross, the one that covers more of the pixel.
        marks: the characters and signs, in reading order.
        height: of a capital letter, in pixels.
    """

    ink: Coverage
    ids: Ids
    marks: tuple[Mark, ...]
    height: float

    @property
    def characters(self) -> str:
        """The letters and digits, in reading order."""
        return "".join(mark.label for mark in self.marks if not mark.is_sign)


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


@dataclass(slots=True)
class _Placed:
    """A glyph on the page: its strokes in pixels, and its line and word."""

    label: str
    strokes: list[Points]
    line: int
    word: int

    def find_extent(self) -> tuple[Points, Points]:
        points = np.concatenate(self.strokes)
        return points.min(axis=0), points.max(axis=0)

    def move(self, dx: float, dy: float) -> None:
        self.strokes = [np.add(stroke, [dx, dy]) for stroke in self.strokes]


def lay_out_page(writers: Writers, kind: str, random: Random) -> LaidOutPage:
    """Return a page of some kind in `LAYOUTS`, by one writer."""
    return LAYOUTS[kind](writers, random)


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
    )


def _choose_margins(random: Random) -> tuple[float, float, float, float]:
    left, top, right, bottom = np.exp(random.uniform(np.log(0.25), np.log(3), 4)).tolist()
    return left, top, right, bottom


def _lay_out_single(writers: Writers, random: Random) -> LaidOutPage:
    return _lay_out_character(writers, random, CLASSES)


def _lay_out_digit(writers: Writers, random: Random) -> LaidOutPage:
    return _lay_out_character(writers, random, DIGITS)


def _lay_out_character(writers: Writers, random: Random, characters: str) -> LaidOutPage:
    writer = writers.choose_writer(random, characters)
    return write_lines(
        [texts.make_character(random, writer.can_write, characters)], writer, choose_style(random), random
    )


def _lay_out_number(writers: Writers, random: Random) -> LaidOutPage:
    writer = writers.choose_writer(random, DIGITS)
    style = choose_style(random)
    proportions = replace(style.proportions, variation=random.uniform(0.02, 0.12), digit=1.0)
    style = replace(style, gap=random.uniform(0.08, 0.6), least_gap=0.08, proportions=proportions)
    return write_lines([_make_writable(texts.make_number, writer, random)], writer, style, random)


def _lay_out_short_number(writers: Writers, random: Random) -> LaidOutPage:
    """Return a page with a digit or a number of two or three."""
    if random.random() < 1 / 2:
        return _lay_out_digit(writers, random)
    writer = writers.choose_writer(random, DIGITS)
    style = choose_style(random)
    style = replace(style, gap=random.uniform(0.12, 0.5), least_gap=0.08)
    return write_lines(
        [_make_writable(lambda r: texts.make_number(r, 2, 3), writer, random)], writer, style, random
    )


def _lay_out_word(writers: Writers, random: Random) -> LaidOutPage:
    writer = writers.choose_writer(random, CLASSES)
    return write_lines([texts.make_word(random, writer.can_write)], writer, choose_style(random), random)


def _lay_out_lines(writers: Writers, random: Random) -> LaidOutPage:
    writer = writers.choose_writer(random, CLASSES)
    style = choose_style(random, _LINE_HEIGHT)
    lines = texts.make_lines(random, writer.can_write, int(random.integers(2, 8)))
    return write_lines(lines, writer, style, random)


def _lay_out_columns(writers: Writers, random: Random) -> LaidOutPage:
    """Return a page with two or three columns of words or numbers, which are read one after the other."""
    writer = writers.choose_writer(random, CLASSES)
    style = choose_style(random, _LINE_HEIGHT)
    placed: list[_Placed] = []
    left, line = 0.0, 0
    for _ in range(int(random.integers(2, 4))):
        count = int(random.integers(3, 7))
        column = [_make_cell(random, writer) for _ in range(count)]
        pitched = replace(style, pitch=style.pitch * random.uniform(0.95, 1.05))
        part = _place_lines(column, writer, pitched, random)
        low = min(p.find_extent()[0][0] for p in part)
        drop = random.normal(0, 0.3) * style.height
        for p in part:
            p.move(left - low, drop)
            p.line += line
        placed += part
        left = max(p.find_extent()[1][0] for p in part) + random.uniform(2.5, 5) * style.height
        line += count
    return _draw(placed, [], style, random)


def _lay_out_boxes(writers: Writers, random: Random) -> LaidOutPage:
    """Return a page with a digit or letter in each box of a form."""
    is_number = random.random() < 0.8
    writer = writers.choose_writer(random, DIGITS if is_number else CLASSES)
    count = int(random.choice([1, 2, 3, 4, 5, 6, 8]))
    text = (
        _make_writable(lambda r: texts.make_number(r, count, count), writer, random)
        if is_number
        else texts.make_word(random, writer.can_write).upper()
    )
    if not writer.can_write(text):
        text = _make_writable(texts.make_number, writer, random)
    style = choose_style(random, (20.0, 90.0))
    side = style.height / random.uniform(0.42, 0.8)
    width = side * random.uniform(0.75, 1.15)
    apart = 0.0 if random.random() < 0.6 else random.uniform(0.05, 0.5) * width
    cells = [Cell(place * (width + apart), 0.0, width, side) for place in range(len(text))]
    placed = []
    for place, (character, cell) in enumerate(zip(text, cells, strict=True)):
        glyph = _Placed(
            character, _scale(writer.choose_glyph(character, style.proportions, random), style), 0, place
        )
        _center(glyph, cell, style.pen.width, random)
        placed.append(glyph)
    return _draw(placed, cells, style, random)


def _lay_out_table(writers: Writers, random: Random) -> LaidOutPage:
    """Return a page with a table, a word or number in each of its cells, read row by row."""
    writer = writers.choose_writer(random, CLASSES)
    style = choose_style(random, (20.0, 45.0))
    rows, columns = int(random.integers(2, 6)), int(random.integers(2, 5))
    grid = [
        [
            _place_lines([_make_cell(random, writer)], writer, replace(style, slope=0.0), random)
            for _ in range(columns)
        ]
        for _ in range(rows)
    ]
    padding = random.uniform(0.3, 0.8) * style.height
    extents = [[_find_extent(cell) for cell in row] for row in grid]
    widths = [max(row[c][1][0] - row[c][0][0] for row in extents) + 2 * padding for c in range(columns)]
    height = style.height * (1 + style.proportions.descender) * random.uniform(1.35, 2)
    placed, cells = [], []
    for r, row in enumerate(grid):
        for c, cell in enumerate(row):
            x, y = float(sum(widths[:c])), r * height
            cells.append(Cell(x, y, widths[c], height))
            low, high = extents[r][c]
            dx = x + padding + random.uniform(0, 1) * (widths[c] - 2 * padding - (high[0] - low[0])) - low[0]
            dy = y + (height - (high[1] - low[1])) / 2 - low[1] + random.normal(0, 0.03) * height
            for glyph in cell:
                glyph.move(float(dx), float(dy))
                glyph.line, glyph.word = r, c
                placed.append(glyph)
    return _draw(placed, cells, style, random)


def _make_cell(random: Random, writer: Writer) -> str:
    if random.random() < 0.4:
        return _make_writable(texts.make_number, writer, random)
    return texts.make_word(random, writer.can_write)


def _make_writable(make: Callable[[Random], str], writer: Writer, random: Random) -> str:
    """Return a text whose characters the writer has."""
    for _ in range(50):
        text = make(random)
        if writer.can_write(text):
            return text
    return texts.make_character(random, writer.can_write)


def write_lines(lines: Sequence[str], writer: Writer, style: Style, random: Random) -> LaidOutPage:
    """Return a page with some lines of text, of characters that the writer drew and of `signs.SIGNS`."""
    return _draw(_place_lines(lines, writer, style, random), [], style, random)


def _place_lines(lines: Sequence[str], writer: Writer, style: Style, random: Random) -> list[_Placed]:
    placed: list[_Placed] = []
    base = 0.0
    for number, text in enumerate(lines):
        placed += _place_line(text, number, base, writer, style, random)
        base += style.height * style.pitch * random.uniform(0.94, 1.06)
    return placed


def _place_line(
    text: str, number: int, base: float, writer: Writer, style: Style, random: Random
) -> list[_Placed]:
    x, word = random.uniform(0, 0.3) * style.height, 0
    slope = style.slope + random.normal(0, 0.006)
    placed: list[_Placed] = []
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
        mark = _Placed(character, _scale(glyph, style), number, word)
        low, high = mark.find_extent()
        dy = base + slope * x + random.normal(0, style.wobble) * style.height
        mark.move(x - float(low[0]), dy)
        placed.append(mark)
        gap = max(style.least_gap, style.gap * np.exp(random.normal(0, 0.25)))
        x += float(high[0] - low[0]) + style.pen.width + gap * style.height
    return placed


def _scale(glyph: Glyph, style: Style) -> list[Points]:
    """Return the strokes of a glyph in pixels, slanted."""
    matrix = np.array([[1, -style.slant], [0, 1]]) * style.height
    return [stroke @ matrix.T for stroke in glyph.strokes]


def _center(glyph: _Placed, cell: Cell, pen: float, random: Random) -> None:
    """Move a glyph into a cell: roughly into its middle, and smaller if it is too wide."""
    low, high = glyph.find_extent()
    room = cell.width - 2.5 * pen - 4
    if high[0] - low[0] > room:
        glyph.strokes = [stroke * max(room, 4) / (high[0] - low[0]) for stroke in glyph.strokes]
        low, high = glyph.find_extent()
    free = np.maximum([room - (high[0] - low[0]), cell.height - 2.5 * pen - 4 - (high[1] - low[1])], 0)
    dx, dy = np.array([cell.x + cell.width / 2, cell.y + cell.height / 2]) - (low + high) / 2
    jitter = random.uniform(-0.4, 0.4, 2) * free
    glyph.move(float(dx + jitter[0]), float(dy + jitter[1]))


def _find_extent(placed: Sequence[_Placed]) -> tuple[Points, Points]:
    points = np.concatenate([stroke for glyph in placed for stroke in glyph.strokes])
    return points.min(axis=0), points.max(axis=0)


def _draw(placed: Sequence[_Placed], cells: Sequence[Cell], style: Style, random: Random) -> LaidOutPage:
    """Draw glyphs and cells on a page that is as large as they and the margins need."""
    low, high = _find_extent(placed)
    for cell in cells:
        low = np.minimum(low, [cell.x, cell.y])
        high = np.maximum(high, [cell.x + cell.width, cell.y + cell.height])
    pen = style.pen
    left, top, right, bottom = (margin * style.height + pen.width + 3 for margin in style.margins)
    origin = low - [left, top]
    width, height = np.ceil(high - low + [left + right, top + bottom]).astype(int).tolist()
    ink, ids = np.zeros((height, width), np.uint8), np.zeros((height, width), np.int32)
    for number, glyph in enumerate(placed, start=1):
        drawn, x, y = draw_strokes([stroke - origin for stroke in glyph.strokes], pen, random)
        _lay_over(ink, ids, drawn, x, y, number)
    ink = wear_ink(ink, pen, random)
    if cells:
        moved = [replace(cell, x=cell.x - float(origin[0]), y=cell.y - float(origin[1])) for cell in cells]
        _lay_over(ink, ids, draw_boxes(moved, (height, width), style.height, random), 0, 0, PRINTED)
    boxes = _find_boxes(ids, len(placed))
    marks = [Mark(g.label, box, g.line, g.word) for g, box in zip(placed, boxes, strict=True)]
    return LaidOutPage(ink, ids, tuple(marks), style.height)


def _lay_over(ink: Coverage, ids: Ids, drawn: Coverage, x: int, y: int, number: int) -> None:
    """Add a drawing, whose first pixel is at (x, y), to the ink of a page."""
    top, left = max(y, 0), max(x, 0)
    bottom, right = min(y + drawn.shape[0], ink.shape[0]), min(x + drawn.shape[1], ink.shape[1])
    new = drawn[top - y : bottom - y, left - x : right - x]
    old, owner = ink[top:bottom, left:right], ids[top:bottom, left:right]
    owner[(new >= _LEAST_COVERAGE) & ((new > old) | (owner == 0))] = number
    np.maximum(old, new, out=old)


def _find_boxes(ids: Ids, count: int) -> list[Box]:
    """Return the boxes of the marks 1 to ``count``."""
    found = ndimage.find_objects(np.maximum(ids, 0), max_label=count)
    boxes = []
    for slices in found:
        if slices is None:  # covered by others
            boxes.append((0, 0, 0, 0))
            continue
        rows, columns = slices
        boxes.append((columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start))
    return boxes


LAYOUTS: Final[Mapping[str, Callable[[Writers, Random], LaidOutPage]]] = MappingProxyType(
    {
        "single": _lay_out_single,
        "digit": _lay_out_digit,
        "number": _lay_out_number,
        "short_number": _lay_out_short_number,
        "word": _lay_out_word,
        "lines": _lay_out_lines,
        "columns": _lay_out_columns,
        "boxes": _lay_out_boxes,
        "table": _lay_out_table,
    }
)
"""By kind, the function that lays a page out."""
