"""Groups bodies of ink into lines of writing, in reading order. Plain geometry: boxes only, no pixels."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recognition.page.blobs import AT_ONCE
from recognition.page.columns import find_columns
from recognition.page.fields import Fields

Boxes = npt.NDArray[Any]

# "height" is the height of the writing.
_ON_LINE: Final = 0.4  # of the smaller height: overlap with the end of a line that puts a body on it
_AMONG: Final = 0.4  # of their height: distance between the middles of rows that are one line
_END: Final = 3  # bodies at the end of a line that say where it continues
_STEEPEST: Final = 0.25  # rise over length of a line, at most
_NEXT: Final = (0.2, 2.0)  # of the height: distance between the middles of a body and the next one, from and to
_SMALL_PRINT: Final = 0.5  # of the height of what is written in a form: height of a printed line, at most

BODY: Final = 0.3
"""Of the height: blobs as tall as this are bodies, shorter ones belong to a body."""


def level_boxes(boxes: Boxes, height: float) -> Boxes:
    """Return the boxes moved up or down so that rising and falling lines of writing become level."""
    middles = (boxes[:, 0] + boxes[:, 2]) / 2
    slope = _estimate_slope(boxes, middles, height)
    level: Boxes = boxes - (slope * (middles - middles.mean()))[:, None] * np.array([0, 1, 0, 1])
    return level


def order_rows(
    level: Boxes, bodies: npt.NDArray[np.int64], height: float, fields: Fields | None
) -> list[list[int]]:
    """Return the bodies of each line, in reading order. Small print beside the boxes of a form is left out."""
    if fields is None or not (fields.rows[bodies] >= 0).any():
        columns = [bodies[column] for column in find_columns(level[bodies], height)]
        return [row for column in columns for row in _sort_rows(_group_rows(level, column), level)]
    # What is written in a form has its order from the form: no columns are looked for.
    row_of_cells = fields.rows[bodies]
    blocks = [
        _group_cells(level, bodies[row_of_cells == number], fields)
        for number in np.unique(row_of_cells[row_of_cells >= 0]).tolist()
    ]
    written = np.median(_measure_heights(level, bodies[row_of_cells >= 0]))
    for row in _group_rows(level, bodies[row_of_cells < 0]):
        if _measure_heights(level, row).max() <= _SMALL_PRINT * written:
            continue
        middle = _compute_middle_height(level, row)
        for block in blocks:
            tops, bottoms = level[block[0], 1], level[block[0], 3]
            if len(block) == 1 and np.median(tops) < middle < np.median(bottoms):
                block[0].extend(row)
                break
        else:
            blocks.append([row])
    blocks.sort(key=lambda rows: _compute_middle_height(level, [body for row in rows for body in row]))
    return [row for rows in blocks for row in rows]


def _estimate_slope(boxes: Boxes, middles: npt.NDArray[Any], height: float) -> float:
    """Return the median slope from a body to the next one to its right, at most two heights away."""
    bodies = np.flatnonzero(boxes[:, 3] - boxes[:, 1] >= BODY * height)
    if len(bodies) < 4:
        return 0.0
    bodies = bodies[np.argsort(middles[bodies], kind="stable")]
    x, feet = middles[bodies], boxes[bodies, 3]
    slopes = []
    for start in range(0, len(bodies), AT_ONCE):
        here = slice(start, start + AT_ONCE)
        near = slice(start, int(np.searchsorted(x, x[here][-1] + _NEXT[1] * height)))
        across = x[near] - x[here, None]
        down = feet[near] - feet[here, None]
        is_next = (across > _NEXT[0] * height) & (across < _NEXT[1] * height)
        distances = np.where(is_next & (np.abs(down) < _STEEPEST * height), across, np.inf)
        following = np.argmin(distances, axis=1)[:, None]
        step = np.take_along_axis(distances, following, axis=1)
        slopes.append((np.take_along_axis(down, following, axis=1) / step)[np.isfinite(step)])
    slope = np.concatenate(slopes)
    return float(np.clip(np.median(slope), -_STEEPEST, _STEEPEST)) if len(slope) >= 3 else 0.0


def _group_cells(level: Boxes, bodies: npt.NDArray[np.int64], fields: Fields) -> list[list[int]]:
    """Return the lines in a row of cells: one line, if no cell has several. Otherwise, the cells one by one."""
    cells = fields.cells[bodies]
    rows: list[list[list[int]]] = []
    is_one_line = (cells < 0) | (fields.combs[bodies] >= 0) | fields.is_low[bodies]
    for cell in np.unique(cells).tolist():
        inside = bodies[cells == cell]
        rows.append(
            [inside.tolist()]
            if is_one_line[cells == cell].all()
            else _sort_rows(_group_rows(level, inside), level)
        )
    if max(map(len, rows)) == 1:
        return [[body for (row,) in rows for body in row]]
    rows.sort(key=lambda lines: float(level[lines[0], 0].min()))
    return [row for lines in rows for row in lines]


def _measure_heights(level: Boxes, bodies: Sequence[int] | npt.NDArray[np.int64]) -> Boxes:
    heights: Boxes = level[bodies, 3] - level[bodies, 1]
    return heights


def _sort_rows(rows: list[list[int]], level: Boxes) -> list[list[int]]:
    return sorted(rows, key=lambda row: _compute_middle_height(level, row))


def _compute_middle_height(level: Boxes, bodies: Sequence[int]) -> float:
    return float(np.median(level[list(bodies)][:, [1, 3]]))


def _group_rows(level: Boxes, bodies: npt.NDArray[np.int64]) -> list[list[int]]:
    """Return the bodies of each line. From left to right, each joins the line whose end it overlaps most."""
    rows: list[list[int]] = []
    ends = np.empty((2, len(bodies)))  # top and bottom of the end of each row
    tops, bottoms = level[:, 1].tolist(), level[:, 3].tolist()
    for body in bodies[np.argsort(level[bodies, 0], kind="stable")].tolist():
        top, bottom = tops[body], bottoms[body]
        row_tops, row_bottoms = ends[:, : len(rows)]
        shared = np.minimum(bottom, row_bottoms) - np.maximum(top, row_tops)
        overlaps = shared / np.maximum(np.minimum(bottom - top, row_bottoms - row_tops), 1e-9)
        row = int(np.argmax(overlaps)) if rows else 0
        if not rows or overlaps[row] <= _ON_LINE:
            row = len(rows)
            rows.append([])
        rows[row].append(body)
        last = rows[row][-_END:]
        ends[:, row] = median(tops[other] for other in last), median(bottoms[other] for other in last)
    return _join_rows(rows, level)


def _join_rows(rows: list[list[int]], level: Boxes) -> list[list[int]]:
    """Join rows at the same height into one line, for example small letters after a capital that broke."""
    middles = {row[0]: float(np.median(level[row][:, [1, 3]])) for row in rows}
    joined: list[list[int]] = []
    for row in sorted(rows, key=lambda row: middles[row[0]]):
        if joined and _is_same_line(joined[-1], row, middles, level):
            joined[-1].extend(row)
        else:
            joined.append(list(row))
    return joined


def _is_same_line(above: list[int], row: list[int], middles: dict[int, float], level: Boxes) -> bool:
    """Return whether a row is at the height of the line above it, and neither to its left nor to its right."""
    apart = middles[row[0]] - middles[above[0]]
    lefts, tops, rights, bottoms = level[above].T
    if apart >= _AMONG * float(np.median(bottoms - tops)):
        return False
    return bool(level[row, 0].min() <= rights.max() and level[row, 2].max() >= lefts.min())
