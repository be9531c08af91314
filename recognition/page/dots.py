"""Finds dots and bars that are large or far from their stems, and look like characters of a line above.

An example is the dot of an i that was drawn as a long stroke, or the slanted bar of a T. Plain geometry: boxes
only, no pixels.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recognition.page.blobs import AT_ONCE

Boxes = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]

# "height" is the height of the writing.
_SHORT: Final = 0.6  # of the height: height of a dot or bar, at most
_TALLER: Final = 1.4  # height of a stem over that of its dot, at least
_WIDTH: Final = 0.65  # of the height: width of a dot, at most
_FROM_TOP: Final = 1.0  # of the height: from the top of a dot down to the top of its stem, at most
_ASIDE: Final = 0.2  # of the height: how far a dot may be beside its stem
_TOUCHING: Final = 0.1  # of the height: how far a dot or bar may reach below the top of its stem
_BAR: Final = 1.5  # width over height of a bar, at least
_BAR_APART: Final = 0.15  # of the height: distance from a bar down to its stem, at most
_OVER: Final = 0.5  # of the smaller width: overlap of a bar and its stem
_LEVEL: Final = 0.3  # of the height of a dot: how much of it is beside a neighbor on its own line
_NEAR: Final = 3.0  # of the height: distance to such a neighbor, at most


def find_dots(
    boxes: Boxes, marks: Numbers, bodies: Numbers, height: float, cells: Numbers | None = None
) -> dict[int, int]:
    """Return which of the marks are dots and bars, and the body that each belongs to.

    A mark is no dot if beside it are bodies that do not reach down to its stem: then it is on their line.

    Args:
        boxes: (n, 4), left, top, right and bottom of each blob, in level lines.
        marks: the numbers of the blobs that may be dots and bars.
        bodies: the numbers of the blobs that may be stems. They may include the marks.
        height: the height of the writing, in the unit of the boxes.
        cells: (n,), the cell of a form that each blob is in, if any are. A dot is in the cell of its stem.
    """
    short = marks[boxes[marks, 3] - boxes[marks, 1] <= _SHORT * height]
    dots: dict[int, int] = {}
    for start in range(0, len(short), AT_ONCE):
        here = short[start : start + AT_ONCE]
        costs = _measure_costs(boxes[here], boxes[bodies], height)
        if cells is not None:
            costs[cells[here, None] != cells[bodies]] = np.inf
        stems = bodies[np.argmin(costs, axis=1)] if len(bodies) else here
        is_dot = np.isfinite(costs).any(axis=1) & ~_has_neighbor(boxes, here, stems, bodies, height)
        dots.update(zip(here[is_dot].tolist(), stems[is_dot].tolist(), strict=True))
    return {dot: stem for dot, stem in dots.items() if stem not in dots}


def _measure_costs(marks: Boxes, bodies: Boxes, height: float) -> npt.NDArray[np.float64]:
    """Return float64 (marks, bodies), how far each body is from being the stem of each mark, or infinity."""
    left, top, right, bottom = marks.T[:, :, None]
    lefts, tops, rights, bottoms = bodies.T
    shared = np.minimum(right, rights) - np.maximum(left, lefts)
    above = tops - bottom
    is_over = (above >= -_TOUCHING * height) & (bottoms - tops >= _TALLER * (bottom - top))
    is_dot = (right - left <= _WIDTH * height) & (-shared <= _ASIDE * height) & (tops - top <= _FROM_TOP * height)
    is_bar = (right - left >= _BAR * (bottom - top)) & (above <= _BAR_APART * height)
    is_bar &= shared >= _OVER * np.minimum(right - left, rights - lefts)
    aside = np.abs(left + right - lefts - rights) / 2
    return np.where(is_over & (is_dot | is_bar), aside + np.maximum(0, above), np.inf)


def _has_neighbor(boxes: Boxes, marks: Numbers, stems: Numbers, bodies: Numbers, height: float) -> Mask:
    """Return bool (marks,): which have a body beside them that does not reach down to their stem."""
    left, top, right, bottom = boxes[marks].T[:, :, None]
    lefts, tops, rights, bottoms = boxes[bodies].T
    is_level = np.minimum(bottom, bottoms) - np.maximum(top, tops) >= _LEVEL * (bottom - top)
    is_near = np.maximum(lefts - right, left - rights) <= _NEAR * height
    is_above = bottoms <= (boxes[stems, 1] + boxes[stems, 3])[:, None] / 2
    is_tall = bottoms - tops > _SHORT * height
    has_neighbor: Mask = np.any(is_level & is_near & is_above & is_tall, axis=1)
    return has_neighbor
