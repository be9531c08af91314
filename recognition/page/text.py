"""From characters and where they stand to text with spaces and line breaks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from recognition.page.images import Box

_SPACE: Final = 0.45  # of the height of writing, that a gap between words is wider than the usual one
_OVERLAP: Final = 0.2  # of the smaller height, that characters of one line share at least


def compose_text(labels: Sequence[str], boxes: Sequence[Box]) -> str:
    """Return the characters in reading order as text, with spaces between words and newlines between lines.

    Args:
        labels: what each character is, in reading order.
        boxes: x, y, width, height of each, in one unit.
    """
    if not boxes:
        return ""
    height = median(box[3] for box in boxes)
    breaks = [_is_new_line(before, after) for before, after in pairwise(boxes)]
    gaps = [after[0] - before[0] - before[2] for before, after in pairwise(boxes)]
    usual = median([gap for gap, ends in zip(gaps, breaks, strict=True) if not ends] or [0])
    space = max(usual, 0) + _SPACE * height
    text = labels[0]
    for label, gap, ends in zip(labels[1:], gaps, breaks, strict=True):
        text += ("\n" if ends else " " if gap > space else "") + label
    return text


def _is_new_line(before: Box, after: Box) -> bool:
    """Return whether a line ends between two characters: the next goes back to the left, or is wholly lower."""
    if 2 * after[0] + after[2] <= 2 * before[0] + before[2]:
        return True
    shared = min(before[1] + before[3], after[1] + after[3]) - max(before[1], after[1])
    return shared < -_OVERLAP * min(before[3], after[3]) and after[1] > before[1]
