"""A laid out page: its ink, whose ink each pixel is, and its characters and signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from recognition.alphabets import CLASSES
from recognition.page.images import Box
from training.augmentation.pages.pens import Coverage, draw_strokes, wear_ink
from training.augmentation.pages.printing import Cell, draw_boxes
from training.augmentation.pages.writers import Random
from training.augmentation.pages.writing import Placed, Style, find_extent

PRINTED: Final = -1
"""In `LaidOutPage.ids`: printed ink, such as the sides of a box."""

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


def draw_page(placed: Sequence[Placed], cells: Sequence[Cell], style: Style, random: Random) -> LaidOutPage:
    """Draw glyphs and cells on a page that is as large as they and the margins need."""
    low, high = find_extent(placed)
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
