"""Draws what is printed on forms: boxes, combs and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.augmentation.pages.pens import Coverage
from training.augmentation.pages.writers import Random


@dataclass(frozen=True, slots=True)
class Cell:
    """A box of a form, in pixels. Without a height it is a line to write on."""

    x: float
    y: float
    width: float
    height: float


def draw_boxes(cells: Sequence[Cell], shape: tuple[int, int], height: float, random: Random) -> Coverage:
    """Return the printed ink of some boxes, uint8 (height, width).

    Boxes that touch share their sides, as in a comb. Some combs have only ticks and a base line.

    Args:
        cells: the boxes.
        shape: height and width of the page.
        height: of a capital letter, in pixels.
        random: what chooses how they look.
    """
    thick = max(1, round(height * float(np.exp(random.uniform(np.log(0.012), np.log(0.08))))))
    level = 255 if random.random() < 0.6 else int(random.integers(90, 255))
    is_comb = random.random() < 0.15 and len({cell.y for cell in cells}) == 1
    tick = random.uniform(0.2, 0.6)
    drawn = np.zeros(shape, np.uint8)

    def fill(left: float, top: float, right: float, bottom: float) -> None:
        first_row, first_column = max(round(top), 0), max(round(left), 0)
        drawn[first_row : max(round(bottom), 0), first_column : max(round(right), 0)] = level

    for cell in cells:
        left, top = cell.x - thick / 2, cell.y - thick / 2
        right, bottom = cell.x + cell.width - thick / 2, cell.y + cell.height - thick / 2
        if not cell.height:
            fill(left, top, right + thick, top + thick)
            continue
        side_top = bottom - tick * cell.height if is_comb else top
        for x in (left, right):
            fill(x, side_top, x + thick, bottom + thick)
        fill(left, bottom, right + thick, bottom + thick)
        if not is_comb:
            fill(left, top, right + thick, top + thick)
    return drawn
