"""Why a drawing was read as it was: the ink that decided, and known drawings that look like it.

The ink is left out a little at a time, and what that takes from the answer is what it gave to it (occlusion:
Zeiler and Fergus, ECCV 2014, section 4.2, on ink instead of squares of a picture). What is left keeps its place
and its size: the drawing is laid out once, whole, or leaving an end out would move all the rest.
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
"""Pieces that the ink of a drawing is cut into, of about the same length; a stroke is one piece at least. Each is
left out with its neighbours on the stroke: a gap of one piece alone is bridged by the ink around it."""

MOST_INK: Final = 2_000
"""Pixels of path that are explained: a picture is black long before, and each gap costs a whole drawing."""

EXAMPLES: Final = 3
"""Known drawings shown of a character."""

_POINTS_A_PIECE: Final = 4  # even, for one to lie in the middle, where the share is that of the piece

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One of the two characters that a drawing was weighed between.

    Attributes:
        label: the character.
        probability: how probable it is among its alphabet, 0..1.
        examples: the known drawings of it that are most alike, nearest first, on the square 0-1023.
    """

    label: str
    probability: float
    examples: tuple[GalleryDrawing, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """Why a drawing was read as it was.

    Attributes:
        best: what it was read as.
        rival: what speaks against that.
        strokes: float64 (n, 3) a stroke, x and y as they were given, points added to lie close, and the point's
            share of the decision, -1..1: high where the ink speaks for ``best`` against ``rival``,
            below 0 where it speaks for ``rival``. The largest share of a drawing is 1 or -1.
    """

    best: Side
    rival: Side
    strokes: tuple[Floats, ...]


def explain(
    model: Model, gallery: Gallery, ink: StrokeBatch, alphabet: str, rival: str | None = None
) -> Explanation:
    """Explain how ``model`` reads the one drawing of ``ink``.

    Args:
        model: of all 62 classes.
        gallery: where known drawings come from.
        ink: one drawing.
        alphabet: ``any``, ``digits``, ``upper``, ``lower`` or ``letters``.
        rival: what to weigh the best character against; by default, or where no reader could tell the two apart,
            the next best that can be told from it.

    Raises:
        UnknownAlphabet: if there is no such alphabet.
        UnknownCharacter: if ``rival`` is not in it.
        TooMuchInk: if the path is longer than `MOST_INK`.
    """
    members = get_characters(alphabet)
    if rival is not None and (len(rival) != 1 or rival not in members):
        raise UnknownCharacter(rival, alphabet)
    pixels = normalize(ink)
    paths = _paths(ink, pixels)
    gaps = _gaps(paths)
    whole = rasterize(ink, pixels)[0]
    scores = model.compute_scores(whole)
    among = model.calibration.compute_probabilities(scores, alphabet)
    probabilities = dict(zip(members, among.tolist(), strict=True))
    ranked = sorted(members, key=lambda character: -probabilities[character])
    best, alike = ranked[0], get_look_alikes(ranked[0], alphabet)
    if rival is None or rival in alike:
        rival = next(character for character in ranked if character not in alike)

    def side(character: str) -> Side:
        return Side(character, probabilities[character], gallery.find_nearest(character, whole, EXAMPLES))

    def odds(scores: Scores) -> float:
        # With their look-alikes: which of those it is, the ink may leave open.
        ours, theirs = scores[_indices(alike)], scores[_indices(get_look_alikes(rival, alphabet))]
        return float(np.logaddexp.reduce(ours) - np.logaddexp.reduce(theirs))

    falls = odds(scores) - np.array([odds(model.compute_scores(image)) for image in _occluded(paths, gaps)])
    most = float(np.abs(falls).max())
    shares = falls / most if most > 0 else falls
    return Explanation(
        best=side(best),
        rival=side(rival),
        strokes=tuple(_shared(_paths(ink, ink.points), paths, gaps, shares)),
    )


class _Gap(NamedTuple):
    """A piece of a stroke and what is left out around it, in pixels of path from the stroke's beginning."""

    stroke: int
    middle: float
    begin: float
    end: float


def _gaps(paths: list[Floats]) -> list[_Gap]:
    """Return a gap for each piece of a drawing, in the order they were drawn.

    Raises:
        TooMuchInk: if they would be too long.
    """
    lengths = [float(_walked(path)[-1]) for path in paths]
    if sum(lengths) > MOST_INK:
        raise TooMuchInk
    usual = sum(lengths) / PIECES
    gaps = []
    for stroke, length in enumerate(lengths):
        count = max(1, round(length / usual)) if usual > 0 else 1
        bounds = np.linspace(0, length, count + 1).tolist()
        for piece in range(count):
            middle = (bounds[piece] + bounds[piece + 1]) / 2
            gaps.append(_Gap(stroke, middle, bounds[max(0, piece - 1)], bounds[min(count, piece + 2)]))
    return gaps


def _occluded(paths: list[Floats], gaps: list[_Gap]) -> Images:
    """Return uint8 (gaps, 28, 28, channels): the drawing with each of the gaps."""
    if len(gaps) == 1:  # a dot, without which there is nothing
        return np.zeros((1, SIZE, SIZE, CHANNELS), dtype=np.uint8)
    left = [list(_left(paths, gap)) for gap in gaps]
    strokes = [path for drawing in left for path in drawing]
    points = np.concatenate(strokes)
    ink = StrokeBatch(
        points, np.array([len(path) for path in strokes]), np.array([len(drawing) for drawing in left])
    )
    return rasterize(ink, points)


def _left(paths: list[Floats], gap: _Gap) -> Iterator[Floats]:
    """Yield the strokes that a gap leaves."""
    for stroke, path in enumerate(paths):
        if stroke != gap.stroke:
            yield path
            continue
        walked = _walked(path)
        if gap.begin > 0:
            yield np.vstack((path[walked < gap.begin], _at(path, walked, [gap.begin])))
        if gap.end < walked[-1]:
            yield np.vstack((_at(path, walked, [gap.end]), path[walked > gap.end]))


def _shared(given: list[Floats], paths: list[Floats], gaps: list[_Gap], shares: Floats) -> Iterator[Floats]:
    """Yield each stroke as it was given with its shares, which change evenly from piece to piece."""
    for stroke, (own, path) in enumerate(zip(given, paths, strict=True)):
        mine = [number for number, gap in enumerate(gaps) if gap.stroke == stroke]
        middles = [gaps[number].middle for number in mine]
        walked = _walked(path)
        where = np.union1d(walked, np.linspace(0, walked[-1], _POINTS_A_PIECE * len(mine) + 1))
        yield np.column_stack((_at(own, walked, where), np.interp(where, middles, shares[mine])))


def _paths(ink: StrokeBatch, points: Floats) -> list[Floats]:
    return np.split(points, ink.stroke_starts[1:])


def _walked(path: Floats) -> Floats:
    """Return float64 (n,): how far along the stroke each point lies, pixels."""
    steps = np.hypot(*np.diff(path, axis=0, prepend=path[:1]).T)
    return np.cumsum(steps)


def _at(path: Floats, walked: Floats, where: Floats | list[float]) -> Floats:
    """Return float64 (m, 2): the points of a stroke that lie so far along it."""
    return np.column_stack([np.interp(where, walked, path[:, axis]) for axis in range(2)])


def _indices(characters: str) -> npt.NDArray[np.int64]:
    return np.array([CLASSES.index(character) for character in characters])
