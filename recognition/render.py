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

from recognition.strokes import Ink

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

_STEP: Final = 0.25  # pixels of path per deposit of ink
_LOOK: Final = 4  # steps before and after, for the heading: a pixel either way drowns the jitter of integer points
_CAP: Final = (
    0.6  # pixels of path's ink at either end of a stroke: round ends, and a dot where the pen only touched
)

Images = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def render(ink: Ink) -> Images:
    """Return uint8 (N, 28, 28, `CHANNELS`), ink high: what the model sees of each drawing."""
    return rasterize(ink, normalize(ink))


def without_directions(lines: Images) -> Images:
    """Return uint8 (N, 28, 28, `CHANNELS`) for uint8 (N, 28, 28), ink high, whose pen's way is not known."""
    images = np.zeros((*lines.shape, CHANNELS), dtype=np.uint8)
    images[..., 0] = lines
    return images


def normalize(ink: Ink) -> Floats:
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
    ink: Ink, pixels: Floats, *, sigma: float | Floats = PEN_SIGMA, flow: float | Floats = PEN_FLOW
) -> Images:
    """Return uint8 (N, 28, 28, `CHANNELS`) of paths given in pixels, ink high.

    Args:
        ink: what strokes there are.
        pixels: float64 (P, 2), the points of ``ink`` in picture coordinates; ink off the picture is cut.
        sigma: width of the pen's profile in pixels, one for all or (N,).
        flow: ink per pixel of path, one for all or (N,).
    """
    count = len(ink)
    path = _walk(ink, pixels)
    drawing = np.repeat(np.arange(count), ink.stroke_counts)
    ends = np.concatenate((ink.stroke_starts, ink.stroke_starts + ink.stroke_lengths - 1))
    bins, shares = _direction_bins(path.heading)
    planes = _splat(
        count,
        at=np.concatenate((path.at, path.at, pixels[ends])),
        amount=np.concatenate((path.length * shares, path.length * (1 - shares), np.full(len(ends), _CAP))),
        drawing=np.concatenate((drawing[path.stroke], drawing[path.stroke], drawing, drawing)),
        plane=np.concatenate((bins + 1, (bins + 1) % DIRECTIONS + 1, np.zeros(len(ends), dtype=np.int64))),
    )
    # The line itself is all that was laid down, whatever its direction.
    planes[:, 0] = planes.sum(axis=1)
    blur = _blur(sigma)
    flow = np.asarray(flow, dtype=np.float64).reshape(-1, 1, 1, 1)
    inked = np.minimum(1, flow * (blur @ planes @ blur))
    images: Images = np.rint(255 * inked).astype(np.uint8).transpose(0, 2, 3, 1)
    return images


class _Path(NamedTuple):
    """Every stroke in even steps.

    Attributes:
        at: float64 (D, 2), the middle of each step, pixels.
        length: float64 (D,), pixels.
        heading: float64 (D, 2), where the pen was going there, not normalised; zero where it stood still.
        stroke: int64 (D,), the stroke that each step is of.
    """

    at: Floats
    length: Floats
    heading: Floats
    stroke: Ints


def _walk(ink: Ink, pixels: Floats) -> _Path:
    """Resample by arc length, so that the rate and the speed at which points came leave no trace."""
    step = np.hypot(*np.diff(pixels, axis=0, prepend=pixels[:1]).T)
    step[ink.stroke_starts] = 0
    walked = np.cumsum(step)
    begin = walked[ink.stroke_starts]
    length = walked[ink.stroke_starts + ink.stroke_lengths - 1] - begin
    pieces = np.ceil(length / _STEP).astype(np.int64)
    stroke = np.repeat(np.arange(len(pieces)), pieces)
    first = np.cumsum(pieces) - pieces
    nth = np.arange(len(stroke))
    piece = np.divide(length, pieces, out=np.zeros_like(length), where=pieces > 0)[stroke]
    where = begin[stroke] + (nth - first[stroke] + 0.5) * piece
    at = np.stack((np.interp(where, walked, pixels[:, 0]), np.interp(where, walked, pixels[:, 1])), axis=1)
    before = np.maximum(nth - _LOOK, first[stroke])
    after = np.minimum(nth + _LOOK, (first + pieces - 1)[stroke])
    return _Path(at, piece, at[after] - at[before], stroke)


def _direction_bins(heading: Floats) -> tuple[Ints, Floats]:
    """Return the directions on either side of each heading: the first's number (D,), and its share (D,)."""
    turn = np.arctan2(heading[:, 1], heading[:, 0]) * (DIRECTIONS / (2 * np.pi)) % DIRECTIONS
    # A rounded remainder can come out as the divisor itself.
    number = np.floor(turn).astype(np.int64) % DIRECTIONS
    return number, 1 - turn % 1


def _splat(count: int, at: Floats, amount: Floats, drawing: Ints, plane: Ints) -> Floats:
    """Return float64 (N, `CHANNELS`, 28, 28): each amount shared among the four pixels around its place."""
    left_top = np.floor(at - 0.5).astype(np.int64)
    fraction = at - 0.5 - left_top
    x = np.concatenate((left_top[:, 0], left_top[:, 0] + 1) * 2)
    y = np.concatenate((left_top[:, 1],) * 2 + (left_top[:, 1] + 1,) * 2)
    across = np.concatenate((1 - fraction[:, 0], fraction[:, 0]) * 2)
    down = np.concatenate((1 - fraction[:, 1],) * 2 + (fraction[:, 1],) * 2)
    inside = (x >= 0) & (x < SIZE) & (y >= 0) & (y < SIZE)
    index = (np.tile(drawing * CHANNELS + plane, 4) * SIZE + y) * SIZE + x
    laid = np.tile(amount, 4) * across * down
    flat: Floats = np.bincount(index[inside], laid[inside], minlength=count * CHANNELS * SIZE * SIZE).astype(
        np.float64
    )
    return flat.reshape(count, CHANNELS, SIZE, SIZE)


def _blur(sigma: float | Floats) -> Floats:
    """Return the symmetric (…, 28, 28) matrices that blur columns (or, from the right, rows) by a Gaussian."""
    apart = np.arange(SIZE)[:, None] - np.arange(SIZE)
    width = np.asarray(sigma, dtype=np.float64).reshape(-1, 1, 1, 1)
    blur: Floats = np.exp(-(apart**2) / (2 * width**2)) / (width * np.sqrt(2 * np.pi))
    return blur
