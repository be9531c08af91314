"""Draws strokes as the 28×28 images that the model sees, laid out as EMNIST lays out its characters.

EMNIST (Cohen et al. 2017, section II) crops a character to its bounding box, scales it to 24 pixels with its
aspect ratio kept, centers it in 28×28 and blurs it. Here the pen's path is scaled before it is inked, so that the
line has the same width however large the drawing was, and position and size make no difference.

The first channel is the line. The others say in which direction the pen moved (`DIRECTIONS`). A photo or scan
cannot show that, so for pictures those channels are empty.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from recognition.strokes import StrokeBatch

SIZE: Final = 28
"""Width and height of the image, in pixels."""

BORDER: Final = 2
"""Pixels left empty on each side, as in EMNIST."""

PEN_RADIUS: Final = 1.0
"""Half the width of the line, in pixels: the space left free around the pen's path."""

PATH_BOX: Final = SIZE - 2 * BORDER - 2 * PEN_RADIUS
"""Longer side of the path's bounding box, in pixels."""

PEN_SIGMA: Final = 0.9
"""Standard deviation of the pen's Gaussian profile, in pixels."""

PEN_FLOW: Final = 3.0
"""Ink per pixel of path, where 1 is black. This makes a line that is 2.5 pixels wide at half its height."""

DIRECTIONS: Final = 8
"""How many directions of the pen are told apart, each with a channel of its own. 0 is to the right, 2 is down."""

CHANNELS: Final = 1 + DIRECTIONS
"""The line, then one channel a direction (8-directional features: Bai and Huo, ICDAR 2005)."""

_AT_ONCE: Final = 256  # drawings; while it is rendered, each takes 200 kB
_WHITE: Final = 255
_AREA: Final = SIZE * SIZE
_NEIGHBORS: Final = np.array([[0], [1], [SIZE], [SIZE + 1]])  # flat offsets to a pixel, and those right and below
_STEP: Final = 0.25  # pixels of path between deposits of ink
_HEADING_REACH: Final = 4  # steps before and after that give the heading: a pixel each way evens out whole numbers
_MOST_STEPS: Final = 8_192
"""Most steps of a drawing: 2,048 pixels of path, four times the longest of 83,800 recorded characters. A longer
path blackens what it covers, so its steps may be longer. Without a limit 4,096 points could take 200 MB."""
_HEADING_PIXELS: Final = _STEP * _HEADING_REACH
_GOLDEN: Final = (5**0.5 - 1) / 2
_CAP: Final = 0.6  # ink added at each end of a stroke, in pixels of path: rounds it, and turns a tap into a dot
_FAINTEST: Final = 1e-12  # weaker ink is dropped: products with it would be subnormal numbers, ten times as slow
_LEAST_EXTENT: Final = 2.0**-900  # of a drawing; with less, the factor that scales it up could overflow
_MAGNIFICATION: Final = 2.0**900  # makes such a drawing larger; exact, since it is a power of two

Images = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
ComplexPoints = npt.NDArray[np.complex128]
"""Points as complex numbers x + iy, in pixels."""
Ints = npt.NDArray[np.int64]


def render(batch: StrokeBatch) -> Images:
    """Return uint8 (N, 28, 28, `CHANNELS`), 255 for full ink: what the model sees of each drawing."""
    count = len(batch)
    if count <= _AT_ONCE:
        return rasterize(batch, normalize(batch))
    images = np.empty((count, SIZE, SIZE, CHANNELS), dtype=np.uint8)
    for start in range(0, count, _AT_ONCE):
        part = batch.cut_out(start, start + _AT_ONCE)
        images[start : start + _AT_ONCE] = rasterize(part, normalize(part))
    return images


def add_empty_directions(lines: Images) -> Images:
    """Return uint8 (N, 28, 28, `CHANNELS`) for uint8 (N, 28, 28) images of the line alone."""
    images = np.zeros((*lines.shape, CHANNELS), dtype=np.uint8)
    images[..., 0] = lines
    return images


def normalize(batch: StrokeBatch) -> Floats:
    """Return float64 (P, 2): each drawing's points centered and scaled to the image, in pixels, aspect ratio kept.

    A drawing without extent (a single point, once or several times) is placed in the middle.
    """
    starts = batch.point_starts
    low = np.minimum.reduceat(batch.points, starts)
    high = np.maximum.reduceat(batch.points, starts)
    extent = (high - low).max(axis=1)
    counts = batch.point_counts
    is_minute = (extent > 0) & (extent < _LEAST_EXTENT)
    if is_minute.any():
        factors = np.where(is_minute, _MAGNIFICATION, 1.0)
        magnified = batch.points * np.repeat(factors, counts)[:, None]
        return normalize(replace(batch, points=magnified))
    scale = np.divide(PATH_BOX, extent, out=np.zeros_like(extent), where=extent > 0)
    middle = np.repeat((low + high) / 2, counts, axis=0)
    pixels: Floats = (batch.points - middle) * np.repeat(scale, counts)[:, None] + SIZE / 2
    return pixels


def rasterize(
    batch: StrokeBatch, pixels: Floats, *, sigma: float | Floats = PEN_SIGMA, flow: float | Floats = PEN_FLOW
) -> Images:
    """Return uint8 (N, 28, 28, `CHANNELS`), 255 for full ink: the drawings of a batch.

    Args:
        batch: how the points are divided into strokes and drawings. Its own points are not used.
        pixels: float64 (P, 2), the points in pixels of the image. Ink outside the image is cut off.
        sigma: standard deviation of the pen's profile in pixels, one for all drawings or (N,).
        flow: ink per pixel of path, one for all drawings or (N,).
    """
    count = len(batch)
    points = np.ascontiguousarray(pixels).view(np.complex128)[:, 0]
    steps = _resample(batch, points)
    drawing = np.arange(count).repeat(batch.stroke_counts)
    ends = np.concatenate((batch.stroke_starts, batch.stroke_starts + batch.stroke_lengths - 1))
    place, ink = _spread_on_pixels(
        middles=np.concatenate((steps.middle, points[ends])),
        amounts=np.concatenate((steps.length, np.full(len(ends), _CAP))),
        drawing=np.concatenate((drawing[steps.stroke], drawing, drawing)),
    )
    step_count = len(steps.middle)
    direction, share = _split_by_direction(steps.heading)
    # A step's ink is divided between the two nearest directions. The ends of strokes have no direction.
    directed_place = (direction[:, None] + 1) * _AREA + place[:, :step_count]
    directed_ink = share[:, None] * ink[:, :step_count]
    deposits = np.bincount(
        np.concatenate((directed_place.ravel(), place[:, step_count:].ravel())),
        np.concatenate((directed_ink.ravel(), ink[:, step_count:].ravel())),
        count * CHANNELS * _AREA,
    )
    planes = deposits.astype(np.float32).reshape(count, CHANNELS, SIZE, SIZE)
    # The line is all the ink, whatever its direction.
    planes[:, 0] = planes.sum(axis=1)
    blur = _PEN_BLUR if sigma is PEN_SIGMA else _make_blur(sigma)
    white_flow = np.asarray(_WHITE * flow, dtype=np.float32).reshape(-1, 1, 1, 1)
    inked = np.minimum(_WHITE, white_flow * (blur @ planes @ blur))
    images: Images = np.rint(inked, out=inked).astype(np.uint8).transpose(0, 2, 3, 1)
    return images


class _Steps(NamedTuple):
    """All strokes cut into steps of even length.

    Attributes:
        middle: complex128 (D,), the middle of each step, in pixels.
        length: float64 (D,), the length of each step, in pixels.
        heading: complex128 (D,), the pen's direction there, of any length. Zero where the pen stood still.
        stroke: int64 (D,), the number of the stroke that each step belongs to.
    """

    middle: ComplexPoints
    length: Floats
    heading: ComplexPoints
    stroke: Ints


def _resample(batch: StrokeBatch, points: ComplexPoints) -> _Steps:
    """Cut the strokes by arc length, so that speed and sampling rate make no difference."""
    distance = np.abs(np.concatenate((points[:1], points[1:] - points[:-1])))
    distance[batch.stroke_starts] = 0
    paths = _Paths(batch, points, distance)
    start = distance[batch.stroke_starts]
    stroke_length = distance[batch.stroke_starts + batch.stroke_lengths - 1] - start
    step_length: float | Floats = _STEP
    if paths.longest > _MOST_STEPS * _STEP:
        step_length = _choose_step_lengths(batch, stroke_length)
    step_counts = np.ceil(stroke_length / step_length).astype(np.int64)
    stroke = np.arange(len(step_counts)).repeat(step_counts)
    first = step_counts.cumsum() - step_counts
    step = np.arange(len(stroke))
    length = (stroke_length / np.maximum(step_counts, 1))[stroke]
    first_of_stroke, last_of_stroke = first[stroke], (first + step_counts - 1)[stroke]
    middle = paths.find_points(start[stroke] + (step - first_of_stroke + 0.5) * length, stroke)
    before = np.maximum(step - _HEADING_REACH, first_of_stroke)
    after = np.minimum(step + _HEADING_REACH, last_of_stroke)
    heading = middle[after] - middle[before]
    if isinstance(step_length, np.ndarray):
        long = np.flatnonzero((step_length > _STEP)[stroke])
        of_stroke, nth = stroke[long], step[long] - first_of_stroke[long]
        # Middles at even distances would all fall on the same spot of a path that goes to and fro.
        begin, end = start[of_stroke], start[of_stroke] + stroke_length[of_stroke]
        place = begin + (nth + (nth * _GOLDEN) % 1) * length[long]
        middle[long] = paths.find_points(place, of_stroke)
        heading[long] = paths.find_points(np.minimum(place + _HEADING_PIXELS, end), of_stroke)
        heading[long] -= paths.find_points(np.maximum(place - _HEADING_PIXELS, begin), of_stroke)
    return _Steps(middle, length, heading, stroke)


class _Paths:
    """The pen's path of each drawing. Distances along it count from the drawing's own first point.

    If they went on from one drawing to the next, rounding would make an image depend on the drawings before it.
    """

    def __init__(self, batch: StrokeBatch, points: ComplexPoints, distance: Floats) -> None:
        """Sum up ``distance``, float64 (P,), in place: from the point before to the distance from the first."""
        ends = batch.point_counts.cumsum().tolist()
        self._spans = [slice(begin, end) for begin, end in zip([0, *ends], ends, strict=False)]
        for span in self._spans:
            distance[span].cumsum(out=distance[span])
        self._distance = distance
        self._points = points
        self._first_strokes = batch.stroke_counts.cumsum()[:-1]
        self.longest = float(distance.max())

    def find_points(self, places: Floats, strokes: Ints) -> ComplexPoints:
        """Return complex128 (D,), the points at the distances ``places``, float64 (D,).

        ``strokes``, int64 (D,), tells to which strokes of the batch they belong, in ascending order.
        """
        ends = [*np.searchsorted(strokes, self._first_strokes).tolist(), len(places)]
        found: list[ComplexPoints] = [
            np.interp(places[begin:end], self._distance[span], self._points[span])
            for begin, end, span in zip([0, *ends], ends, self._spans, strict=False)
        ]
        return found[0] if len(found) == 1 else np.concatenate(found)


def _choose_step_lengths(batch: StrokeBatch, stroke_length: Floats) -> Floats:
    """Return float64 (S,), the length of each stroke's steps, at most. All strokes of a drawing have the same."""
    drawing = np.arange(len(batch)).repeat(batch.stroke_counts)
    length = np.bincount(drawing, stroke_length)
    step_length: Floats = np.maximum(_STEP, length / _MOST_STEPS)[drawing]
    return step_length


def _split_by_direction(heading: ComplexPoints) -> tuple[Ints, Floats]:
    """Return the two directions on either side of each heading: their numbers (2, D) and their shares (2, D)."""
    turn = np.arctan2(heading.imag, heading.real) * (DIRECTIONS / (2 * np.pi))
    before = np.floor(turn)
    share = turn - before
    number = before.astype(np.int64)
    return np.array((number, number + 1)) % DIRECTIONS, np.array((1 - share, share))


def _spread_on_pixels(middles: ComplexPoints, amounts: Floats, drawing: Ints) -> tuple[Ints, Floats]:
    """Spread each amount of ink over the four pixels nearest to it.

    Returns:
        int64 (4, M), the index of each pixel in the flat (N, `CHANNELS`, 28, 28) planes, and float64 (4, M), the
        ink on it. Ink outside the image becomes an amount of zero on the first pixel.
    """
    corner = middles.view(np.float64).reshape(-1, 2) - 0.5
    whole = np.floor(corner)
    right, down = (corner - whole).T
    x, y = whole.astype(np.int64).T
    place = drawing * (CHANNELS * _AREA) + y * SIZE + x + _NEIGHBORS
    left, up = 1 - right, 1 - down
    ink = amounts * np.array((left * up, right * up, left * down, right * down))
    if corner.min() < 0 or corner.max() >= SIZE - 1:
        columns, rows = x + _NEIGHBORS % SIZE, y + _NEIGHBORS // SIZE
        is_outside = (columns < 0) | (columns >= SIZE) | (rows < 0) | (rows >= SIZE)
        place[is_outside] = ink[is_outside] = 0
    return place, ink


def _make_blur(sigma: float | Floats) -> npt.NDArray[np.float32]:
    """Return symmetric (…, 28, 28) matrices that blur columns, or rows when multiplied from the right.

    The profile is a Gaussian of standard deviation ``sigma``, in pixels.
    """
    distance = np.arange(SIZE)[:, None] - np.arange(SIZE)
    width = np.asarray(sigma, dtype=np.float64).reshape(-1, 1, 1, 1)
    blur: Floats = np.exp(-(distance**2) / (2 * width**2)) / (width * np.sqrt(2 * np.pi))
    blur[blur < _FAINTEST] = 0
    return blur.astype(np.float32)


_PEN_BLUR: Final = _make_blur(PEN_SIGMA)
