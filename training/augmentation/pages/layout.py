"""Lays out characters of one writer on a page: numbers, words, lines and columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from recognition.alphabets import CLASSES, DIGITS
from training.augmentation.pages import texts
from training.augmentation.pages.form_layouts import lay_out_boxes, lay_out_form, lay_out_table
from training.augmentation.pages.page import LaidOutPage, draw_page
from training.augmentation.pages.writers import Random, Writer, Writers
from training.augmentation.pages.writing import LINE_HEIGHT, Placed, Style, choose_style, place_lines


def lay_out_page(writers: Writers, kind: str, random: Random) -> LaidOutPage:
    """Return a page of some kind in `LAYOUTS`, by one writer."""
    return LAYOUTS[kind](writers, random)


def _lay_out_single(writers: Writers, random: Random) -> LaidOutPage:
    return _lay_out_character(writers, random, CLASSES)


def _lay_out_digit(writers: Writers, random: Random) -> LaidOutPage:
    return _lay_out_character(writers, random, DIGITS)


def _lay_out_character(writers: Writers, random: Random, characters: str) -> LaidOutPage:
    writer = writers.choose_writer(random, characters)
    return write_lines(
        [texts.make_character(random, writer.can_write, characters)], writer, choose_style(random), random
    )


def _lay_out_number(writers: Writers, random: Random, touching: float = 0.0) -> LaidOutPage:
    writer = writers.choose_writer(random, DIGITS)
    style = choose_style(random)
    proportions = replace(style.proportions, variation=random.uniform(0.02, 0.12), digit=1.0)
    style = replace(style, gap=random.uniform(0.08, 0.6), least_gap=0.08, proportions=proportions)
    style = replace(style, touching=touching, is_kerned=False)
    return write_lines([texts.make_writable(texts.make_number, writer, random)], writer, style, random)


def _lay_out_touching(writers: Writers, random: Random) -> LaidOutPage:
    """Return a page with a number of which about every second digit touches the next one."""
    return _lay_out_number(writers, random, touching=0.5)


def _lay_out_short_number(writers: Writers, random: Random) -> LaidOutPage:
    """Return a page with a digit or a number of two or three."""
    if random.random() < 1 / 2:
        return _lay_out_digit(writers, random)
    writer = writers.choose_writer(random, DIGITS)
    style = choose_style(random)
    style = replace(style, gap=random.uniform(0.12, 0.5), least_gap=0.08, touching=0.0, is_kerned=False)
    return write_lines(
        [texts.make_writable(lambda r: texts.make_number(r, 2, 3), writer, random)], writer, style, random
    )


def _lay_out_word(writers: Writers, random: Random) -> LaidOutPage:
    writer = writers.choose_writer(random, CLASSES)
    return write_lines([texts.make_word(random, writer.can_write)], writer, choose_style(random), random)


def _lay_out_lines(writers: Writers, random: Random) -> LaidOutPage:
    writer = writers.choose_writer(random, CLASSES)
    style = choose_style(random, LINE_HEIGHT)
    lines = texts.make_lines(random, writer.can_write, int(random.integers(2, 8)))
    return write_lines(lines, writer, style, random)


def _lay_out_columns(writers: Writers, random: Random) -> LaidOutPage:
    """Return a page with two or three columns of words or numbers, which are read one after the other."""
    writer = writers.choose_writer(random, CLASSES)
    style = choose_style(random, LINE_HEIGHT)
    placed: list[Placed] = []
    left, line = 0.0, 0
    for _ in range(int(random.integers(2, 4))):
        count = int(random.integers(3, 7))
        column = [texts.make_cell(random, writer) for _ in range(count)]
        pitched = replace(style, pitch=style.pitch * random.uniform(0.95, 1.05))
        part = place_lines(column, writer, pitched, random)
        low = min(p.find_extent()[0][0] for p in part)
        drop = random.normal(0, 0.3) * style.height
        for p in part:
            p.move(left - low, drop)
            p.line += line
        placed += part
        left = max(p.find_extent()[1][0] for p in part) + random.uniform(2.5, 5) * style.height
        line += count
    return draw_page(placed, [], style, random)


def _lay_out_sheet(writers: Writers, random: Random) -> LaidOutPage:
    """Return a whole sheet of A4 with about 30 lines, as large as a photo of 12 megapixels."""
    writer = writers.choose_writer(random, CLASSES)
    style = choose_style(random, (48.0, 60.0))
    margins = tuple(random.uniform(1, 4, 4).tolist())
    style = replace(style, pitch=random.uniform(1.9, 2.2), slope=random.normal(0, 0.004), margins=margins)
    lines = [
        " ".join(texts.make_lines(random, writer.can_write, 2)).strip()
        for _ in range(int(random.integers(28, 33)))
    ]
    return write_lines(lines, writer, style, random)


def write_lines(lines: Sequence[str], writer: Writer, style: Style, random: Random) -> LaidOutPage:
    """Return a page with some lines of text, of characters that the writer drew and of `signs.SIGNS`."""
    return draw_page(place_lines(lines, writer, style, random), [], style, random)


LAYOUTS: Final[Mapping[str, Callable[[Writers, Random], LaidOutPage]]] = MappingProxyType(
    {
        "single": _lay_out_single,
        "digit": _lay_out_digit,
        "number": _lay_out_number,
        "short_number": _lay_out_short_number,
        "word": _lay_out_word,
        "lines": _lay_out_lines,
        "columns": _lay_out_columns,
        "boxes": lay_out_boxes,
        "table": lay_out_table,
        "form": lay_out_form,
        "touching": _lay_out_touching,
        "sheet": _lay_out_sheet,
    }
)
"""By kind, the function that lays a page out."""
