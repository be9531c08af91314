"""Lays out pages with printed boxes, combs, tables and fields."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from recognition.alphabets import CLASSES, DIGITS
from training.augmentation.pages import texts
from training.augmentation.pages.page import LaidOutPage, draw_page
from training.augmentation.pages.printing import Cell
from training.augmentation.pages.writers import Random, Writers
from training.augmentation.pages.writing import Placed, choose_style, find_extent, place_lines, scale

_CROSSING: Final = 0.03  # share of the characters in boxes that may cross a side


def lay_out_boxes(writers: Writers, random: Random) -> LaidOutPage:
    """Return a page with a digit or letter in each box of a form."""
    is_number = random.random() < 0.8
    writer = writers.choose_writer(random, DIGITS if is_number else CLASSES)
    count = int(random.choice([1, 2, 3, 4, 5, 6, 8]))
    text = (
        texts.make_writable(lambda r: texts.make_number(r, count, count), writer, random)
        if is_number
        else texts.make_word(random, writer.can_write).upper()
    )
    if not writer.can_write(text):
        text = texts.make_writable(texts.make_number, writer, random)
    style = choose_style(random, (20.0, 90.0))
    side = style.height / random.uniform(0.42, 0.8)
    width = side * random.uniform(0.75, 1.15)
    apart = 0.0 if random.random() < 0.6 else random.uniform(0.05, 0.5) * width
    cells = [Cell(place * (width + apart), 0.0, width, side) for place in range(len(text))]
    placed = []
    for place, (character, cell) in enumerate(zip(text, cells, strict=True)):
        glyph = Placed(
            character, scale(writer.choose_glyph(character, style.proportions, random), style), 0, place
        )
        _center(glyph, cell, style.pen.width, random)
        placed.append(glyph)
    return draw_page(placed, cells, style, random)


def lay_out_table(writers: Writers, random: Random) -> LaidOutPage:
    """Return a page with a table, a word or number in each of its cells, read row by row."""
    writer = writers.choose_writer(random, CLASSES)
    style = choose_style(random, (20.0, 45.0))
    rows, columns = int(random.integers(2, 6)), int(random.integers(2, 5))
    grid = [
        [
            place_lines([texts.make_cell(random, writer)], writer, replace(style, slope=0.0), random)
            for _ in range(columns)
        ]
        for _ in range(rows)
    ]
    padding = random.uniform(0.3, 0.8) * style.height
    extents = [[find_extent(cell) for cell in row] for row in grid]
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
    return draw_page(placed, cells, style, random)


def lay_out_form(writers: Writers, random: Random) -> LaidOutPage:
    """Return a page with a form: rows of combs, fields with a frame, underlined fields and empty check boxes."""
    writer = writers.choose_writer(random, CLASSES)
    style = replace(choose_style(random, (20.0, 50.0)), slope=0.0)
    placed: list[Placed] = []
    cells: list[Cell] = []
    y = 0.0
    for row in range(int(random.integers(2, 6))):
        height = style.height * random.uniform(1.4, 2)
        x = random.choice([0, random.uniform(0, 4)]) * style.height
        kind = str(random.choice(["comb", "frame", "underlined"]))
        if random.random() < 0.2:
            side = height * random.uniform(0.4, 0.7)
            cells.append(Cell(x, y + (height - side) / 2, side, side))
            x += side + style.height
        text = texts.make_cell(random, writer)
        if kind == "comb":
            width = height * random.uniform(0.75, 1)
            for place, character in enumerate(text):
                cell = Cell(x + place * width, y, width, height)
                strokes = scale(writer.choose_glyph(character, style.proportions, random), style)
                glyph = Placed(character, strokes, row, 0)
                _center(glyph, cell, style.pen.width, random)
                cells.append(cell)
                placed.append(glyph)
            empty = range(len(text), len(text) + int(random.integers(3)))
            cells += [Cell(x + place * width, y, width, height) for place in empty]
        else:
            glyphs = place_lines([text], writer, style, random)
            low, high = find_extent(glyphs)
            length = (high[0] - low[0]) * random.uniform(1.1, 1.8) + style.height
            base = y + height * random.uniform(0.72, 0.85)
            for glyph in glyphs:
                glyph.move(float(x + style.height * 0.4 - low[0]), base)
                glyph.line = row
            placed += glyphs
            if kind == "frame":
                drop = style.height * style.proportions.descender
                cells.append(Cell(x, y - 0.2 * height, float(length), 1.2 * height + drop))
                y += drop + 0.2 * height
            else:
                line = base + random.uniform(0.02, 0.35) * style.height
                cells.append(Cell(x, line, float(length), 0.0))
        y += height * random.uniform(1.25, 1.8)
    return draw_page(placed, cells, style, random)


def _center(glyph: Placed, cell: Cell, pen: float, random: Random) -> None:
    """Move a glyph into a cell: roughly into its middle, and smaller if it is too wide."""
    low, high = glyph.find_extent()
    room = cell.width - 2.5 * pen - 4
    if high[0] - low[0] > room:
        glyph.strokes = [stroke * max(room, 4) / (high[0] - low[0]) for stroke in glyph.strokes]
        low, high = glyph.find_extent()
    free = np.maximum([room - (high[0] - low[0]), cell.height - 2.5 * pen - 4 - (high[1] - low[1])], 0)
    dx, dy = np.array([cell.x + cell.width / 2, cell.y + cell.height / 2]) - (low + high) / 2
    jitter = random.uniform(-0.4, 0.4, 2) * free
    if random.random() < _CROSSING:
        jitter += random.normal(0, 0.12, 2) * cell.height
    glyph.move(float(dx + jitter[0]), float(dy + jitter[1]))
