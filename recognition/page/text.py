"""Composes a text, with spaces and line breaks, from characters and their boxes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from recognition.page.images import Box

_SPACE: Final = 0.45  # of the height of writing: how much wider than usual a gap between words is
_DROP: Final = 0.2  # of the smaller height: gap from which the next character is on a lower line


def compose_text(labels: Sequence[str], boxes: Sequence[Box]) -> str:
    """Return the characters as text, with spaces between words and newlines between lines.

    Args:
        labels: the characters in reading order.
        boxes: their boxes: x, y, width and height, all in one unit.
    """
    if not boxes:
        return ""
    height = median(box[3] for box in boxes)
    line_breaks = [_is_line_break(before, after) for before, after in pairwise(boxes)]
    gaps = [after[0] - before[0] - before[2] for before, after in pairwise(boxes)]
    usual_gap = median([gap for gap, is_break in zip(gaps, line_breaks, strict=True) if not is_break] or [0])
    space = max(usual_gap, 0) + _SPACE * height
    text = labels[0]
    for label, gap, is_break in zip(labels[1:], gaps, line_breaks, strict=True):
        text += ("\n" if is_break else " " if gap > space else "") + label
    return text


def _is_line_break(before: Box, after: Box) -> bool:
    """Return whether the next character is further left, or so much lower that it is on another line."""
    if 2 * after[0] + after[2] <= 2 * before[0] + before[2]:
        return True
    shared = min(before[1] + before[3], after[1] + after[3]) - max(before[1], after[1])
    return shared < -_DROP * min(before[3], after[3]) and after[1] > before[1]
