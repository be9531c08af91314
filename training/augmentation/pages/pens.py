"""Draws strokes with different pens: ball pen, felt pen, marker, pencil, and the line of a drawing program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw
from scipy import ndimage

from training.augmentation.pages.writers import Points, Random

Coverage = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

_THINNEST: Final = 1.1  # pixels: a thinner line is hardly ink
_FINE: Final = 6.0  # pixels of line width from which nothing is gained by drawing larger
_MOST_FINE: Final = 4
_STEP: Final = 0.12  # line widths between the dots that a stroke is made of


@dataclass(frozen=True, slots=True)
class Pen:
    """A pen.

    Attributes:
        width: of its line, in pixels.
        darkness: coverage of a line at its darkest, up to 1.
        pressure: standard deviation of the logarithm of the width along a stroke.
        grain: share of the ink that rough paper does not take, up to 1.
        is_polyline: whether the points are joined by straight lines, as drawing programs do.
        is_smoothed: whether lines have soft edges.
    """

    width: float
    darkness: float = 1.0
    pressure: float = 0.0
    grain: float = 0.0
    is_polyline: bool = False
    is_smoothed: bool = True


def choose_pen(height: float, random: Random) -> Pen:
    """Return some pen.

    Args:
        height: of a capital letter, in pixels.
        random: what chooses.
    """
    kind = random.choice(["ball", "felt", "marker", "pencil", "polyline"], p=[0.3, 0.25, 0.12, 0.13, 0.2])
    share = {
        "ball": random.uniform(0.03, 0.065),
        "felt": random.uniform(0.05, 0.1),
        "marker": random.uniform(0.09, 0.16),
        "pencil": random.uniform(0.03, 0.08),
        "polyline": random.uniform(0.03, 0.16),
    }[kind]
    width = max(share * height, _THINNEST)
    if kind == "ball":
        return Pen(width, random.uniform(0.8, 1), random.uniform(0.02, 0.12), random.uniform(0, 0.12))
    if kind == "pencil":
        return Pen(width, random.uniform(0.4, 0.8), random.uniform(0.05, 0.2), random.uniform(0.15, 0.45))
    if kind == "polyline":
        return Pen(width, is_polyline=True, is_smoothed=random.random() < 2 / 3)
    return Pen(width, random.uniform(0.85, 1), random.uniform(0.02, 0.1))


def draw_strokes(strokes: list[Points], pen: Pen, random: Random) -> tuple[Coverage, int, int]:
    """Return the ink of some strokes, and where it is.

    Args:
        strokes: float64 (n, 2) each, in pixels.
        pen: what draws them.
        random: the pressure of the hand.

    Returns:
        uint8 (height, width), 255 where all is ink, and the column and row of its first pixel on the page.
    """
    points = np.concatenate(strokes)
    margin = pen.width + 2
    left, top = np.floor(points.min(axis=0) - margin).astype(int).tolist()
    right, bottom = np.ceil(points.max(axis=0) + margin).astype(int).tolist()
    fine = int(np.clip(np.ceil(_FINE / pen.width), 1, _MOST_FINE)) if pen.is_smoothed else 1
    canvas = Image.new("L", (fine * (right - left), fine * (bottom - top)))
    draw = ImageDraw.Draw(canvas)
    for stroke in strokes:
        placed = (stroke - [left, top]) * fine
        if pen.is_polyline:
            _draw_polyline(draw, placed, pen.width * fine)
        else:
            _draw_dots(draw, _smooth(placed), pen.width * fine, pen.pressure, random)
    if fine > 1:
        canvas = canvas.reduce(fine)
    return np.asarray(canvas), left, top


def wear_ink(ink: Coverage, pen: Pen, random: Random) -> Coverage:
    """Return the ink of a page as it looks: paler, uneven, and with the grain of the paper in it."""
    if pen.darkness == 1 and not pen.grain:
        return ink
    levels: npt.NDArray[np.floating[Any]] = ink * pen.darkness
    if pen.grain:
        noise = ndimage.gaussian_filter(random.normal(size=ink.shape).astype(np.float32), 0.7)
        levels = levels * (1 - pen.grain * np.clip(0.5 + noise / (2 * noise.std() + 1e-9), 0, 1))
    worn: Coverage = np.rint(levels).astype(np.uint8)
    return worn


def _draw_polyline(draw: ImageDraw.ImageDraw, path: Points, width: float) -> None:
    if len(path) > 1:
        draw.line([tuple(point) for point in path.tolist()], fill=255, width=max(1, round(width)))
    _draw_circles(draw, path, np.full(len(path), width / 2))


def _draw_dots(draw: ImageDraw.ImageDraw, path: Points, width: float, pressure: float, random: Random) -> None:
    """Draw a path as dots close to each other. Their size changes slowly, as the pressure of a hand does."""
    steps = np.hypot(*np.diff(path, axis=0).T) if len(path) > 1 else np.zeros(0)
    along = np.concatenate([[0], np.cumsum(steps)])
    count = max(1, round(along[-1] / max(_STEP * width, 0.5)) + 1)
    at = np.linspace(0, along[-1], count)
    dots = np.stack([np.interp(at, along, path[:, 0]), np.interp(at, along, path[:, 1])], axis=1)
    knots = np.exp(random.normal(0, pressure, 2 + round(along[-1] / (8 * width))))
    sizes = np.interp(np.linspace(0, len(knots) - 1, count), np.arange(len(knots)), knots)
    _draw_circles(draw, dots, sizes * width / 2)


def _draw_circles(draw: ImageDraw.ImageDraw, middles: Points, radii: Floats) -> None:
    boxes = np.concatenate([middles - radii[:, None], middles + radii[:, None]], axis=1)
    for box in boxes.tolist():
        draw.ellipse(box, fill=255)


def _smooth(path: Points) -> Points:
    """Return a path through the middles of its lines, without sharp corners between far points.

    Points of a tablet are rounded to whole numbers. Their mean over three evens out the steps (Chaikin 1974).
    """
    if len(path) < 4:
        return path
    inner = (path[:-2] + 2 * path[1:-1] + path[2:]) / 4
    return np.concatenate([path[:1], inner, path[-1:]])
