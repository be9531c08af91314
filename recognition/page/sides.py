"""Finds a page by its sides: four straight lines, beyond which it is darker (or lighter) nearly everywhere.

Surfaces (`surfaces.py`) fail where a shadow divides the page, or where things as bright as the page lie beside it.
Its sides are still there, in parts.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from recognition.page.polygons import Points, clip_polygon, draw_polygon
from recognition.page.surfaces import Levels, sample_levels

Floats = npt.NDArray[np.float64]
Line = tuple[float, float, float]
"""a, b and c of a x + b y = c, in pixels of the small picture. (a, b) has length 1 and points into the page."""

_LINE_WIDTH: Final = 5  # pixels of the small picture: thinner lines are closed first
_BLUR: Final = 1.0  # pixels: standard deviation of the blur before slopes are measured
_LEAST_SLOPE: Final = 0.2  # of the least step: slope of an edge, per pixel
_MOST_PIXELS: Final = 6000  # that vote for lines: the steepest
_LEAST_PIXELS: Final = 5  # that a line is fitted to
_ANGLES: Final = 180  # bins of directions, in a full turn
_SPREAD: Final = 3  # bins to both sides that a pixel votes for
_STEEPEST: Final = 0.75  # cosine of the angle between a side's normal and its usual direction, at least
_LINES: Final = 6  # candidates for each side
_NEAR: Final = 5  # bins of directions, and pixels, within which lines are the same
_FIT: Final = 2.5  # pixels: how far the pixels are from a line that is fitted to them
_ALIKE: Final = 0.9  # cosine of the angle between directions that are about the same, at least
_EDGE: Final = 2  # pixels: places closer than this to the picture's edge are not visible
_INSIDE: Final = (1.5, 2.5, 3.5)  # pixels from a side into the page, and out of it
_OUTSIDE: Final = (-1.5, -2.5, -4.0, -6.0)
_MOST_OUTSIDE: Final = 0.75  # of these places that are darker, where a side is seen
_LEAST_SIDES: Final = 3  # that are visible
_LEAST_LENGTH: Final = 0.1  # of the picture's longer side: shorter sides need not be seen
_LEAST_SHARE: Final = 0.45  # of a side's length that is seen
_LEAST_TOTAL: Final = 0.72  # of all visible sides' length
_FAINTEST: Final = 0.2  # step at a side over that at the clearest side, at least
_MISSING: Final = 2.0  # what a pixel of a side that is not seen costs, relative to one that is
_LEAST_PLACES: Final = 8  # pixels: length of a side, in the picture or not
_LEAST_AREA: Final = 0.08  # of the picture
MOST_AREA: Final = 0.9
"""Of the picture: area of a page that is found. More is not worth the doubt."""
_LEAST_SINE: Final = 0.6  # of the angles at the corners
_PARALLEL: Final = 1e-6  # sine of the angle between lines that meet far outside
_CORNERS: Final = 0.05  # of a side's length at both ends that is not looked at
_AROUND: Final = (0.06, 0.1)  # of the picture's longer side: distances from the page
_LEAST_AROUND: Final = 0.6  # of the places there that are darker than the page
_AS_DARK: Final = 0.3  # from the level around the page, 0, to that of its paper, 1
_MOST_DARK: Final = 0.12  # of the page that is darker than this
_BESIDE: Final = 2.5  # pixels to both sides of a side, between which it gets darker
_FAR: Final = 8.0  # the same, so far away that the edge of a shadow changes further
_SHARP: Final = 0.6  # of the change far away that is also seen beside the sides, at least
_SMALLEST: Final = 64  # pixels: shorter side of the small picture; in a smaller one ink has straight sides


class _Candidates(NamedTuple):
    """Lines that one side of the page may be on. The last is the edge of the picture, which is not visible.

    The sums begin far outside the picture, and have one more column than there are places along a line.

    Attributes:
        lines: float64 (n, 3), each a `Line`.
        visible: float64 (n, places + 1), how many of the places before this one are in the picture.
        seen: the same, of the places where it is darker beyond the line.
        steps: the same, how much darker it is there, of 255, added up.
    """

    lines: Floats
    visible: Floats
    seen: Floats
    steps: Floats


def find_by_sides(levels: Levels, least_step: float) -> Points | None:
    """Return the corners of the page, float64 (4, 2), top left first, or None if there is no such page.

    A side may be outside the picture. Then the picture's edge takes its place.

    Args:
        levels: float32 (height, width), the small picture. The page is lighter than what is around it.
        least_step: the difference of levels at a side, at least.
    """
    if min(levels.shape) < _SMALLEST:
        return None
    closed = ndimage.grey_closing(levels, size=_LINE_WIDTH, mode="nearest")
    height, width = closed.shape
    edges: list[Line] = [(1, 0, 0), (0, 1, 0), (-1, 0, -width), (0, -1, -height)]
    sides = [
        _measure_lines([*lines, edge], closed, least_step)
        for lines, edge in zip(_find_lines(closed, least_step), edges, strict=True)
    ]
    corners = _choose_corners(sides, closed.shape)
    return corners if corners is not None and _is_page(corners, closed, least_step) else None


def _find_lines(levels: Levels, least_step: float) -> list[list[Line]]:
    """Return the best lines for the left, top, right and bottom side: a Hough transform (Duda and Hart 1972)."""
    across, down = (
        ndimage.gaussian_filter(levels, _BLUR, order=order, mode="nearest") for order in ((0, 1), (1, 0))
    )
    slope = np.hypot(across, down)
    most = min(_MOST_PIXELS, slope.size)
    least = max(_LEAST_SLOPE * least_step, float(np.partition(slope.ravel(), -most)[-most]))
    rows, columns = np.nonzero(slope > least)
    weights = slope[rows, columns]
    points = np.column_stack([columns + 0.5, rows + 0.5])
    normals = np.column_stack([across[rows, columns], down[rows, columns]]) / weights[:, None]
    directions = np.arange(_ANGLES) * (2 * np.pi / _ANGLES)
    normals_of = np.column_stack([np.cos(directions), np.sin(directions)])
    reach = int(np.hypot(*levels.shape)) + 2
    votes = np.zeros((_ANGLES, 2 * reach))
    nearest = np.rint(np.arctan2(normals[:, 1], normals[:, 0]) * _ANGLES / (2 * np.pi)).astype(np.int64)
    for offset in range(-_SPREAD, _SPREAD + 1):
        angles = (nearest + offset) % _ANGLES
        places = np.rint((points * normals_of[angles]).sum(axis=1)).astype(np.int64) + reach
        np.add.at(votes, (angles, places), 1.0)
    votes = ndimage.uniform_filter1d(votes, 3, axis=1)
    least_votes = _LEAST_LENGTH * max(levels.shape) / 2
    found = []
    for usual in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        left = np.where((normals_of @ usual >= _STEEPEST)[:, None], votes, 0)
        lines: list[Line] = []
        while len(lines) < _LINES:
            angle, place = (int(number) for number in np.unravel_index(int(np.argmax(left)), left.shape))
            if left[angle, place] < least_votes:
                break
            near = np.arange(angle - _NEAR, angle + _NEAR + 1) % _ANGLES
            left[near, max(0, place - _NEAR) : place + _NEAR + 1] = 0
            normal = normals_of[angle]
            is_on = (np.abs(points @ normal - (place - reach)) <= _FIT) & (normals @ normal > _ALIKE)
            if np.count_nonzero(is_on) >= _LEAST_PIXELS:
                lines.append(_fit_line(points[is_on], weights[is_on], normal))
        found.append(lines)
    return found


def _fit_line(points: Points, weights: Levels, normal: Floats) -> Line:
    """Return the line nearest to some points, with about this normal."""
    middle = np.average(points, axis=0, weights=weights)
    fitted = np.linalg.eigh(np.cov((points - middle).T, aweights=weights))[1][:, 0]
    if abs(float(fitted @ normal)) < _ALIKE:  # as many points across as along
        fitted = normal
    a, b = (fitted * np.sign(fitted @ normal)).tolist()
    return a, b, a * float(middle[0]) + b * float(middle[1])


def _measure_lines(lines: list[Line], levels: Levels, least_step: float) -> _Candidates:
    """Return lines, the last of them not visible, with the places where they are sides of the page."""
    height, width = levels.shape
    along = _list_places(levels.shape)
    sums = np.zeros((3, len(lines), len(along) + 1))
    for number, (a, b, c) in enumerate(lines[:-1]):
        points = np.column_stack([a * c - b * along, b * c + a * along])
        is_visible = ((points > _EDGE) & (points < [width - _EDGE, height - _EDGE])).all(axis=1)
        places = np.flatnonzero(is_visible)
        normal = np.array([a, b])
        inside = np.median(
            [sample_levels(levels, points[places] + distance * normal) for distance in _INSIDE], axis=0
        )
        outside = np.array([sample_levels(levels, points[places] + distance * normal) for distance in _OUTSIDE])
        is_seen = (inside - outside >= least_step).mean(axis=0) >= _MOST_OUTSIDE
        sums[0, number, places + 1] = 1
        sums[1, number, places + 1] = is_seen
        sums[2, number, places + 1] = is_seen * np.median(inside - outside, axis=0)
    return _Candidates(np.array(lines, dtype=np.float64), *np.cumsum(sums, axis=2))


def _list_places(shape: tuple[int, ...]) -> Floats:
    """Return the places along a line that are looked at, relative to the point nearest to the origin."""
    reach = 2 * max(shape)
    return np.arange(-reach, reach, dtype=np.float64)


def _choose_corners(sides: list[_Candidates], shape: tuple[int, ...]) -> Points | None:
    """Return the corners of the four lines of which most is seen, and least is missing."""
    grids = np.meshgrid(*[np.arange(len(side.lines)) for side in sides], indexing="ij")
    chosen = [grid.ravel() for grid in grids]
    lines = [side.lines[numbers] for side, numbers in zip(sides, chosen, strict=True)]
    corners = np.stack([_intersect(lines[side], lines[(side + 1) % 4]) for side in range(4)], axis=1)
    is_page = _has_shape_of_page(corners, shape)
    first = _list_places(shape)[0]
    measures = []
    for number, (side, numbers) in enumerate(zip(sides, chosen, strict=True)):
        ends = corners[:, [number - 1, number]]
        along = ends[..., 1] * lines[number][:, None, 0] - ends[..., 0] * lines[number][:, None, 1]
        places = np.clip(np.sort(along, axis=1) - first, 0, side.seen.shape[1] - 1).astype(np.int64)
        measures.append([of[numbers, places[:, 1]] - of[numbers, places[:, 0]] for of in side[1:]])
    lengths, seen, steps = (np.stack(of, axis=1) for of in zip(*measures, strict=True))
    is_long = lengths >= _LEAST_LENGTH * max(shape)
    is_page &= np.count_nonzero(is_long, axis=1) >= _LEAST_SIDES
    is_page &= (~is_long | (seen >= _LEAST_SHARE * lengths)).all(axis=1)
    means = steps / np.maximum(1, seen)
    clearest = np.where(is_long, means, 0).max(axis=1, keepdims=True)
    is_page &= (~is_long | (means >= _FAINTEST * clearest)).all(axis=1)
    seen, length = seen.sum(axis=1), lengths.sum(axis=1)
    is_page &= seen >= _LEAST_TOTAL * length
    if not is_page.any():
        return None
    best: Points = corners[int(np.argmax(np.where(is_page, seen - _MISSING * (length - seen), -np.inf)))]
    return best


def _has_shape_of_page(corners: Floats, shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """Return bool (n,): whether four corners, float64 (n, 4, 2), are large enough and not too oblique."""
    edges = np.roll(corners, -1, axis=1) - corners
    before = np.roll(edges, 1, axis=1)
    lengths = np.hypot(*np.moveaxis(edges, 2, 0))
    across = before[..., 0] * edges[..., 1] - before[..., 1] * edges[..., 0]
    x, y = np.moveaxis(corners, 2, 0)
    area = (x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1)).sum(axis=1) / 2
    is_page: npt.NDArray[np.bool_] = (lengths > _LEAST_PLACES).all(axis=1)
    is_page &= (across > _LEAST_SINE * np.roll(lengths, 1, axis=1) * lengths).all(axis=1)
    size = shape[0] * shape[1]
    is_page &= (area >= _LEAST_AREA * size) & (area <= MOST_AREA * size)
    return is_page


def _is_page(corners: Points, levels: Levels, least_step: float) -> bool:
    """Return whether it is darker at some distance from the page, too, not as dark inside, with sharp sides.

    Beyond a line of ink is paper again, a thick D has a hole, and a patch of light has soft edges.
    """
    height, width = levels.shape
    inside, outside = [], []
    near: list[Levels] = []
    far: list[Levels] = []
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        length = float(np.hypot(*(end - start)))
        direction = (end - start) / length
        normal = np.array([-direction[1], direction[0]])
        points = start + np.arange(_CORNERS * length, (1 - _CORNERS) * length)[:, None] * direction
        is_inside = ((points > _FAR) & (points < np.array([width, height]) - _FAR)).all(axis=1)
        for changes, distance in ((near, _BESIDE), (far, _FAR)):
            there = points[is_inside] + distance * normal, points[is_inside] - distance * normal
            changes.append(sample_levels(levels, there[0]) - sample_levels(levels, there[1]))
        for distance in _AROUND:
            beyond = points - distance * max(height, width) * normal
            is_visible = ((beyond > 0) & (beyond < [width, height])).all(axis=1)
            inside.append(sample_levels(levels, points[is_visible] + _INSIDE[1] * normal))
            outside.append(sample_levels(levels, beyond[is_visible]))
    paper, desk = np.concatenate(inside), np.concatenate(outside)
    if not len(paper) or (paper - desk >= least_step).mean() < _LEAST_AROUND:
        return False
    change = np.median(np.concatenate(far)) if any(map(len, far)) else 0.0
    if change > 0 and np.median(np.concatenate(near)) < _SHARP * change:
        return False
    level = np.median(desk) + _AS_DARK * (np.median(paper) - np.median(desk))
    page = levels[draw_polygon(clip_polygon(corners, width, height), levels.shape)]
    return bool((page <= level).mean() <= _MOST_DARK)


def _intersect(lines: Floats, others: Floats) -> Points:
    """Return float64 (n, 2), where lines meet others. Parallel ones meet far outside."""
    (a, b, c), (d, e, f) = lines.T, others.T
    determinant = a * e - b * d
    determinant = np.where(np.abs(determinant) < _PARALLEL, _PARALLEL, determinant)
    return np.stack([(c * e - b * f) / determinant, (a * f - c * d) / determinant], axis=1)
