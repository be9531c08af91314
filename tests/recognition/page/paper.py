"""Makes pages of real handwriting on paper of many kinds, to test `Recognizer.read_image`."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from recognition.page.transform import Transform
from tests.strokes import Samples

SYMBOLS = (
    [[(0, 0), (10, 0), (10, 10), (0, 10), (0, 0), (10, 10)], [(10, 0), (0, 10)]],  # a crossed box
    [[(0, 5), (10, 5)], [(6, 1), (10, 5), (6, 9)]],  # an arrow
    [[(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)], [(5, 0), (5, 10)], [(0, 5), (10, 5)]],  # a window
    [[(2, 0), (2, 10)], [(8, 0), (8, 10)], *([(2, y), (8, y)] for y in (1, 3, 5, 7, 9))],  # a ladder
)
"""Drawings that are not characters, each in a square of side 10."""

_SMALL = "acemnorsuvwxz"
_LOW = "gpqyj"

Levels = npt.NDArray[np.float64]

CORNERS = np.array([[130.0, 90.0], [640.0, 60.0], [690.0, 380.0], [110.0, 360.0]])
"""Where `lay_on_desk` puts the corners of a page in a picture of 800×480 pixels, top left first."""


@dataclass
class Page:
    """A page with real drawings of characters.

    Attributes:
        picture: 8-bit gray.
        boxes: left, top, right, bottom of each character's pen path, pixels, in reading order.
        text: what is written, with spaces and line breaks.
    """

    picture: Image.Image
    text: str
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)


def write_page(
    samples: Samples,
    text: str,
    *,
    height: int = 60,
    paper: int = 225,
    ink: int = 45,
    gap: float = 0.25,
    nth: int = 0,
) -> Page:
    """Write lines of text in which each character is a real drawing.

    Args:
        samples: the drawings to take.
        text: characters, spaces and newlines.
        height: height of capitals, in pixels. The pen is a tenth as wide.
        paper: gray level of the paper.
        ink: gray level of the ink.
        gap: gap between characters, relative to the height.
        nth: which drawing of each character to take.
    """
    lines = text.split("\n")
    width = int(height * (1.3 * max(map(len, lines)) + 2))
    page = Page(Image.new("L", (width, int(height * (2.2 * len(lines) + 1.5))), paper), text)
    pen = ImageDraw.Draw(page.picture)
    for number, line in enumerate(lines):
        x, base = float(height), height * (2.2 * number + 2)
        for character in line:
            if character == " ":
                x += 0.8 * height
                continue
            drawings = samples.get(character)
            points = drawings[nth % len(drawings)].scale_to_unit()
            every = np.concatenate(points)
            extent = every.max(axis=0)
            tall = height * (0.6 if character in _SMALL else 1.0)
            scale = tall / max(extent[1], 0.6 * extent[0], 0.3)
            top = base - extent[1] * scale + (0.4 * height if character in _LOW else 0)
            for stroke in points:
                path = [(x + scale * px, top + scale * py) for px, py in stroke]
                pen.line(path, fill=ink, width=max(2, height // 10), joint="curve")
                r = max(2, height // 10) / 2
                for px, py in (path[0], path[-1]):
                    pen.ellipse((px - r, py - r, px + r, py + r), fill=ink)
            page.boxes.append((x, top, x + scale * extent[0], top + scale * extent[1]))
            x += scale * extent[0] + gap * height
    return page


def draw_symbols(height: int = 70) -> Image.Image:
    """Draw all `SYMBOLS` on one line."""
    picture = Image.new("L", (height * (2 * len(SYMBOLS) + 1), 3 * height), 225)
    pen = ImageDraw.Draw(picture)
    for place, sign in enumerate(SYMBOLS):
        for stroke in sign:
            path = [(height * (2 * place + 1 + x / 10), height * (1 + y / 10)) for x, y in stroke]
            pen.line(path, fill=45, width=height // 10, joint="curve")
    return picture


def draw_ink(samples: Samples, character: str = "R", height: int = 110) -> Levels:
    """Return float64 (3 / 2 of the height, 2 of it): a real drawing, 1 where ink covers a pixel, 0 on paper."""
    scale = 4  # for smooth edges
    picture = Image.new("L", (2 * height * scale, height * 3 // 2 * scale), 0)
    pen = ImageDraw.Draw(picture)
    for stroke in samples.get(character)[0].scale_to_unit():
        path = [(scale * height * (0.6 + x), scale * height * (0.25 + y)) for x, y in stroke]
        pen.line(path, fill=255, width=scale * max(2, height // 14), joint="curve")
    return np.asarray(picture.reduce(scale)) / 255


def paint(ink: Levels, paper_color: Sequence[float], ink_color: Sequence[float]) -> Levels:
    """Return float64 (height, width, 3): ink of one color on paper of another."""
    return np.asarray(paper_color) * (1 - ink[..., None]) + np.asarray(ink_color) * ink[..., None]


def make_picture(levels: Levels) -> Image.Image:
    """Return levels, (height, width) or with channels, as a picture of 8 bits."""
    return Image.fromarray(np.rint(levels.clip(0, 255)).astype(np.uint8))


def add_rulings(picture: Image.Image, step: int = 40, level: int = 150, *, squares: bool = False) -> Image.Image:
    """Add lines or squares under the ink. They rise a little, as in a photo."""
    lines = Image.new("L", picture.size, 255)
    pen = ImageDraw.Draw(lines)
    width, height = picture.size
    for y in range(step // 2, height, step):
        pen.line([(0, y), (width, y - width // 200)], fill=level, width=2)
    if squares:
        for x in range(step // 2, width, step):
            pen.line([(x, 0), (x + height // 200, height)], fill=level, width=2)
    return Image.fromarray(np.minimum(np.asarray(picture), np.asarray(lines)))


def add_shadow(picture: Image.Image, darkest: float = 0.35) -> Image.Image:
    """Add a soft shadow over one corner, and let the light fade to one side."""
    height, width = picture.height, picture.width
    y, x = np.mgrid[0:height, 0:width] / np.array([height, width]).reshape(2, 1, 1)
    shade = 1 - (1 - darkest) / (1 + np.exp(-12 * (x + y - 1.1)))
    return make_picture(np.asarray(picture) * shade * (1 - 0.2 * x))


def add_grain(picture: Image.Image, blur: float = 1.2, noise: float = 4) -> Image.Image:
    """Blur the picture like a lens and add a sensor's noise."""
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(blur)), dtype=np.float64)
    return make_picture(soft + np.random.default_rng(3).normal(0, noise, soft.shape))


def lay_on_desk(page: Image.Image, desk: Image.Image, corners: Levels = CORNERS) -> Image.Image:
    """Return a picture of a page that lies on a desk with its corners there, top left first."""
    to_page = Transform.make_from_corners(page.width, page.height, corners).invert()
    coefficients = (to_page.matrix / to_page.matrix[2, 2]).ravel()[:8].tolist()
    perspective = Image.Transform.PERSPECTIVE
    warped = page.transform(desk.size, perspective, coefficients, Image.Resampling.BILINEAR)
    covered = Image.new("L", page.size, 255).transform(desk.size, perspective, coefficients)
    return Image.composite(warped, desk, covered)


def encode_picture(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def compute_middles(boxes: Sequence[tuple[float, float, float, float]]) -> list[tuple[float, float]]:
    return [((left + right) / 2, (top + bottom) / 2) for left, top, right, bottom in boxes]
