"""Maps between a page and the picture that it was taken from."""

from __future__ import annotations

import numpy as np

from recognition.page.transform import Transform

CORNERS = np.array([[10.0, 20.0], [110.0, 5.0], [120.0, 90.0], [2.0, 80.0]])


def test_the_corners_of_a_rectangle_go_to_those_of_a_quadrilateral() -> None:
    to_picture = Transform.make_from_corners(60, 40, CORNERS)
    rectangle = np.array([[0.0, 0.0], [60.0, 0.0], [60.0, 40.0], [0.0, 40.0]])
    assert np.allclose(to_picture.map_points(rectangle), CORNERS)
    assert np.allclose(to_picture.invert().map_points(CORNERS), rectangle)
    assert to_picture.map_box((0, 0, 60, 40)) == (2, 5, 118, 85)


def test_maps_are_done_one_after_the_other() -> None:
    point = np.array([[3.0, 4.0]])
    both = Transform.make_shift(10, 20).compose(Transform(np.diag([2.0, 2.0, 1.0])))
    assert both.map_points(point).tolist() == [[16.0, 28.0]]
    assert both.map_box((3, 4, 5, 6)) == (16, 28, 10, 12)
    assert Transform.make_identity().is_identity and not both.is_identity
