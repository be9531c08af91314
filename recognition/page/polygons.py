"""Rectangles, convex hulls, and the quadrilaterals around them. Points are float64 (n, 2), y downwards."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

Points = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_SHORTEST: Final = 1e-3  # pixels: a shorter side has no direction
_PARALLEL: Final = 0.05  # sine of the least angle between neighboring sides of a quadrilateral


def make_rectangle(left: float, top: float, right: float, bottom: float) -> Points:
    """Return the corners of an upright rectangle, clockwise from the top left one."""
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], dtype=np.float64)


def compute_hull(mask: Mask) -> Points:
    """Return the convex hull of the pixels of a mask, clockwise as it is seen. It includes whole pixels."""
    rows = np.flatnonzero(mask.any(axis=1))
    part = mask[rows]
    left = part.argmax(axis=1)
    right = part.shape[1] - part[:, ::-1].argmax(axis=1)
    corners = [np.column_stack([x, y]) for x in (left, right) for y in (rows, rows + 1)]
    return compute_hull_of_points(np.concatenate(corners).astype(np.float64))


def compute_hull_of_points(points: Points) -> Points:
    """Return the convex hull, clockwise as it is seen, by Andrew's monotone chain (1979)."""
    ordered = sorted(set(map(tuple, points.tolist())))
    chains = []
    for sequence in (ordered, ordered[::-1]):
        chain: list[tuple[float, ...]] = []
        for point in sequence:
            while len(chain) > 1 and _cross(chain[-2], chain[-1], point) <= 0:
                chain.pop()
            chain.append(point)
        chains.append(chain[:-1])
    return np.array(chains[0] + chains[1])


def compute_area(polygon: Points) -> float:
    """Return the area of a polygon that is clockwise as it is seen."""
    x, y = polygon.T
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def fit_quadrilateral(hull: Points) -> Points | None:
    """Return a quadrilateral around a convex polygon that is little larger, or None if there is none.

    It begins at the top left corner.
    """
    quad = drop_sides(hull, np.inf)
    if len(quad) != 4:
        return None
    return np.roll(quad, -int(np.argmin(quad.sum(axis=1))), axis=0)


def drop_sides(hull: Points, most_area: float) -> Points:
    """Return a convex polygon around another one with fewer sides, at least four.

    The side whose neighbors can be extended over it at the least cost in area is dropped first. No side is dropped
    that costs more than ``most_area``.
    """
    polygon = list(map(tuple, hull.tolist()))
    costs = [_extend(polygon, number) for number in range(len(polygon))]
    while len(polygon) > 4:
        number = min(range(len(polygon)), key=lambda side: costs[side][0])
        area, corner = costs[number]
        if not area < most_area:
            break
        after = (number + 1) % len(polygon)
        polygon[number] = corner
        del polygon[after], costs[after]
        here = number - (after < number)
        for side in (here - 2, here - 1, here, here + 1):
            costs[side % len(polygon)] = _extend(polygon, side % len(polygon))
    return np.array(polygon)


def clip_polygon(polygon: Points, width: float, height: float) -> Points:
    """Return the part of a convex polygon inside a rectangle that begins at 0, 0."""
    for normal, least in (((1.0, 0.0), 0.0), ((-1.0, 0.0), -width), ((0.0, 1.0), 0.0), ((0.0, -1.0), -height)):
        polygon = _cut(polygon, np.array(normal), least)
    return polygon


def draw_polygon(polygon: Points, shape: tuple[int, ...]) -> Mask:
    """Return bool ``shape``, the pixels inside a polygon."""
    picture = Image.new("1", (shape[1], shape[0]))
    ImageDraw.Draw(picture).polygon([(x - 0.5, y - 0.5) for x, y in polygon.tolist()], fill=1)
    return np.array(picture, dtype=np.bool_)


def shrink_polygon(polygon: Points, distance: float) -> Points:
    """Return a convex polygon without a strip along its sides."""
    shrunk = polygon
    for start, end in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        length = float(np.hypot(*(end - start)))
        if length < _SHORTEST:
            continue
        normal = np.array([start[1] - end[1], end[0] - start[0]]) / length
        shrunk = _cut(shrunk, normal, float(normal @ start) + distance)
    return shrunk


def _cut(polygon: Points, normal: Points, least: float) -> Points:
    """Return the part of a convex polygon where ``normal @ point >= least`` (Sutherland and Hodgman 1974)."""
    if not len(polygon):
        return polygon
    distances = polygon @ normal - least
    corners = []
    for here, there, of_here, of_there in zip(
        polygon, np.roll(polygon, -1, axis=0), distances, np.roll(distances, -1), strict=True
    ):
        if of_here >= 0:
            corners.append(here)
        if (of_here >= 0) != (of_there >= 0):
            corners.append(here + (there - here) * (of_here / (of_here - of_there)))
    return np.array(corners).reshape(-1, 2)


def _cross(origin: Sequence[float], first: Sequence[float], second: Sequence[float]) -> float:
    return (first[0] - origin[0]) * (second[1] - origin[1]) - (first[1] - origin[1]) * (second[0] - origin[0])


def _extend(polygon: Sequence[tuple[float, ...]], number: int) -> tuple[float, tuple[float, ...]]:
    """Return how much larger a polygon is without the side from corner ``number``, and the corner there then."""
    count = len(polygon)
    before, start, end, after = (polygon[(number + step) % count] for step in (-1, 0, 1, 2))
    ax, ay = start[0] - before[0], start[1] - before[1]
    bx, by = end[0] - after[0], end[1] - after[1]
    cross = ax * by - ay * bx
    if abs(cross) <= _PARALLEL * math.hypot(ax, ay) * math.hypot(bx, by):
        return math.inf, start
    along = ((end[0] - start[0]) * by - (end[1] - start[1]) * bx) / cross
    if along < 0:
        return math.inf, start
    corner = start[0] + along * ax, start[1] + along * ay
    return abs(_cross(start, corner, end)) / 2, corner
