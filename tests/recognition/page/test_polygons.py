"""Hulls and quadrilaterals."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from recognition.page.polygons import (
    clip_polygon,
    compute_area,
    compute_hull,
    fit_quadrilateral,
    shrink_polygon,
)

QUAD = np.array([[20.0, 30.0], [150.0, 10.0], [170.0, 120.0], [30.0, 100.0]])


def draw(quad: np.ndarray) -> np.ndarray:
    picture = Image.new("1", (200, 150))
    ImageDraw.Draw(picture).polygon([tuple(point) for point in quad], fill=1)
    return np.array(picture)


def test_the_corners_of_a_drawn_quadrilateral_are_found() -> None:
    fitted = fit_quadrilateral(compute_hull(draw(QUAD)))
    assert fitted is not None
    assert np.abs(fitted - QUAD).max() < 2.5


def test_holes_and_notches_do_not_change_a_hull() -> None:
    mask = draw(QUAD)
    whole = compute_area(compute_hull(mask))
    mask[50:70, 60:120] = False
    mask[80:, 90:100] = False
    assert compute_area(compute_hull(mask)) == whole


def test_a_polygon_is_clipped_to_a_rectangle_and_shrunk() -> None:
    square = np.array([[-10.0, -10.0], [30.0, -10.0], [30.0, 30.0], [-10.0, 30.0]])
    assert compute_area(clip_polygon(square, 20, 10)) == 200
    assert np.isclose(compute_area(shrink_polygon(square, 5)), 900)
    assert np.isclose(compute_area(shrink_polygon(np.repeat(square, 2, axis=0), 5)), 900)
    assert not len(clip_polygon(square + 100, 20, 10))
