"""Finds thin lines along the edge of a picture: a frame of a pixel, a scanner's black edge."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.page.images import Gray

Levels = npt.NDArray[np.int16]

_DEEPEST: Final = 0.02  # of the side: how deep a border is
_LEAST_DEPTH: Final = 2  # pixels that are looked at, at least
_MOST_DEPTH: Final = 24
_DIFFERENT: Final = 24  # of 255: between the border and the page
_WHOLE: Final = 0.97  # of the side that the border covers
_SOFT: Final = 10  # of 255: what is left of a border in the next pixel
_LEAST_SIDE: Final = 12  # pixels: smaller pictures have no border


def trim_borders(gray: Gray) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a picture, uint8 (height, width), without lines along its edges.

    A line covers the whole side, is thin, and nothing that is drawn touches it.
    """
    height, width = gray.shape
    if min(gray.shape) < _LEAST_SIDE:
        return 0, 0, width, height
    top, bottom = _measure_border(gray), _measure_border(gray[::-1])
    left, right = _measure_border(gray.T), _measure_border(gray[:, ::-1].T)
    return left, top, width - right, height - bottom


def _measure_border(gray: Gray) -> int:
    """Return how many rows at the top are a border."""
    height, width = gray.shape
    depth = min(_MOST_DEPTH, max(_LEAST_DEPTH, round(_DEEPEST * height)))
    rows = gray[: 2 * depth].astype(np.int16)
    page = np.median(rows[depth:], axis=0)
    aside = min(depth, width // 4)
    inner = slice(aside, width - aside)  # in the corners are other borders
    difference = (rows[:depth] - page)[:, inner]
    covers = np.maximum((difference > _DIFFERENT).mean(axis=1), (difference < -_DIFFERENT).mean(axis=1))
    border = np.flatnonzero(covers >= _WHOLE)
    if not len(border):
        return 0
    last = int(border[-1])
    end = last + 1
    if end < depth:
        # The line may be soft.
        soft = np.abs(rows[end] - page)
        end += bool((soft > _SOFT).mean() > 0.5)
    # What is drawn does not touch the border.
    line, after = np.median(rows[last, inner]), rows[end, inner]
    is_ink = np.abs(after - line) < np.abs(after - page[inner])
    return 0 if is_ink.any() else end
