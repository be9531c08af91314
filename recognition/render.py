"""Strokes to 28×28 pictures, laid out as EMNIST lays out its characters.

EMNIST (Cohen et al. 2017, section II) crops a character to its box, scales it to 24 pixels with its aspect kept,
centres it in 28×28 and blurs it. Here the pen's path is scaled first and inked after, so that the line has one
width however large the drawing was, and position and size leave no trace. Beside the line stand maps of the
directions that the pen went, which a picture cannot show: there they are left empty.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from recognition.strokes import StrokeBatch

SIZE: Final = 28
"""Side of the picture, pixels."""

BORDER: Final = 2
"""Pixels left empty on every side, as in EMNIST."""

PEN_RADIUS: Final = 1.0
"""Half the width of the line, pixels, that the box of the pen's path leaves room for."""

PATH_BOX: Final = SIZE - 2 * BORDER - 2 * PEN_RADIUS
"""Longer side of the path's box, pixels."""

PEN_SIGMA: Final = 0.9
"""Standard deviation of the pen's Gaussian profile, pixels."""

PEN_FLOW: Final = 3.0
"""Ink per pixel of path before it saturates at 1: gives a line 2.5 pixels wide at half its height."""

DIRECTIONS: Final = 8
"""Ways the pen can be going, each with a map of the ink that was laid down so: 0 to the right, 2 down."""

CHANNELS: Final = 1 + DIRECTIONS
"""The line itself, then a map for each direction (Bai and Huo, ICDAR 2005: 8-directional features)."""

_WHITE: Final = 255
_AREA: Final = SIZE * SIZE
_STEPS_AROUND: Final = np.array([[0], [1], [SIZE], [SIZE + 1]])  # from a pixel to those right of it and below it
_STEP: Final = 0.25  # pixels of path per deposit of ink
_LOOK: Final = 4  # steps before and after, for the heading: a pixel either way drowns the jitter of integer points
_CAP: Final = (
    0.6  # pixels of path's ink at either end of a stroke: round ends, and a dot where the pen only touched
)
_UNSEEN: Final = 1e-12  # far below a grey level; left in, such ink is subnormal, ten times as slow to multiply

Images = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.complex128]
Ints = npt.NDArray[np.int64]


def render(ink: StrokeBatch) -> Images:
    """Return uint8 (N, 28, 28, `CHANNELS`), ink high: what the model sees of each drawing."""
    return rasterize(ink, normalize(ink))


def add_empty_directions(lines: Images) -> Images:
    """Return uint8 (N, 28, 28, `CHANNELS`) for uint8 (N, 28, 28), ink high, whose pen's way is not known."""
    images = np.zeros((*lines.shape, CHANNELS), dtype=np.uint8)
    images[..., 0] = lines
    return images


def normalize(ink: StrokeBatch) -> Floats:
    """Return float64 (P, 2): the points centred and scaled to the picture, in pixels, aspect kept.

    A drawing without extent (one point, or the same one many times) comes to lie in the middle.
    """
    starts = ink.point_starts
    low = np.minimum.reduceat(ink.points, starts)
    high = np.maximum.reduceat(ink.points, starts)
    extent = (high - low).max(axis=1)
    scale = np.divide(PATH_BOX, extent, out=np.zeros_like(extent), where=extent > 0)
    counts = ink.point_counts
    middle = np.repeat((low + high) / 2, counts, axis=0)
    pixels: Floats = (ink.points - middle) * np.repeat(scale, counts)[:, None] + SIZE / 2
    return pixels


def rasterize(
    ink: StrokeBatch, pixels: Floats, *, sigma: float | Floats = PEN_SIGMA, flow: float | Floats = PEN_FLOW
) -> Images:
    """Return uint8 (N, 28, 28, `CHANNELS`) of paths given in pixels, ink high.

    Args:
        ink: what strokes there are.
        pixels: float64 (P, 2), the points of ``ink`` in picture coordinates; ink off the picture is cut.
        sigma: width of the pen's profile in pixels, one for all or (N,).
        flow: ink per pixel of path, one for all or (N,).
    """
    count = len(ink)
    points = np.ascontiguousarray(pixels).view(np.complex128)[:, 0]
    path = _walk(ink, points)
    drawing = np.arange(count).repeat(ink.stroke_counts)
    ends = np.concatenate((ink.stroke_starts, ink.stroke_starts + ink.stroke_lengths - 1))
    place, share = _corners(
        at=np.concatenate((path.at, points[ends])),
        amount=np.concatenate((path.length, np.full(len(ends), _CAP))),
        drawing=np.concatenate((drawing[path.stroke], drawing, drawing)),
    )
    steps = len(path.at)
    direction, part = _directions(path.heading)
    # Each step lies between two directions and is shared between their maps; the ends belong to the line alone.
    places = (direction[:, None] + 1) * _AREA + place[:, :steps]
    shares = part[:, None] * share[:, :steps]
    laid = np.bincount(
        np.concatenate((places.ravel(), place[:, steps:].ravel())),
        np.concatenate((shares.ravel(), share[:, steps:].ravel())),
        count * CHANNELS * _AREA,
    )
    planes = laid.astype(np.float32).reshape(count, CHANNELS, SIZE, SIZE)
    # The line itself is all that was laid down, whatever its direction.
    planes[:, 0] = planes.sum(axis=1)
    blur = _PEN_BLUR if sigma is PEN_SIGMA else _blur(sigma)
    white_flow = np.asarray(_WHITE * flow, dtype=np.float32).reshape(-1, 1, 1, 1)
    inked = np.minimum(_WHITE, white_flow * (blur @ planes @ blur))
    images: Images = np.rint(inked, out=inked).astype(np.uint8).transpose(0, 2, 3, 1)
    return images


class _Path(NamedTuple):
    """Every stroke in even steps. Places are complex numbers, x + iy, in pixels.

    Attributes:
        at: complex128 (D,), the middle of each step.
        length: float64 (D,), pixels.
        heading: complex128 (D,), where the pen was going there, not normalised; zero where it stood still.
        stroke: int64 (D,), the stroke that each step is of.
    """

    at: Places
    length: Floats
    heading: Places
    stroke: Ints


def _walk(ink: StrokeBatch, points: Places) -> _Path:
    """Resample by arc length, so that the rate and the speed at which points came leave no trace."""
    walked = np.abs(np.concatenate((points[:1], points[1:] - points[:-1])))
    walked[ink.stroke_starts] = 0
    walked = walked.cumsum()
    begin = walked[ink.stroke_starts]
    length = walked[ink.stroke_starts + ink.stroke_lengths - 1] - begin
    pieces = np.ceil(length / _STEP).astype(np.int64)
    stroke = np.arange(len(pieces)).repeat(pieces)
    first = pieces.cumsum() - pieces
    nth = np.arange(len(stroke))
    piece = (length / np.maximum(pieces, 1))[stroke]
    begun, ended = first[stroke], (first + pieces - 1)[stroke]
    at = np.interp(begin[stroke] + (nth - begun + 0.5) * piece, walked, points)
    before, after = np.maximum(nth - _LOOK, begun), np.minimum(nth + _LOOK, ended)
    return _Path(at, piece, at[after] - at[before], stroke)


def _directions(heading: Places) -> tuple[Ints, Floats]:
    """Return the directions on either side of each heading: their numbers (2, D), and the share of each (2, D)."""
    turn = np.arctan2(heading.imag, heading.real) * (DIRECTIONS / (2 * np.pi))
    before = np.floor(turn)
    part = turn - before
    number = before.astype(np.int64)
    return np.array((number, number + 1)) % DIRECTIONS, np.array((1 - part, part))


def _corners(at: Places, amount: Floats, drawing: Ints) -> tuple[Ints, Floats]:
    """Share each amount among the four pixels around its place.

    Returns:
        int64 (4, M), where each share falls in the flat (N, `CHANNELS`, 28, 28) planes, and float64 (4, M), the
        shares; what falls off the picture is nothing, laid down on its first pixel.
    """
    corner = at.view(np.float64).reshape(-1, 2) - 0.5
    whole = np.floor(corner)
    right, down = (corner - whole).T
    x, y = whole.astype(np.int64).T
    place = drawing * (CHANNELS * _AREA) + y * SIZE + x + _STEPS_AROUND
    left, up = 1 - right, 1 - down
    share = amount * np.array((left * up, right * up, left * down, right * down))
    if corner.min() < 0 or corner.max() >= SIZE - 1:
        columns, rows = x + _STEPS_AROUND % SIZE, y + _STEPS_AROUND // SIZE
        off = (columns < 0) | (columns >= SIZE) | (rows < 0) | (rows >= SIZE)
        place[off] = share[off] = 0
    return place, share


def _blur(sigma: float | Floats) -> npt.NDArray[np.float32]:
    """Return the symmetric (…, 28, 28) matrices that blur columns (or, from the right, rows) by a Gaussian."""
    apart = np.arange(SIZE)[:, None] - np.arange(SIZE)
    width = np.asarray(sigma, dtype=np.float64).reshape(-1, 1, 1, 1)
    blur: Floats = np.exp(-(apart**2) / (2 * width**2)) / (width * np.sqrt(2 * np.pi))
    blur[blur < _UNSEEN] = 0
    return blur.astype(np.float32)


_PEN_BLUR: Final = _blur(PEN_SIGMA)
