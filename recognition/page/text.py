"""Composes a text, with spaces and line breaks, from characters and their boxes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise, starmap
from statistics import median
from typing import Final, NamedTuple

from recognition.page.images import Box

_SPACE: Final = 0.45  # of the height of writing: how much wider than usual a gap between words is
_DROP: Final = 0.2  # of the smaller height: gap from which the next character is on a lower line


class Place(NamedTuple):
    """Where a character is in a form.

    Attributes:
        cell: the number of its cell, or -1.
        comb: the number of the word that its cell is in, if each cell of the word is for one character, or -1.
    """

    cell: int = -1
    comb: int = -1


def compose_text(labels: Sequence[str], boxes: Sequence[Box]) -> str:
    """Return the characters as text, with spaces between words and newlines between lines.

    Args:
        labels: the characters in reading order.
        boxes: their boxes: x, y, width and height, all in one unit.
    """
    return join_text(labels, find_breaks(boxes, find_lines(boxes)))


def join_text(labels: Sequence[str], breaks: Sequence[str]) -> str:
    """Return the text of characters and of what is before each: nothing, a space or a newline."""
    return "".join(before + label for before, label in zip(breaks, labels, strict=True))


def find_lines(boxes: Sequence[Box]) -> list[int]:
    """Return for each character, in reading order, the number of its line, from 0."""
    line_breaks = [_is_line_break(before, after) for before, after in pairwise(boxes)]
    return list(accumulate(line_breaks, initial=0))[: len(boxes)]


def find_breaks(
    boxes: Sequence[Box], lines: Sequence[int], signs: Sequence[Box] = (), places: Sequence[Place] = ()
) -> list[str]:
    """Return what is before each character: nothing, a space or a newline.

    Args:
        boxes: of the characters, in reading order: x, y, width and height, all in one unit.
        lines: the number of the line that each character is on.
        signs: of the marks that are left out of the text. One between two characters separates words, so that 3+4
            does not become 34.
        places: of the characters in a form, if there is one. What is in different cells is in different words,
            unless the cells are those of one comb.
    """
    if not boxes:
        return []
    height = median(box[3] for box in boxes)
    pairs = list(zip(pairwise(boxes), pairwise(lines), strict=True))
    gaps = [after[0] - before[0] - before[2] for (before, after), _ in pairs]
    joins = list(starmap(_join_places, pairwise(places or [Place()] * len(boxes))))
    usual_gap = median(
        [
            gap
            for gap, (_, (line, next_line)), join in zip(gaps, pairs, joins, strict=True)
            if line == next_line and join is None
        ]
        or [0]
    )
    space = max(usual_gap, 0) + _SPACE * height
    breaks = [""]
    for gap, ((before, after), (line, next_line)), join in zip(gaps, pairs, joins, strict=True):
        is_apart = gap > space or any(_is_between(sign, before, after) for sign in signs)
        breaks.append("\n" if line != next_line else join if join is not None else " " if is_apart else "")
    return breaks


def _join_places(before: Place, after: Place) -> str | None:
    """Return what is between characters in a form, or None if the gap between them says it."""
    if before.comb >= 0 and before.comb == after.comb:
        return ""
    return None if before.cell == after.cell else " "


def count_words(breaks: Sequence[str]) -> list[int]:
    """Return for each character the number of its word, from 0. ``breaks`` are as `find_breaks` returns them."""
    return list(accumulate(map(bool, breaks)))


def _is_between(sign: Box, before: Box, after: Box) -> bool:
    """Return whether a sign is in the gap between two characters. An underline or a speck above is not."""
    left, right = before[0] + before[2], after[0]
    top, bottom = min(before[1], after[1]), max(before[1] + before[3], after[1] + after[3])
    middle_x, middle_y = sign[0] + sign[2] / 2, sign[1] + sign[3] / 2
    is_beside = before[0] + before[2] / 2 < middle_x < after[0] + after[2] / 2
    shared = min(sign[0] + sign[2], right) - max(sign[0], left)
    return is_beside and top <= middle_y <= bottom and shared >= sign[2] / 2


def _is_line_break(before: Box, after: Box) -> bool:
    """Return whether the next character is further left, or so much lower that it is on another line."""
    if 2 * after[0] + after[2] <= 2 * before[0] + before[2]:
        return True
    shared = min(before[1] + before[3], after[1] + after[3]) - max(before[1], after[1])
    return shared < -_DROP * min(before[3], after[3]) and after[1] > before[1]
