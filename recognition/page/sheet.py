"""Finds the page in a picture: a sheet on a desk, a canvas in a screenshot, what is inside a frame.

The picture itself is the page, unless it is clear that a part of it is. `surfaces.py` finds the parts that may be,
`evidence.py` says how clear it is. A page with a shadow on it, or with things beside it, is found by `sides.py`.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from PIL import Image
from scipy import ndimage

from recognition.page.borders import trim_borders
from recognition.page.edges import NO_EDGES
from recognition.page.enlargement import smooth_enlargement
from recognition.page.evidence import has_ink, measure_evidence
from recognition.page.images import Gray
from recognition.page.polygons import (
    Points,
    clip_polygon,
    compute_area,
    draw_polygon,
    drop_sides,
    make_rectangle,
    shrink_polygon,
)
from recognition.page.sides import MOST_AREA, find_by_sides
from recognition.page.surfaces import Levels, choose_step, find_surfaces, measure_steps
from recognition.page.transform import Transform

_SMALL_SIDE: Final = 224  # longer side, in pixels, of the picture in which pages are looked for
_LEAST_SIDE: Final = 40  # pixels: shorter side of a picture in which they are
_MOST_PAGES: Final = 3  # one inside the other: a canvas in the window of a screen, for example
_MOST_SIDE: Final = 2048  # longer side of a page that is put right, in pixels: enough to read it
_LEVEL: Final = 0.006  # of the picture's longer side: how far the corners of an upright page are from a box
_FURTHEST: Final = 0.5  # of the picture's sides: how far a page may reach out of it
_NARROWER: Final = 2.5  # ratio of opposite sides, at most
_LARGE: Final = 0.5  # of the picture: area from which no larger page is looked for
_LARGER: Final = 1.15  # times the area of a page: a page that takes its place
_AS_CLEAR: Final = 0.95  # of its evidence, at least
_INEXACT: Final = 0.999  # area of a page over that of its four sides: with less, what is around it is painted over
_MARGIN: Final = (
    0.02  # of a page's longer side, around it: what is drawn to its edge is not cut off by the picture
)
_FLAT_CORNER: Final = 0.0002  # of the small picture: corners of an outline that make less difference are dropped
_EDGE: Final = 1.0  # pixels of the small picture: how far inside the edge of a page it is painted over
_AT_EDGE: Final = 0.007  # of the picture's longer side: sides closer than this to its edge are its edge
_MOST_LINE: Final = 9  # pixels of the small picture: lines up to this width are not painted around the page


class Sheet(NamedTuple):
    """The part of a picture that is the page.

    Attributes:
        gray: uint8 (height, width), the page, put right in perspective. Its ink may be dark or light.
        to_picture: from its pixels to those of the picture.
        edges: float64 (n, 2, 2), the ends of the sides beyond which the picture goes on, in pixels of the page.
    """

    gray: Gray
    to_picture: Transform
    edges: Points = NO_EDGES

    @property
    def corners(self) -> Points:
        """float64 (4, 2): where its corners are in the picture, clockwise from its top left one."""
        height, width = self.gray.shape
        return self.to_picture.map_points(make_rectangle(0, 0, width, height))

    def take(self, inner: Sheet) -> Sheet:
        """Return a page inside this one, with the edges of both."""
        edges = inner.to_picture.invert().map_points(self.edges.reshape(-1, 2)).reshape(-1, 2, 2)
        return Sheet(inner.gray, self.to_picture.compose(inner.to_picture), np.concatenate([edges, inner.edges]))


def find_sheet(gray: Gray) -> Sheet:
    """Return the page of a gray picture, uint8 (height, width). All of the picture, unless less is clear."""
    # A character of few blocks looks like a page beside others.
    if (enlargement := smooth_enlargement(gray)) is not None:
        return Sheet(enlargement.gray, enlargement.to_picture)
    sheet = Sheet(gray, Transform.make_identity())
    for number in range(_MOST_PAGES):
        sheet = _trim(sheet)
        inner, is_last = _find_inner(sheet.gray, is_first=number == 0)
        if inner is not None:
            sheet = sheet.take(inner)
        if is_last:
            break
    sheet = _trim(sheet)
    if not sheet.to_picture.is_identity and (enlargement := smooth_enlargement(sheet.gray)) is not None:
        return sheet.take(Sheet(enlargement.gray, enlargement.to_picture))
    return sheet


def _trim(sheet: Sheet) -> Sheet:
    left, top, right, bottom = trim_borders(sheet.gray)
    height, width = sheet.gray.shape
    if (left, top, right, bottom) == (0, 0, width, height):
        return sheet
    return sheet.take(_crop(sheet.gray, left, top, right, bottom))


def _crop(gray: Gray, left: int, top: int, right: int, bottom: int) -> Sheet:
    """Return an upright part of a picture."""
    height, width = gray.shape
    edges = _find_edges(make_rectangle(left, top, right, bottom), width, height) - [left, top]
    return Sheet(np.ascontiguousarray(gray[top:bottom, left:right]), Transform.make_shift(left, top), edges)


def _find_edges(outline: Points, width: float, height: float) -> Points:
    """Return float64 (n, 2, 2), the sides of an outline that are not the edge of the picture."""
    ends = np.stack([outline, np.roll(outline, -1, axis=0)], axis=1)
    margin = _AT_EDGE * max(width, height)
    is_near = (ends <= margin) | (ends >= np.array([width, height]) - margin)
    edges: Points = ends[~np.any(np.all(is_near, axis=1), axis=1)]
    return edges


def _find_inner(gray: Gray, *, is_first: bool) -> tuple[Sheet | None, bool]:
    """Return the page inside a picture, if there is one, and whether to look for no other inside it."""
    if min(gray.shape) < _LEAST_SIDE:
        return None, True
    small = _shrink(gray)
    steps = measure_steps(small)
    least_step = choose_step(steps)
    best, clearest = None, 0.0
    for surfaces in find_surfaces(small, steps, least_step):
        for surface in surfaces:
            if best is not None and surface.area < _LARGER * best.area:
                continue
            evidence = measure_evidence(surface, small, steps, least_step)
            if evidence > 0 and evidence >= _AS_CLEAR * clearest:
                best, clearest = surface, evidence
        if best is not None and best.area > _LARGE:
            break
    # Inside a page, the edge of a shadow and the rim would look like sides.
    may_be_larger = best is None or _LARGER * best.area <= MOST_AREA
    quad = find_by_sides(small, least_step) if is_first and may_be_larger else None
    if quad is not None:
        outline = clip_polygon(quad, small.shape[1], small.shape[0])
        is_larger = best is None or compute_area(outline) >= _LARGER * best.area * small.size
        if is_larger and has_ink(draw_polygon(outline, small.shape), steps >= least_step, may_touch=True):
            return _cut_out(gray, small, outline, quad), True
    return (None, True) if best is None else (_cut_out(gray, small, best.hull, best.quad), False)


def _shrink(gray: Gray) -> Levels:
    picture = Image.fromarray(gray)
    if (factor := max(gray.shape) // (2 * _SMALL_SIDE)) > 1:
        picture = picture.reduce(factor)
    picture.thumbnail((_SMALL_SIDE, _SMALL_SIDE), Image.Resampling.BOX)
    return np.asarray(picture, dtype=np.float32)


def _cut_out(gray: Gray, small: Levels, hull: Points, quad: Points) -> Sheet:
    """Return a page, put right in perspective.

    Args:
        gray: the picture.
        small: the small picture.
        hull: the outline of the page in the small picture.
        quad: its four corners, the top left one first.
    """
    height, width = gray.shape
    scale = max(gray.shape) / max(small.shape)
    size = np.array(small.shape[::-1])
    is_inexact = compute_area(hull) < _INEXACT * compute_area(quad)
    if not _is_possible(quad, size):
        quad = make_rectangle(*hull.min(axis=0), *hull.max(axis=0))
    quad = quad * scale
    low, high = quad.min(axis=0), quad.max(axis=0)
    if not is_inexact and np.abs(make_rectangle(*low, *high) - quad).max() <= _LEVEL * max(gray.shape) + 0.5:
        left, top = np.maximum(np.ceil(low), 0).astype(int).tolist()
        right, bottom = np.minimum(np.floor(high), [width, height]).astype(int).tolist()
        return _crop(gray, left, top, right, bottom)
    page, to_picture = _straighten(gray, quad)
    outline = clip_polygon(drop_sides(hull, _FLAT_CORNER * small.size), *size)
    outline = shrink_polygon(outline, _EDGE) * scale
    to_page = to_picture.invert()
    edges = to_page.map_points(_find_edges(outline, width, height).reshape(-1, 2)).reshape(-1, 2, 2)
    return Sheet(_paint_around(page, to_page.map_points(outline)), to_picture, edges)


def _is_possible(quad: Points, size: Points) -> bool:
    """Return whether a flat page may look like this, and most of it is in the picture."""
    if (quad < -_FURTHEST * size).any() or (quad > (1 + _FURTHEST) * size).any():
        return False
    top, right, bottom, left = np.hypot(*(np.roll(quad, -1, axis=0) - quad).T)
    return bool(
        max(top, bottom) <= _NARROWER * min(top, bottom) and max(left, right) <= _NARROWER * min(left, right)
    )


def _straighten(gray: Gray, quad: Points) -> tuple[Gray, Transform]:
    top, right, bottom, left = np.hypot(*(np.roll(quad, -1, axis=0) - quad).T)
    wide, tall = (top + bottom) / 2, (left + right) / 2
    scale = min(1.0, _MOST_SIDE / max(wide, tall))
    margin = round(_MARGIN * max(wide, tall) * scale)
    width, height = round(wide * scale), round(tall * scale)
    size = width + 2 * margin, height + 2 * margin
    to_picture = Transform.make_from_corners(width, height, quad).compose(Transform.make_shift(-margin, -margin))
    coefficients = (to_picture.matrix / to_picture.matrix[2, 2]).ravel()[:8].tolist()
    page = Image.fromarray(gray).transform(
        size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BILINEAR
    )
    return np.array(page), to_picture


def _paint_around(page: Gray, outline: Points) -> Gray:
    """Return a page with what is outside its outline painted like the nearest paper."""
    is_page = draw_polygon(outline, page.shape)
    if is_page.all() or not is_page.any():
        return page
    small = _shrink(page)
    ratio = np.array(small.shape[::-1]) / np.array(page.shape[::-1])
    is_paper = ndimage.minimum_filter(
        draw_polygon(outline * ratio, small.shape).view(np.uint8), size=5, mode="nearest"
    ).view(np.bool_)
    if not is_paper.any():
        return page
    nearest = ndimage.distance_transform_edt(~is_paper, return_distances=False, return_indices=True)
    # Thin ink of either kind is closed.
    closed = ndimage.grey_opening(ndimage.grey_closing(small[tuple(nearest)], size=_MOST_LINE), size=_MOST_LINE)
    paper = Image.fromarray(closed.astype(np.uint8))
    painted = np.asarray(paper.resize(page.shape[::-1], Image.Resampling.BILINEAR))
    return np.where(is_page, page, painted)
