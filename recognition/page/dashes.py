"""Closes the gaps of dashed and dotted lines, so that they are found as the lines of a form."""

from __future__ import annotations

from itertools import chain
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from recognition.page.blobs import WITH_DIAGONALS
from recognition.page.runs import (
    Ints,
    Mask,
    connect_runs,
    find_runs,
    group_pairs,
    measure_extents,
    measure_runs_down,
)

Floats = npt.NDArray[np.float64]

_SHORTEST: Final = 2  # pixels: length of a dash or dot
_LONGEST: Final = 0.05  # of the longer side: length of a dash, at most
_FLAT: Final = (3.0, 1.3)  # pixels, of its length: thickness of a dash or dot, at most
_ALIKE: Final = (1.5, 0.25)  # pixels, of the length: difference between the lengths and thicknesses of two dashes
_LEVEL: Final = 1.5  # pixels: difference between the heights of two dashes in a row, at most
_GAP: Final = (1.5, 1.3, 3.0)  # pixels, of the length of a dash, of that of a dot: gap after it, at most
_FEWEST: Final = (3, 6)  # dashes, and dots, of a line
_FEWEST_BETWEEN: Final = 2  # dashes of a line between two corners
_LIKE_INNER: Final = 2.5  # pixels: difference between the gap before a corner and the others, at most
_LONG: Final = 1.8  # length over thickness of a dash; a dot is shorter
_EVEN: Final = (0.8, 0.12)  # pixels, of the mean: standard deviation of the distances of dashes in a line, at most
_OTHER_STEP: Final = (1.5, 0.25)  # pixels, of the usual distance: how far a distance is from it, at most
_REACH: Final = 1.3  # times the distance of two dashes: how far beyond the last one ink is looked for
_SHORT: Final = 0.5  # of the height of writing: length of a dash, at most; a 1 is as tall as the writing
_TALLER: Final = 1.2  # times the length of a dash: height from which other ink is writing, and no dash or corner
_FREE: Final = (3.0, 1.5, 0.5)  # pixels, of its length: a dash that touches nothing; of the dashes, how many do
_MOST: Final = 40_000  # dashes and dots; more are a texture


def close_gaps(mask: Mask) -> Mask:
    """Return ``mask`` with the gaps of its dashed and dotted lines filled, across and down.

    Upright strokes under each other, such as a column of ones, are as even as dashes. But they are as tall as the
    writing, and the bars of letters touch other ink.
    """
    across, down = _find_lines(mask), _find_lines(np.ascontiguousarray(mask.T))
    if not across and not down:
        return mask
    down_seeds = [line.seeds[:, ::-1] for line in down]
    labels, count = ndimage.label(mask, structure=WITH_DIAGONALS)
    spans = ndimage.find_objects(labels)
    sizes = np.array([[side.stop - side.start for side in span] for span in spans], dtype=np.int64)
    numbers = [[labels[tuple(seeds.T)] - 1 for seeds in each] for each in ([a.seeds for a in across], down_seeds)]
    is_other = np.ones(count, dtype=np.bool_)
    for of_line in chain(*numbers):
        is_other[of_line] = False
    heights = np.sort(sizes[is_other, 0])
    closed = mask.copy()
    for lines, of_lines, of_gaps in ((across, numbers[0], closed), (down, numbers[1], closed.T)):
        for line, of_line in zip(lines, of_lines, strict=True):
            if _is_printed(line, sizes[of_line].max(axis=1), heights):
                for top, bottom, start, stop in line.gaps:
                    of_gaps[top:bottom, start:stop] = True
    return closed


class _Line(NamedTuple):
    """A line of dashes.

    Attributes:
        length: the length of a dash, in pixels.
        seeds: int64 (n, 2), row and column of a pixel of each dash.
        gaps: first row, row after the last, first column and column after the last of each gap.
    """

    length: float
    seeds: Ints
    gaps: list[tuple[int, int, int, int]]


def _is_printed(line: _Line, sides: Ints, heights: Ints) -> bool:
    """Tell whether dashes are short against the writing, and most are free.

    Args:
        line: the dashes.
        sides: int64 (n,), the longer side of the blob that each dash belongs to.
        heights: int64 (m,), the heights of all other blobs, in order.
    """
    taller = heights[np.searchsorted(heights, _TALLER * line.length) :]
    if not len(taller) or line.length > _SHORT * np.median(taller):
        return False
    return bool(np.mean(sides <= _FREE[0] + _FREE[1] * line.length) >= _FREE[2])


def _find_lines(mask: Mask) -> list[_Line]:
    """Return what may be dashed lines from left to right."""
    runs = find_runs(mask)
    lengths = runs.stops - runs.starts
    runs = runs.take((lengths >= _SHORTEST) & (lengths <= max(12.0, _LONGEST * max(mask.shape))))
    if not len(runs.rows):
        return []
    tall = measure_runs_down(mask)
    thickest = np.maximum(_FLAT[0], _FLAT[1] * (runs.stops - runs.starts))
    runs = runs.take(tall[runs.rows, (runs.starts + runs.stops) // 2] <= thickest)
    if not len(runs.rows):
        return []
    _, first, pieces = np.unique(connect_runs(runs, mask.shape[1]), return_index=True, return_inverse=True)
    count = len(first)
    if count > _MOST:
        return []
    starts, stops = measure_extents(runs, pieces, count)
    tops, bottoms = np.full(count, mask.shape[0]), np.zeros(count, dtype=np.int64)
    np.minimum.at(tops, pieces, runs.rows)
    np.maximum.at(bottoms, pieces, runs.rows + 1)
    sizes = stops - starts, bottoms - tops
    areas = np.bincount(pieces, runs.stops - runs.starts)
    is_dash = (sizes[1] <= np.maximum(_FLAT[0], _FLAT[1] * sizes[0])) & (areas >= 0.6 * sizes[0] * sizes[1])
    chosen = np.flatnonzero(is_dash)
    boxes = np.column_stack((tops, bottoms, starts, stops))[chosen]
    seeds = np.column_stack((runs.rows, runs.starts))[first[chosen]].astype(np.int64)
    return _connect_dashes(boxes, seeds, mask)


def _connect_dashes(boxes: Ints, seeds: Ints, mask: Mask) -> list[_Line]:
    """Return the lines of dashes, as `_find_lines` does."""
    first, second = _pair(boxes)
    tops, bottoms, starts, stops = boxes.T
    # Between two pieces of one stroke there is ink too.
    rows, lefts, rights = (tops + bottoms)[first] // 2, stops[first], starts[second]
    is_empty = ~np.logical_or.reduce([mask[rows, lefts + (rights - lefts) * n // 4] for n in (1, 2, 3)])
    first, second = first[is_empty], second[is_empty]
    steps = (starts[second] + stops[second] - starts[first] - stops[first]) / 2
    lines = _connect(first, second, len(boxes))
    # The last dash before a corner may be nearer to it.
    sizes = np.bincount(lines)
    middle = steps[np.lexsort((steps, lines))][np.cumsum(sizes) - sizes + sizes // 2]
    is_usual = np.abs(steps - middle[lines]) <= _OTHER_STEP[0] + _OTHER_STEP[1] * middle[lines]
    first, second, steps = first[is_usual], second[is_usual], steps[is_usual]
    if not len(first):
        return []
    lines = _connect(first, second, len(boxes))
    members = np.bincount(lines)
    mean = np.bincount(lines, steps) / members
    spread = np.sqrt(np.bincount(lines, (steps - mean[lines]) ** 2) / members)
    lengths = np.bincount(lines, (stops - starts)[first]) / members
    thicknesses = np.bincount(lines, (bottoms - tops)[first]) / members
    fewest = np.where(lengths >= _LONG * thicknesses, *_FEWEST)
    is_even = spread <= np.maximum(_EVEN[0], _EVEN[1] * mean)
    fewest_between = np.where(fewest > _FEWEST[0], fewest, _FEWEST_BETWEEN)
    order = np.lexsort((starts[first], lines))
    ends = np.searchsorted(lines[order], np.arange(len(members) + 1))
    result = []
    for line in np.flatnonzero(is_even & (members + 1 >= fewest_between)).tolist():
        pairs = order[ends[line] : ends[line + 1]]
        at_ends = _extend(boxes[first[pairs[0]]], boxes[second[pairs[-1]]], float(mean[line]), mask)
        if len(pairs) + 1 < fewest[line]:
            inner = mean[line] - lengths[line]
            if sum(abs(stop - start - inner) <= _LIKE_INNER for *_, start, stop in at_ends) < 2:
                continue
        between = [_find_between(boxes[first[pair]], boxes[second[pair]]) for pair in pairs.tolist()]
        dashes = np.union1d(first[pairs], second[pairs])
        result.append(_Line(float(lengths[line]), seeds[dashes], at_ends + between))
    return result


def _connect(first: Ints, second: Ints, count: int) -> Ints:
    """Return int64 (pairs,): the number of the line that each pair of dashes belongs to, from 0."""
    numbers: Ints = np.unique(group_pairs(first, second, count)[first], return_inverse=True)[1]
    return numbers


def _pair(boxes: Ints) -> tuple[Ints, Ints]:
    """Return the numbers of dashes, and of the dash after each, that may be of one line."""
    tops, bottoms, starts, stops = boxes.T
    rows = (tops + bottoms) / 2
    pairs = []
    for shift in (0.0, _LEVEL):  # two dashes at one height are in one band, at least one of the two times
        band = np.floor((rows + shift) / (2 * _LEVEL))
        order = np.lexsort((starts, band))
        one, other = order[:-1], order[1:]
        gaps = starts[other] - stops[one]
        lengths, thick = stops - starts, bottoms - tops
        most = [_ALIKE[0] + _ALIKE[1] * np.minimum(size[one], size[other]) for size in (lengths, thick)]
        is_pair = (
            (band[one] == band[other])
            & (gaps > 0)
            & (gaps <= _GAP[0] + np.where(lengths >= _LONG * thick, *_GAP[1:])[one] * lengths[one])
            & (np.abs(rows[one] - rows[other]) <= _LEVEL)
            & (np.abs(lengths[one] - lengths[other]) <= most[0])
            & (np.abs(thick[one] - thick[other]) <= most[1])
        )
        pairs.append(np.column_stack((one, other))[is_pair])
    every = np.unique(np.concatenate(pairs), axis=0)
    # Each has one before it and one after it: the nearest.
    every = every[np.argsort(starts[every[:, 1]] - stops[every[:, 0]], kind="stable")]
    for side in (0, 1):
        every = every[np.unique(every[:, side], return_index=True)[1]]
    return every[:, 0], every[:, 1]


def _find_between(one: Ints, other: Ints) -> tuple[int, int, int, int]:
    """Return the gap between two dashes."""
    tops, bottoms = sorted((int(one[0]), int(other[0]))), sorted((int(one[1]), int(other[1])))
    top, bottom = tops[0], bottoms[1] - (tops[1] - tops[0])  # no thicker than they are
    return top, max(bottom, top + 1), int(one[3]), int(other[2])


def _extend(first: Ints, last: Ints, step: float, mask: Mask) -> list[tuple[int, int, int, int]]:
    """Return the gaps before the first and after the last dash of a line, beyond which there is ink: a corner."""
    reach, gaps = round(_REACH * step), []
    aside = 2 + round(max(0.0, step - float(last[3] - last[2])))
    for (top, bottom, start, stop), is_after in ((first.tolist(), False), (last.tolist(), True)):
        rows = slice(max(0, top - aside), bottom + aside)
        columns = slice(stop, stop + reach) if is_after else slice(max(0, start - reach), start)
        inked = np.flatnonzero(mask[rows, columns].any(axis=0))
        if len(inked):
            begin, end = (stop, stop + int(inked[0]) + 1) if is_after else (columns.start + int(inked[-1]), start)
            gaps.append((top, bottom, begin, end))
    return gaps
