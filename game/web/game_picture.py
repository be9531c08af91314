"""The picture of a finished game that the preview of a shared link shows: its score and its best drawings.

It has no text to translate, and does not say who played.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Final

import msgspec
import numpy as np
from PIL import Image, ImageDraw

from feedback.records import Drawing
from game.rules.thinning import thin_drawing
from game.web.handwriting import Line, write

WIDTH: Final = 1200
HEIGHT: Final = 630
"""The size that sites ask for to show a large preview, in pixels."""
MOST_DRAWINGS: Final = 6
MOST_SIGNS: Final = 60

_LOOK: Final = 1  # raise it when the look changes, so that old copies are not used any longer
_FINER: Final = 2  # painted this many times larger and then made smaller, for smooth edges
_SHADES: Final = 12  # from one color to another
_CACHED: Final = 64  # pictures, of about 30 kB
# The colors of the pages by day (client/static/css/tokens.css).
_PAPER: Final = (246, 241, 231)
_SHEET: Final = (255, 253, 247)
_INK: Final = (34, 39, 47)
_INK_SOFT: Final = (90, 93, 101)
_LINE: Final = (216, 208, 192)
_GRID: Final = (233, 226, 211)
_MARGIN: Final = (217, 130, 127)
_ACCENT: Final = (176, 42, 38)
_RIGHT: Final = (39, 101, 69)
_SHADE: Final = (232, 224, 208)
# The part of the square that the pad shows, as in client/static/js/parts/geometry.js.
_PAD: Final = (208.0, 816.0)
_PAD_LINE: Final = 0.04  # width of the line, in widths of the pad
_MOST_POINTS: Final = 256  # of a drawing; the longest that the game takes has 4,096, which would take seconds
_SMOOTH_STEPS: Final = 6  # points between two points of a stroke

# Where things are, in pixels of the picture.
_LEFT: Final = 70
_TEXT_WIDTH: Final = 330
_COLUMNS: Final = (0, 1, 2, 3, 2, 3, 3)  # by the number of drawings
_CARDS: Final = (452, 73, 700, 484)  # x, y, width, height

Color = tuple[int, int, int]


class PictureContent(msgspec.Struct, frozen=True):
    """What the picture shows.

    Attributes:
        title: the mode, such as ``Sprint``, and the day of a daily.
        subtitle: the characters of the alphabet.
        score: None for a game without points.
        signs: how each round went, in order: how slow a hit was, from 0 to 2, or None for no hit.
        drawings: the best drawings, at most `MOST_DRAWINGS`.
    """

    title: str
    subtitle: str
    score: int | None
    signs: tuple[int | None, ...]
    drawings: tuple[Drawing, ...]


def compute_tag(content: PictureContent) -> str:
    """Return a short text that differs from picture to picture."""
    return hashlib.sha256(msgspec.json.encode((_LOOK, content))).hexdigest()[:32]


def draw_picture(content: PictureContent) -> bytes:
    """Return the picture as a PNG of `WIDTH` × `HEIGHT` pixels. This takes about a tenth of a second of a core."""
    return _draw_encoded(msgspec.json.encode(content))


@lru_cache(maxsize=_CACHED)
def _draw_encoded(encoded: bytes) -> bytes:
    content = msgspec.json.decode(encoded, type=PictureContent)
    paper = _Paper()
    _draw_ground(paper)
    _draw_words(paper, content)
    if content.drawings:
        _draw_cards(paper, content.drawings)
        _draw_signs(paper, content.signs, (_LEFT, 478), 10, 28)
    else:
        _draw_signs(paper, content.signs, (_CARDS[0] + 20, 120), 8, 72)
    return paper.encode()


class _Paper:
    """A picture to paint on, in pixels of the finished one."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH * _FINER, HEIGHT * _FINER), _PAPER)
        self._draw = ImageDraw.Draw(self.image)

    def stroke(self, line: Line, width: float, color: Color) -> None:
        """Paint a line with round ends through points."""
        size = width * _FINER
        path = [(float(x), float(y)) for x, y in _smooth(np.asarray(line, dtype=float)) * _FINER]
        if len(path) > 1:
            self._draw.line(path, color, round(size))
        for x, y in path:  # rounds the ends and all corners
            self._draw.ellipse((x - size / 2, y - size / 2, x + size / 2, y + size / 2), color)

    def box(
        self, x: float, y: float, width: float, height: float, color: Color, edge: Color | None = None
    ) -> None:
        """Paint a box with round corners."""
        corners = [value * _FINER for value in (x, y, x + width, y + height)]
        self._draw.rounded_rectangle(corners, 8 * _FINER, color, edge, 2 * _FINER if edge else 0)

    def encode(self) -> bytes:
        """Return the finished picture as a PNG."""
        small = self.image.resize(
            (self.image.width // _FINER, self.image.height // _FINER), Image.Resampling.LANCZOS
        )
        few = small.quantize(palette=_make_palette(), dither=Image.Dither.NONE)
        buffer = io.BytesIO()
        few.save(buffer, "PNG", optimize=True)
        return buffer.getvalue()


@cache
def _make_palette() -> Image.Image:
    """Return the colors of a finished picture: each ink, both grounds, and the steps between them."""
    grounds, others = (_PAPER, _SHEET), (_INK, _INK_SOFT, _LINE, _GRID, _MARGIN, _ACCENT, _RIGHT, _SHADE)
    shares = np.linspace(0, 1, _SHADES)
    blends = [
        np.rint(np.outer(1 - shares, ground) + np.outer(shares, other)) for ground in grounds for other in others
    ]
    palette = Image.new("P", (1, 1))
    palette.putpalette(np.rint(np.concatenate(blends)).astype(np.uint8).tobytes())
    return palette


def _smooth(line: Line) -> Line:
    """Return a curve through the points of a line: a Catmull-Rom spline."""
    kept = np.concatenate([[True], (np.diff(line, axis=0) != 0).any(axis=1)])
    line = line[kept]
    if len(line) < 3:
        return line
    before, start, end, after = (
        np.concatenate([line[:1], line[:-2]]),
        line[:-1],
        line[1:],
        np.concatenate([line[2:], line[-1:]]),
    )
    share = (np.arange(_SMOOTH_STEPS) / _SMOOTH_STEPS)[:, None, None]
    curve = 0.5 * (
        2 * start
        + (end - before) * share
        + (2 * before - 5 * start + 4 * end - after) * share**2
        + (3 * start - before - 3 * end + after) * share**3
    )
    return np.concatenate([curve.transpose(1, 0, 2).reshape(-1, 2), line[-1:]])


def _draw_ground(paper: _Paper) -> None:
    """Paint the ruled page of a notebook."""
    for y in range(42, HEIGHT, 42):
        paper.box(-20, y, WIDTH + 40, 1.5, _GRID)
    paper.box(34, -20, 2, HEIGHT + 40, _MARGIN)


def _draw_words(paper: _Paper, content: PictureContent) -> None:
    _draw_wordmark(paper, _LEFT, 62)
    _write(paper, "Inkrush", _LEFT + 62, 108, 34, _INK, 4.5)
    if content.score is not None:
        _write(paper, str(content.score), _LEFT, 318, 150, _ACCENT, 12)
    _write(paper, content.title, _LEFT, 390, 34, _INK, 4)
    _write(paper, content.subtitle, _LEFT, 440, 25, _INK_SOFT, 3)


def _write(paper: _Paper, text: str, x: float, y: float, height: float, color: Color, width: float) -> None:
    """Write a line of text that stands on ``y``; smaller if it would be too wide."""
    room = _LEFT + _TEXT_WIDTH - x
    strokes, length = write(text, height)
    if length > room:
        strokes, _ = write(text, height * room / length)
        width *= (room / length) ** 0.5
    for stroke in strokes:
        paper.stroke(stroke + np.array((x, y)), width, color)


def _draw_wordmark(paper: _Paper, x: float, y: float) -> None:
    """Paint the curl of the pages' head, which is a path of cubic Bézier curves (SVG, relative and smooth)."""
    curves = [
        ((6, 30), (13, 9), (17, 7), (18, 12)),
        ((18, 12), (19, 17), (12, 29), (17, 29)),
        ((17, 29), (22, 29), (25, 13), (27, 13)),
        ((27, 13), (29, 13), (25, 24), (28, 25)),
        ((28, 25), (31, 26), (33, 22), (35, 19)),
    ]
    steps = np.linspace(0, 1, 12)[:, None]
    for a, b, c, d in (np.array(curve, dtype=float) for curve in curves):
        points = (1 - steps) ** 3 * a + 3 * (1 - steps) ** 2 * steps * b
        points = points + 3 * (1 - steps) * steps**2 * c + steps**3 * d
        paper.stroke(points * 1.4 + np.array((x - 8, y)), 5, _INK)


def _draw_cards(paper: _Paper, drawings: Sequence[Drawing]) -> None:
    """Paint each drawing on a sheet of its own, all in a grid."""
    left, top, width, height = _CARDS
    columns = _COLUMNS[len(drawings)]
    rows = -(-len(drawings) // columns)
    gap = 20
    side = min((width - gap * (columns - 1)) / columns, (height - gap * (rows - 1)) / rows)
    left += round((width - columns * side - gap * (columns - 1)) / 2)
    top += round((height - rows * side - gap * (rows - 1)) / 2)
    for index, drawing in enumerate(drawings):
        row, column = divmod(index, columns)
        _draw_card(paper, drawing, left + column * (side + gap), top + row * (side + gap), side)


def _draw_card(paper: _Paper, drawing: Drawing, x: float, y: float, side: float) -> None:
    paper.box(x + 3, y + 5, side, side, _SHADE)
    paper.box(x, y, side, side, _SHEET, _LINE)
    tick = np.array([(4, 13.5), (9, 19.5), (20.5, 4)], dtype=float)
    paper.stroke(tick * (side / 240) + (x + side * 0.86, y + side * 0.05), 4, _RIGHT)
    drawing = thin_drawing(drawing, _MOST_POINTS)
    view_left, view_top, view_side = _find_view(drawing)
    scale = side * 0.8 / view_side
    for xs, ys, *_ in drawing:
        line = (np.stack([xs, ys], axis=1) - np.array((view_left, view_top))) * scale
        paper.stroke(line + np.array((x + side * 0.1, y + side * 0.13)), side * _PAD_LINE, _INK)


def _find_view(drawing: Drawing) -> tuple[float, float, float]:
    """Return what to show of the square, as left, top and side: the pad, and more if the drawing leaves it."""
    borders = []
    for axis in (0, 1):
        values = [value for stroke in drawing for value in stroke[axis]]
        borders.append((min(_PAD[0], *values), max(_PAD[1], *values)))
    side = max(high - low for low, high in borders)
    left, top = ((low + high - side) / 2 for low, high in borders)
    return left, top, side


def _draw_signs(
    paper: _Paper, signs: Iterable[int | None], corner: tuple[float, float], in_a_row: int, side: float
) -> None:
    """Paint a sign for each round, as on the card: full boxes for fast hits, emptier ones for slower hits."""
    pitch = side * 1.17
    most = MOST_SIGNS if side < 40 else 40
    for index, steps in enumerate(list(signs)[:most]):
        row, column = divmod(index, in_a_row)
        x, y = corner[0] + column * pitch, corner[1] + row * pitch
        if steps is None:
            cross = np.array([(0.22, 0.22), (0.78, 0.78)]) * side
            paper.stroke(cross + np.array((x, y)), side * 0.12, _ACCENT)
            paper.stroke(cross * np.array((1, -1)) + np.array((x, y + side)), side * 0.12, _ACCENT)
            continue
        paper.box(x, y, side, side, _SHEET, _RIGHT)
        share = (1.0, 0.5, 0.0)[steps]
        if share:
            paper.box(x, y + side * (1 - share), side, side * share, _RIGHT)
