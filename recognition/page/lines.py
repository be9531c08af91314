"""Finds thin straight lines of ink: rulings, sides of boxes, underlines, and the bars of letters too.

Works on runs, which are rows of neighboring pixels of ink: a page has far fewer of them than pixels. For lines
from top to bottom, pass the transposed mask.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from recognition.page.runs import (
    Ints,
    Mask,
    Runs,
    bridge_runs,
    connect_runs,
    find_runs,
    group_pairs,
    measure_extents,
    measure_runs_down,
)

Floats = npt.NDArray[np.float64]

_RUN_OF_PEN: Final = (
    1.6  # times the usual run, which is about as long as the pen is wide: the shortest run of a line
)
_SHORTEST_RUN: Final = 6  # pixels, at least
_THIN: Final = 4  # pixels: a line that is not thicker is thin, however short its runs are
_CROWDED: Final = (1.5, 2.0)  # times the thickness, pixels: thickness of ink that is more than the line
_FREE: Final = 0.4  # of a line's columns in which there is nothing but the line, at least
_GAP: Final = 2  # pixels: gap in a run that blur or JPEG may have left
_SLENDER: Final = 3.5  # length over thickness of a line, at least
_SHORTEST: Final = 8  # pixels: length of a line, at least
_STEEPEST: Final = 0.14  # rise over length of a line, at most: 8 degrees
_COVERED: Final = 0.5  # of a line's length that is ink, at least
_BREAK: Final = 2.0  # times the thickness: gap between two pieces of one line
_LONG_BREAK: Final = 0.1  # of the shorter piece's length: the same, if both pieces are long for their thickness
_LONG: Final = 20  # length over thickness from which a piece is long
_MOST_RUNS: Final = 400_000
_MOST: Final = 700  # lines that are compared with each other
_MOST_COLUMNS: Final = 500_000  # of all pieces; a squared page of 2,048 pixels a side has 400,000
_AT_ONCE: Final = 500_000  # pixels of runs: arrays of all pixels of a texture would take 200 MB


class Lines(NamedTuple):
    """Lines from left to right, as arrays with an entry for each of n lines, and for each of their columns.

    Attributes:
        starts: float64 (n,), the first column.
        stops: float64 (n,), the column after the last.
        rows: float64 (n,), the row at the middle.
        slopes: float64 (n,), how many rows it falls in a column.
        thicknesses: float64 (n,), in pixels.
        errors: float64 (n,), how far it is from straight: the standard deviation of its middle line, in pixels.
        columns: int64 (columns of all lines,), in order.
        centers: float64 (columns of all lines,), the row of the line's middle in this column.
        numbers: int64 (columns of all lines,), the line that the column belongs to.
    """

    starts: Floats
    stops: Floats
    rows: Floats
    slopes: Floats
    thicknesses: Floats
    errors: Floats
    columns: Ints
    centers: Floats
    numbers: Ints

    @property
    def lengths(self) -> Floats:
        """float64 (n,), in pixels."""
        return self.stops - self.starts

    def compute_rows(self, columns: Any) -> Floats:
        """Return the rows of all lines, extended if need be, at ``columns``, which is (n,) or (n, m)."""
        middles, rows, slopes = (self.starts + self.stops) / 2, self.rows, self.slopes
        if np.ndim(columns) == 2:
            middles, rows, slopes = middles[:, None], rows[:, None], slopes[:, None]
        result: Floats = rows + slopes * (columns - middles)
        return result

    def take(self, chosen: Ints) -> Lines:
        """Return some of the lines."""
        place = np.full(len(self.starts), -1, dtype=np.int64)
        place[chosen] = np.arange(len(chosen))
        numbers = place[self.numbers] if len(self.numbers) else self.numbers
        keep = numbers >= 0
        order = np.argsort(numbers[keep], kind="stable")
        return Lines(
            self.starts[chosen], self.stops[chosen], self.rows[chosen], self.slopes[chosen],
            self.thicknesses[chosen], self.errors[chosen],
            self.columns[keep][order], self.centers[keep][order], numbers[keep][order],
        )  # fmt: skip


def find_lines_across(mask: Mask) -> Lines:
    """Return the thin straight lines of a bool (height, width) mask that go from left to right."""
    runs = find_runs(mask)
    if not len(runs.rows):
        return _measure(runs, np.zeros(0, dtype=np.int64))
    usual = float(np.median(runs.stops - runs.starts))
    runs = bridge_runs(runs, _GAP)
    runs = runs.take(runs.stops - runs.starts >= max(_SHORTEST_RUN, _RUN_OF_PEN * usual))
    runs = Runs(*(array.astype(np.int64) for array in runs))
    if len(runs.rows) > _MOST_RUNS:
        runs = runs.take(np.zeros(0, dtype=np.int64))
    tall = measure_runs_down(mask)
    runs = runs.take(_are_thin(runs, tall))
    lines = _find_lines_of_runs(runs, mask.shape[1])
    return lines.take(np.flatnonzero(_are_free(lines, tall)))


def _find_lines_of_runs(runs: Runs, width: int) -> Lines:
    pieces = connect_runs(runs, width)
    for slack in (2.0, 1.0):  # without the strokes that lie on the line
        runs, pieces = _trim(runs, pieces, slack)
    runs, pieces = _take_longest(runs, pieces)
    _, pieces = np.unique(pieces, return_inverse=True)  # as `_measure` numbers the lines
    lines = _measure(runs, pieces)
    chosen = np.flatnonzero(_is_line(lines, _SLENDER / 2))
    chosen = np.sort(chosen[np.argsort(-lines.lengths[chosen], kind="stable")[:_MOST]])
    groups = _join_pieces(lines.take(chosen))
    place = np.full(len(lines.starts), -1, dtype=np.int64)
    place[chosen] = groups
    keep = place[pieces] >= 0
    lines = _measure(runs.take(keep), place[pieces[keep]])
    return lines.take(np.flatnonzero(_is_line(lines, _SLENDER)))


def _is_line(lines: Lines, slender: float) -> Mask:
    covered = np.bincount(lines.numbers, minlength=len(lines.starts))
    result: Mask = (
        (lines.lengths >= np.maximum(_SHORTEST, slender * lines.thicknesses))
        & (np.abs(lines.slopes) <= _STEEPEST)
        & (covered >= _COVERED * lines.lengths)
    )
    return result


def _are_thin(runs: Runs, tall: npt.NDArray[np.int16]) -> Mask:
    """Return bool (runs,): which are thin for their length. Those inside a stroke from top to bottom are not."""
    if not len(runs.rows):
        return np.zeros(0, dtype=np.bool_)
    ends = np.cumsum(runs.stops - runs.starts)
    cuts = np.searchsorted(ends, np.arange(_AT_ONCE, ends[-1], _AT_ONCE)).tolist()
    parts = [slice(*ends_of_part) for ends_of_part in pairwise([0, *cuts, len(ends)])]
    return np.concatenate([_are_some_thin(runs.take(part), tall) for part in parts])


def _are_some_thin(runs: Runs, tall: npt.NDArray[np.int16]) -> Mask:
    lengths = runs.stops - runs.starts
    firsts = np.cumsum(lengths) - lengths
    run = np.repeat(np.arange(len(lengths)), lengths)
    columns = np.arange(lengths.sum()) - firsts[run] + runs.starts[run]
    thickest = np.maximum(_THIN, lengths / _SLENDER)
    is_thin = tall[runs.rows[run], columns] <= thickest[run]
    result: Mask = np.add.reduceat(is_thin.astype(np.int64), firsts) >= lengths / 2
    return result


def _are_free(lines: Lines, tall: npt.NDArray[np.int16]) -> Mask:
    """Return bool (n,): which are no part of a thicker stroke."""
    rows = np.floor(lines.centers + 0.5).astype(np.int64)
    is_free = tall[rows, lines.columns] <= _CROWDED[0] * lines.thicknesses[lines.numbers] + _CROWDED[1]
    covered = np.bincount(lines.numbers, minlength=len(lines.starts))
    result: Mask = np.bincount(lines.numbers, is_free, minlength=len(lines.starts)) >= _FREE * covered
    return result


class _Fit(NamedTuple):
    middles: Floats
    rows: Floats
    slopes: Floats


def _fit(runs: Runs, pieces: Ints) -> _Fit:
    """Fit a straight line to the pixels of each piece."""
    lengths = (runs.stops - runs.starts).astype(np.float64)
    columns = (runs.starts + runs.stops) / 2

    def add_up(values: Floats) -> Floats:
        result: Floats = np.bincount(pieces, values).astype(np.float64)
        return result

    area = add_up(lengths).clip(min=1)
    middles, rows = add_up(lengths * columns) / area, add_up(lengths * runs.rows) / area
    across, down = columns - middles[pieces], runs.rows - rows[pieces]
    spread = add_up(lengths * (across**2 + lengths**2 / 12))
    return _Fit(middles, rows, add_up(lengths * across * down) / np.maximum(spread, 1e-9))


def _trim(runs: Runs, pieces: Ints, slack: float) -> tuple[Runs, Ints]:
    """Leave out the runs that are far from their piece's straight line."""
    if not len(pieces):
        return runs, pieces
    fit = _fit(runs, pieces)
    lengths = runs.stops - runs.starts
    starts, stops = measure_extents(runs, pieces, len(fit.rows))
    thicknesses = np.bincount(pieces, lengths) / np.maximum(stops - starts, 1)
    expected = fit.rows[pieces] + fit.slopes[pieces] * ((runs.starts + runs.stops) / 2 - fit.middles[pieces])
    # A run of a line that is not level is off by as much as the line falls along it.
    allowed = slack * (thicknesses[pieces] / 2 + 1.5)
    keep = np.abs(runs.rows - expected) <= allowed
    return runs.take(keep), pieces[keep]


def _take_longest(runs: Runs, pieces: Ints) -> tuple[Runs, Ints]:
    """Leave out the shortest pieces if all together have too many columns."""
    if not len(pieces):
        return runs, pieces
    count = int(pieces.max()) + 1
    starts, stops = measure_extents(runs, pieces, count)
    lengths = np.maximum(stops - starts, 0)  # a number that no run has any more counts for nothing
    if lengths.sum() <= _MOST_COLUMNS:
        return runs, pieces
    order = np.argsort(-lengths, kind="stable")
    is_long = np.zeros(count, dtype=np.bool_)
    is_long[order[np.cumsum(lengths[order]) <= _MOST_COLUMNS]] = True
    keep = is_long[pieces]
    return runs.take(keep), pieces[keep]


def _add_up_runs(first: Ints, lengths: Ints, values: npt.NDArray[Any], total: int) -> Floats:
    """Return float64 (total,), the sum of the values of the runs at each place, without a list of their pixels."""
    steps = np.bincount(first, values, minlength=total + 1)
    steps -= np.bincount(first + lengths, values, minlength=total + 1)
    result: Floats = np.cumsum(steps[:-1])
    return result


def _measure(runs: Runs, pieces: Ints) -> Lines:
    """Return each piece as a line."""
    none, nothing = np.zeros(0), np.zeros(0, dtype=np.int64)
    if not len(pieces):
        return Lines(none, none, none, none, none, none, nothing, none, nothing)
    _, pieces = np.unique(pieces, return_inverse=True)
    fit = _fit(runs, pieces)
    count = len(fit.rows)
    lengths = runs.stops - runs.starts
    starts, stops = measure_extents(runs, pieces, count)
    # The middle of the ink in each column of each line: the columns of all lines are laid end to end.
    firsts = np.cumsum(stops - starts) - (stops - starts)
    total = int((stops - starts).sum())
    first = firsts[pieces] - starts[pieces] + runs.starts
    counts = _add_up_runs(first, lengths, np.ones(len(lengths)), total)
    summed = _add_up_runs(first, lengths, runs.rows, total)
    numbers = np.repeat(np.arange(count), stops - starts)
    columns = np.arange(total) - firsts[numbers] + starts[numbers]
    has_ink = counts > 0
    inked = counts[has_ink]
    numbers, columns, centers = numbers[has_ink], columns[has_ink], summed[has_ink] / inked
    covered = np.bincount(numbers, minlength=count)
    order = np.lexsort((inked, numbers))
    usual = inked[order][np.cumsum(covered) - covered + covered // 2]
    # The mean, in which strokes on the line hardly count.
    thicknesses: Floats = np.bincount(numbers, np.minimum(inked, usual[numbers] + 1)) / np.maximum(covered, 1)
    off = centers - fit.rows[numbers] - fit.slopes[numbers] * (columns - fit.middles[numbers])
    errors = np.sqrt(np.bincount(numbers, off**2) / np.maximum(covered, 1))
    rows = fit.rows + fit.slopes * ((starts + stops) / 2 - fit.middles)
    return Lines(
        starts.astype(np.float64), stops.astype(np.float64), rows, fit.slopes, thicknesses, errors,
        columns, centers, numbers,
    )  # fmt: skip


def _join_pieces(lines: Lines) -> Ints:
    """Return int64 (n,): the number of the line that each piece belongs to. Pieces of a line lie end to end."""
    count = len(lines.starts)
    if not count:
        return np.zeros(0, dtype=np.int64)
    # Only pairs that end and begin near each other are compared: there are few of them.
    is_long = lines.lengths >= _LONG * lines.thicknesses
    thickest = float(lines.thicknesses.max())
    farthest = np.maximum(_BREAK * thickest + 2, np.where(is_long, _LONG_BREAK * lines.lengths, 0))
    order = np.argsort(lines.starts, kind="stable")
    begin = np.searchsorted(lines.starts[order], lines.stops - thickest - 1)
    near = np.searchsorted(lines.starts[order], lines.stops + farthest, side="right") - begin
    first = np.repeat(np.arange(count), near)
    second = order[np.arange(near.sum()) + np.repeat(begin - np.cumsum(near) + near, near)]
    gaps = lines.starts[second] - lines.stops[first]
    thicker = np.maximum(lines.thicknesses[first], lines.thicknesses[second])
    thinner = np.minimum(lines.thicknesses[first], lines.thicknesses[second])
    both = np.where(is_long[first] & is_long[second], np.minimum(lines.lengths[first], lines.lengths[second]), 0)
    is_near = (gaps > -thicker - 1) & (gaps <= np.maximum(_BREAK * thicker + 2, _LONG_BREAK * both))
    is_pair = is_near & (thicker <= 2 * thinner + 1)
    first, second, thicker = first[is_pair], second[is_pair], thicker[is_pair]
    between = (lines.stops[first] + lines.starts[second]) / 2
    middles = (lines.starts + lines.stops) / 2
    ends = [lines.rows[n] + lines.slopes[n] * (between - middles[n]) for n in (first, second)]
    is_level = np.abs(ends[0] - ends[1]) <= 1.0 + thicker / 2
    return group_pairs(first[is_level], second[is_level], count)
