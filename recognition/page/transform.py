"""Where the pixels of a page are in the picture that it was taken from: a homography."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.page.images import Box
from recognition.page.polygons import Points, make_rectangle

Corners = tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]
"""x and y of the corners of a page, clockwise from its top left one."""

_ALMOST: Final = 1e-6  # of a pixel: rounding errors that must not make a box a pixel larger


@dataclass(frozen=True, eq=False)
class Transform:
    """A projective map between two pictures of the same thing.

    Coordinates are in pixels: x to the right and y downwards, from the top left corner of the top left pixel.

    Attributes:
        matrix: float64 (3, 3). ``matrix @ (x, y, 1)`` is the place in the other picture, in homogeneous
            coordinates.
    """

    matrix: npt.NDArray[np.float64]

    @classmethod
    def make_identity(cls) -> Transform:
        """Return the map of a picture to itself."""
        return cls(np.eye(3))

    @classmethod
    def make_shift(cls, x: float, y: float) -> Transform:
        """Return the map of a part of a picture to the picture, if the part begins at ``(x, y)``."""
        return cls(np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]]))

    @classmethod
    def make_scale(cls, scale: float) -> Transform:
        """Return the map of a picture to one that is ``scale`` times as large."""
        return cls(np.diag([scale, scale, 1.0]))

    @classmethod
    def make_from_corners(cls, width: float, height: float, corners: Points) -> Transform:
        """Return the map of a rectangle to a quadrilateral.

        Args:
            width: of the rectangle.
            height: of the rectangle.
            corners: float64 (4, 2), where its corners go: top left, top right, bottom right, bottom left.
        """
        rows, values = [], []
        for (x, y), (there_x, there_y) in zip(make_rectangle(0, 0, width, height), corners, strict=True):
            rows.append([x, y, 1, 0, 0, 0, -there_x * x, -there_x * y])
            rows.append([0, 0, 0, x, y, 1, -there_y * x, -there_y * y])
            values += [there_x, there_y]
        solution = np.linalg.solve(np.array(rows), np.array(values))
        return cls(np.append(solution, 1.0).reshape(3, 3))

    @property
    def is_identity(self) -> bool:
        """Whether every point stays where it is."""
        return bool(np.array_equal(self.matrix, np.eye(3)))

    def compose(self, inner: Transform) -> Transform:
        """Return the map that does ``inner`` first and this one then."""
        return Transform(self.matrix @ inner.matrix)

    def invert(self) -> Transform:
        """Return the map back."""
        return Transform(np.asarray(np.linalg.inv(self.matrix), dtype=np.float64))

    def map_points(self, points: Points) -> Points:
        """Return where points, float64 (n, 2), are in the other picture."""
        mapped = np.column_stack([points, np.ones(len(points))]) @ self.matrix.T
        return mapped[:, :2] / mapped[:, 2:]

    def map_box(self, box: Box) -> Box:
        """Return the smallest box of whole pixels around a box in the other picture. It may reach beyond it."""
        if self.is_identity:
            return box
        x, y, width, height = box
        mapped = self.map_points(make_rectangle(x, y, x + width, y + height))
        left, top = np.floor(mapped.min(axis=0) + _ALMOST).astype(int).tolist()
        right, bottom = np.ceil(mapped.max(axis=0) - _ALMOST).astype(int).tolist()
        return left, top, max(1, right - left), max(1, bottom - top)
