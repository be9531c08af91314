"""Why a drawing was read as it was: the ink that decided, and known drawings that look like it.

The ink is left out a little at a time, and what that takes from the answer is what it gave to it (occlusion: Zeiler
and Fergus, ECCV 2014, section 4.2, on ink instead of squares of a picture). What is left keeps its place and its
size: the drawing is laid out once, whole, or leaving an end out would move all the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES, characters_of, look_alikes
from recognition.errors import UnknownCharacter
from recognition.gallery import Drawing, Gallery
from recognition.model import Model, Scores, softmax
from recognition.render import Images, normalize, rasterize
from recognition.strokes import Ink, join

PIECES: Final = 16
"""Pieces that the ink of a drawing is cut into, of about the same length; a stroke is one piece at least."""

EXAMPLES: Final = 3
"""Known drawings shown of a character."""

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
    examples: tuple[Drawing, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """Why a drawing was read as it was.

    Attributes:
        best: what it was read as.
        rival: what speaks against that.
        strokes: float64 (n, 3) a stroke, x and y as they were given, points added where pieces meet, and the point's
            share of the decision, -1..1: 1 where the ink speaks most for ``best`` against ``rival``, below 0 where it
            speaks for ``rival``.
    """

    best: Side
    rival: Side
    strokes: tuple[Floats, ...]


def explain(model: Model, gallery: Gallery, ink: Ink, alphabet: str, rival: str | None = None) -> Explanation:
    """Explain how ``model`` reads the one drawing of ``ink``.

    Args:
        model: of all 62 classes.
        gallery: where known drawings come from.
        ink: one drawing.
        alphabet: ``any``, ``digits``, ``upper``, ``lower`` or ``letters``.
        rival: what to weigh the best character against; by default, or where no reader could tell the two apart, the
            next best that can be told from it.

    Raises:
        UnknownAlphabet: if there is no such alphabet.
        UnknownCharacter: if ``rival`` is not in it.
    """
    members = characters_of(alphabet)
    if rival is not None and (len(rival) != 1 or rival not in members):
        raise UnknownCharacter(rival, alphabet)
    pixels = normalize(ink)
    whole = rasterize(ink, pixels)[0]
    scores = model.scores(whole)
    probabilities = dict(zip(members, softmax(scores[_indices(members)]).tolist(), strict=True))
    ranked = sorted(members, key=lambda character: -probabilities[character])
    best = ranked[0]
    alike = look_alikes(best, alphabet)
    if rival is None or rival in alike:
        rival = next(character for character in ranked if character not in alike)
    weighed = _Weighed(_indices(alike), _indices(look_alikes(rival, alphabet)))
    pieces = _cut(ink, pixels)
    images = _occluded(ink, pixels, pieces)
    falls = weighed.odds(scores) - np.array([weighed.odds(model.scores(image)) for image in images])
    most = float(np.abs(falls).max())
    shares = falls / most if most > 0 else falls
    return Explanation(
        *(
            Side(character, probabilities[character], gallery.nearest(character, whole, EXAMPLES))
            for character in (best, rival)
        ),
        strokes=tuple(_shared(ink, pixels, pieces, shares)),
    )


class _Weighed(NamedTuple):
    """The classes of either side, look-alikes among them: ink may leave it open which of those it is."""

    best: npt.NDArray[np.int64]
    rival: npt.NDArray[np.int64]

    def odds(self, scores: Scores) -> float:
        """Return the log-odds of the best against the rival."""
        return float(np.logaddexp.reduce(scores[self.best]) - np.logaddexp.reduce(scores[self.rival]))


class _Piece(NamedTuple):
    """A stretch of a stroke, in pixels of path from its beginning."""

    stroke: int
    begin: float
    end: float


def _cut(ink: Ink, pixels: Floats) -> list[_Piece]:
    """Return the pieces of one drawing, in the order they were drawn."""
    lengths = [float(_walked(path)[-1]) for path in _paths(ink, pixels)]
    usual = sum(lengths) / PIECES
    pieces = []
    for stroke, length in enumerate(lengths):
        count = max(1, round(length / usual)) if usual else 1
        bounds = np.linspace(0, length, count + 1).tolist()
        pieces += [_Piece(stroke, begin, end) for begin, end in zip(bounds, bounds[1:], strict=False)]
    return pieces


def _occluded(ink: Ink, pixels: Floats, pieces: list[_Piece]) -> Images:
    """Return uint8 (pieces, 28, 28, channels): the drawing without each piece."""
    paths = _paths(ink, pixels)
    if len(pieces) == 1:
        return np.zeros_like(rasterize(ink, pixels))
    parts = [list(_left(paths, piece)) for piece in pieces]
    points = [np.concatenate(part) for part in parts]
    inks = [
        Ink(every, np.array([len(stroke) for stroke in part]), np.array([len(part)]))
        for every, part in zip(points, parts, strict=True)
    ]
    return rasterize(join(inks), np.concatenate(points))


def _left(paths: list[Floats], piece: _Piece) -> Iterator[Floats]:
    """Yield the strokes that are left without ``piece``."""
    for stroke, path in enumerate(paths):
        if stroke != piece.stroke:
            yield path
            continue
        walked = _walked(path)
        if piece.begin > 0:
            yield np.vstack((path[walked < piece.begin], _at(path, walked, [piece.begin])))
        if piece.end < walked[-1]:
            yield np.vstack((_at(path, walked, [piece.end]), path[walked > piece.end]))


def _shared(ink: Ink, pixels: Floats, pieces: list[_Piece], shares: Floats) -> Iterator[Floats]:
    """Yield each stroke in its own unit with its shares, which change smoothly from piece to piece."""
    for stroke, (path, own) in enumerate(zip(_paths(ink, pixels), _paths(ink, ink.points), strict=True)):
        mine = [number for number, piece in enumerate(pieces) if piece.stroke == stroke]
        middles = [(pieces[number].begin + pieces[number].end) / 2 for number in mine]
        walked = _walked(path)
        where = np.unique(np.concatenate((walked, middles, [pieces[number].end for number in mine])))
        yield np.column_stack((_at(own, walked, where), np.interp(where, middles, shares[mine])))


def _paths(ink: Ink, points: Floats) -> list[Floats]:
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
