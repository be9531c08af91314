"""Finds surfaces in a small picture: sheets, desks, canvases and margins. Each has about one brightness."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from recognition.page.otsu import compute_otsu_threshold
from recognition.page.polygons import (
    Points,
    clip_polygon,
    compute_area,
    compute_hull,
    compute_hull_of_points,
    drop_sides,
    fit_quadrilateral,
    make_rectangle,
)

Mask = npt.NDArray[np.bool_]
Levels = npt.NDArray[np.float32]

_LEAST_AREA: Final = 0.025  # of the picture
_LEAST_SIDE: Final = 0.12  # of the picture's sides
_WHOLE: Final = 0.97  # of the picture's sides: what is as wide and high as this may lack corners, but no sides
_MOST_SURFACES: Final = 6  # of each kind, the largest
_FIT: Final = 0.93  # area of a surface's hull over that of the quadrilateral around it, at least
_FILLED: Final = 0.8  # area of two surfaces together over that of the hull around both, at least
_LINE_WIDTH: Final = 5  # pixels of the small picture: thinner lines are closed before surfaces are found
_STEP: Final = (9.0, 26.0)  # least and most difference of neighboring pixels that ends a surface
_STEP_OF_GRAIN: Final = 4.0  # times the usual difference
_CORNER: Final = (0.001, 0.1)  # of the picture: least and most area of the corners that a surface lacks
_LEAST_SIDE_WITH_CORNERS: Final = 90  # pixels of the small picture: in a smaller one a corner is a few pixels
_FLAT_CORNER: Final = 0.002  # of the picture: sides that make so little difference are dropped


class Surface(NamedTuple):
    """A surface and its outline. Polygons are clockwise, in pixels of the small picture.

    Attributes:
        mask: bool (height, width), its flat pixels. Ink on it is left out, and so is the last pixel to its edge.
        hull: float64 (n, 2), the convex hull.
        outline: float64 (m, 2), a polygon with few sides around it.
        quad: float64 (4, 2), the page: top left, top right, bottom right, bottom left. It may reach out of the
            picture, if the surface does.
        area: of the hull, relative to the picture.
        is_joined: whether these are two surfaces with a line or the edge of a shadow between them.
    """

    mask: Mask
    hull: Points
    outline: Points
    quad: Points
    area: float
    is_joined: bool


def measure_steps(levels: Levels) -> Levels:
    """Return the largest difference of levels within the 3×3 pixels around each pixel."""
    highest: Levels = ndimage.maximum_filter(levels, size=3, mode="nearest")
    lowest: Levels = ndimage.minimum_filter(levels, size=3, mode="nearest")
    return highest - lowest


def choose_step(steps: Levels) -> float:
    """Return the difference of neighboring pixels from which they belong to different surfaces."""
    usual = float(np.percentile(steps[::2, ::2], 30))
    return float(np.clip(_STEP_OF_GRAIN * usual, *_STEP))


def sample_levels(levels: Levels, points: Points) -> Levels:
    """Return the levels at some points, float32 (n,). Beyond the picture they are those of its edge."""
    height, width = levels.shape
    columns, rows = np.floor(points).astype(np.int64).T
    sampled: Levels = levels[rows.clip(0, height - 1), columns.clip(0, width - 1)]
    return sampled


def find_surfaces(levels: Levels, steps: Levels, least_step: float) -> Iterator[list[Surface]]:
    """Yield lists of surfaces that have about four sides, the most likely ones first.

    Args:
        levels: float32 (height, width), the small picture.
        steps: as `measure_steps` returns it.
        least_step: as `choose_step` returns it.
    """
    closed = ndimage.grey_closing(levels, size=_LINE_WIDTH, mode="nearest")
    opened = ndimage.grey_opening(levels, size=_LINE_WIDTH, mode="nearest")
    flats = [_find_parts(steps < least_step)]
    for variant in (closed, opened):
        # A narrow strip of desk along the picture's edge is closed too, but does not belong to the page.
        parts = _find_parts((measure_steps(variant) < least_step) & (np.abs(variant - levels) < least_step))
        flats.append(parts)
    yield _outline([(*part, False) for parts in flats for part in parts])
    threshold = compute_otsu_threshold(closed)
    sides = (closed > threshold, closed <= threshold)
    yield _outline(
        [(*part, True) for side in sides for part in _find_parts(ndimage.binary_erosion(side, border_value=1))]
    )
    yield _outline([(*part, True) for parts in flats for part in _join(parts)])


def _find_parts(flat: Mask) -> list[tuple[Mask, Points]]:
    """Return the masks and hulls of the largest connected parts."""
    height, width = flat.shape
    labels, count = ndimage.label(flat)
    areas = np.bincount(labels.ravel(), minlength=count + 1)
    areas[0] = 0
    boxes = ndimage.find_objects(labels)
    parts = []
    for number in np.argsort(-areas, kind="stable")[:_MOST_SURFACES].tolist():
        if areas[number] < _LEAST_AREA / 3 * flat.size:
            break
        rows, columns = boxes[number - 1]
        if rows.stop - rows.start >= _LEAST_SIDE * height and columns.stop - columns.start >= _LEAST_SIDE * width:
            mask: Mask = labels == number
            parts.append((mask, compute_hull(mask)))
    return parts


def _join(parts: list[tuple[Mask, Points]]) -> Iterator[tuple[Mask, Points]]:
    """Yield pairs of neighboring parts as one."""
    for (mask, hull), (other, other_hull) in combinations(parts, 2):
        joined = compute_hull_of_points(np.concatenate([hull, other_hull]))
        if compute_area(hull) + compute_area(other_hull) >= _FILLED * compute_area(joined):
            yield mask | other, joined


def _outline(parts: list[tuple[Mask, Points, bool]]) -> list[Surface]:
    """Return the parts that have about four sides inside the picture, or only lack corners of it."""
    surfaces = []
    for mask, hull, is_joined in parts:
        height, width = mask.shape
        size = np.array([width, height])
        area = compute_area(hull) / mask.size
        if area < _LEAST_AREA:
            continue
        if (np.ptp(hull, axis=0) >= _WHOLE * size).all():
            quad = make_rectangle(0, 0, width, height)
            distances = np.abs(hull[:, None] - quad).max(axis=2).min(axis=0)
            has_corners = np.count_nonzero(distances <= 2) >= 2  # a round blot has none
            is_large = min(width, height) >= _LEAST_SIDE_WITH_CORNERS
            if is_large and has_corners and not is_joined and _CORNER[0] <= 1 - area <= _CORNER[1]:
                outline = drop_sides(hull, _FLAT_CORNER * mask.size)
                surfaces.append(Surface(mask, hull, outline, quad, area, is_joined))
            continue
        fitted = fit_quadrilateral(hull)
        if fitted is None:
            continue
        visible = clip_polygon(fitted, width, height)
        if len(visible) > 2 and area * mask.size >= _FIT * compute_area(visible):
            surfaces.append(Surface(mask, hull, fitted, fitted, area, is_joined))
    return sorted(surfaces, key=lambda surface: -surface.area)
