"""Explains which ink of a drawing decided how it was read.

A little ink is left out at a time, and the change in what the model reads is its share of the decision. This is
occlusion (Zeiler and Fergus, ECCV 2014, section 4.2), with pieces of strokes instead of squares of an image. The
rest of the drawing keeps its position and size: it is scaled only once, as a whole, since leaving out an end would
otherwise move everything else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES, get_characters, get_look_alikes
from recognition.errors import TooMuchInk, UnknownCharacter
from recognition.explain.gallery import Gallery, GalleryDrawing
from recognition.model.calibration import Scores
from recognition.model.network import Model
from recognition.render import CHANNELS, SIZE, Images, normalize, rasterize
from recognition.strokes import StrokeBatch

PIECES: Final = 20
"""Number of pieces, of about equal length, that a drawing's ink is divided into. Each stroke has at least one.
A piece is left out together with its neighbors on the stroke, since the pen's width would bridge a shorter gap."""

MOST_INK: Final = 600
"""Longest path that is explained, in pixels. The longest of 83,800 recorded characters has 474, and one in ten
thousand has more than 141. Each gap costs a whole drawing."""

EXAMPLES: Final = 3
"""Number of known drawings shown for a character."""

_GAPS_AT_ONCE: Final = 4  # rendered at a time, which bounds the memory
_POINTS_PER_PIECE: Final = 4  # even, so that one point is in the middle, where the share is that of the piece

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One of the two characters that are compared.

    Attributes:
        label: the character.
        probability: its probability among the characters of the alphabet, 0 to 1.
        examples: the known drawings of it that look most like the drawing, the nearest first.
    """

    label: str
    probability: float
    examples: tuple[GalleryDrawing, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """Why a drawing was read as it was.

    Attributes:
        best: the character that it was read as.
        rival: the character that ``best`` is compared with.
        strokes: float64 (n, 3) for each stroke: x and y as they were given, and the share of that point in the
            decision, -1 to 1. Ink with a positive share speaks for ``best``, and with a negative one for
            ``rival``. The largest share of a drawing is 1 or -1. Points are added where they are far apart.
    """

    best: Side
    rival: Side
    strokes: tuple[Floats, ...]


def explain(
    model: Model, gallery: Gallery, batch: StrokeBatch, alphabet: str, rival: str | None = None
) -> Explanation:
    """Explain how ``model`` reads the one drawing of ``batch``.

    Args:
        model: a model of all 62 classes.
        gallery: the known drawings.
        batch: one drawing.
        alphabet: ``any``, ``digits``, ``upper``, ``lower`` or ``letters``.
        rival: the character to compare the best one with. By default, and if ``rival`` is a look-alike of the
            best, it is the next best character that is not.

    Raises:
        UnknownAlphabet: if there is no such alphabet.
        UnknownCharacter: if ``rival`` is not in the alphabet.
        TooMuchInk: if the path is longer than `MOST_INK`.
    """
    characters = get_characters(alphabet)
    if rival is not None and (len(rival) != 1 or rival not in characters):
        raise UnknownCharacter(rival, alphabet)
    pixels = normalize(batch)
    paths = _split_strokes(batch, pixels)
    gaps = _plan_gaps(paths)
    image = rasterize(batch, pixels)[0]
    scores = model.compute_scores(image)
    values = model.calibration.compute_probabilities(scores, alphabet)
    probabilities = dict(zip(characters, values.tolist(), strict=True))
    ranked = sorted(characters, key=lambda character: -probabilities[character])
    best, look_alikes = ranked[0], get_look_alikes(ranked[0], alphabet)
    if rival is None or rival in look_alikes:
        rival = next(character for character in ranked if character not in look_alikes)
    best_indices = _find_indices(look_alikes)
    rival_indices = _find_indices(get_look_alikes(rival, alphabet))

    def compute_log_odds(scores: Scores) -> float:
        # Look-alikes count together: which of them it is may be undecided.
        return float(np.logaddexp.reduce(scores[best_indices]) - np.logaddexp.reduce(scores[rival_indices]))

    def describe_side(character: str) -> Side:
        return Side(character, probabilities[character], gallery.find_nearest(character, image, EXAMPLES))

    odds_with_gaps = [compute_log_odds(model.compute_scores(image)) for image in _render_gaps(paths, gaps)]
    falls = compute_log_odds(scores) - np.array(odds_with_gaps)
    largest = float(np.abs(falls).max())
    shares = falls / largest if largest > 0 else falls
    return Explanation(
        best=describe_side(best),
        rival=describe_side(rival),
        strokes=tuple(_attach_shares(_split_strokes(batch, batch.points), paths, gaps, shares)),
    )


class _Gap(NamedTuple):
    """A piece of a stroke, and the gap that is left out around it.

    Attributes:
        stroke: the number of the stroke.
        middle: the middle of the piece, in pixels of path from the beginning of the stroke.
        begin: where the gap begins, in the same unit.
        end: where the gap ends.
    """

    stroke: int
    middle: float
    begin: float
    end: float


def _plan_gaps(paths: list[Floats]) -> list[_Gap]:
    """Return a gap for each piece of a drawing, in the order in which they were drawn.

    Raises:
        TooMuchInk: if the paths are longer than `MOST_INK`.
    """
    lengths = [float(_measure_distances(path)[-1]) for path in paths]
    if sum(lengths) > MOST_INK:
        raise TooMuchInk
    piece_length = sum(lengths) / PIECES
    gaps = []
    for stroke, length in enumerate(lengths):
        count = max(1, round(length / piece_length)) if piece_length > 0 else 1
        bounds = np.linspace(0, length, count + 1).tolist()
        for piece in range(count):
            middle = (bounds[piece] + bounds[piece + 1]) / 2
            gaps.append(_Gap(stroke, middle, bounds[max(0, piece - 1)], bounds[min(count, piece + 2)]))
    return gaps


def _render_gaps(paths: list[Floats], gaps: list[_Gap]) -> Iterator[Images]:
    """Yield for each gap uint8 (28, 28, channels): the drawing with this gap."""
    if len(gaps) == 1:  # a dot, of which nothing is left
        yield np.zeros((SIZE, SIZE, CHANNELS), dtype=np.uint8)
        return
    for first in range(0, len(gaps), _GAPS_AT_ONCE):
        drawings = [list(_leave_out(paths, gap)) for gap in gaps[first : first + _GAPS_AT_ONCE]]
        strokes = [stroke for drawing in drawings for stroke in drawing]
        points = np.concatenate(strokes)
        batch = StrokeBatch(
            points, np.array([len(stroke) for stroke in strokes]), np.array([len(drawing) for drawing in drawings])
        )
        yield from rasterize(batch, points)


def _leave_out(paths: list[Floats], gap: _Gap) -> Iterator[Floats]:
    """Yield the strokes without the gap."""
    for stroke, path in enumerate(paths):
        if stroke != gap.stroke:
            yield path
            continue
        distances = _measure_distances(path)
        if gap.begin > 0:
            yield np.vstack((path[distances < gap.begin], _interpolate(path, distances, [gap.begin])))
        if gap.end < distances[-1]:
            yield np.vstack((_interpolate(path, distances, [gap.end]), path[distances > gap.end]))


def _attach_shares(
    strokes: list[Floats], paths: list[Floats], gaps: list[_Gap], shares: Floats
) -> Iterator[Floats]:
    """Yield each stroke as it was given, with the share of each point. Shares change evenly between pieces.

    Args:
        strokes: float64 (n, 2) each, as they were given.
        paths: float64 (n, 2) each, the same points in pixels.
        gaps: the gaps in them.
        shares: float64 (gaps,), the share of the piece of each gap.
    """
    for number, (stroke, path) in enumerate(zip(strokes, paths, strict=True)):
        indices = [index for index, gap in enumerate(gaps) if gap.stroke == number]
        middles = [gaps[index].middle for index in indices]
        distances = _measure_distances(path)
        added = np.linspace(0, distances[-1], _POINTS_PER_PIECE * len(indices) + 1)
        positions = np.union1d(distances, added)
        points = _interpolate(stroke, distances, positions)
        yield np.column_stack((points, np.interp(positions, middles, shares[indices])))


def _split_strokes(batch: StrokeBatch, points: Floats) -> list[Floats]:
    return np.split(points, batch.stroke_starts[1:])


def _measure_distances(path: Floats) -> Floats:
    """Return float64 (n,), the distance of each point from the beginning, along the stroke, in pixels."""
    steps = np.hypot(*np.diff(path, axis=0, prepend=path[:1]).T)
    return np.cumsum(steps)


def _interpolate(path: Floats, distances: Floats, positions: Floats | list[float]) -> Floats:
    """Return float64 (m, 2), the points of a stroke at these distances from its beginning."""
    return np.column_stack([np.interp(positions, distances, path[:, axis]) for axis in range(2)])


def _find_indices(characters: str) -> npt.NDArray[np.int64]:
    return np.array([CLASSES.index(character) for character in characters])
