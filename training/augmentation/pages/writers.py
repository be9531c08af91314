"""The drawings of several people, by person and character, as glyphs that stand on a base line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES, DIGITS, UPPER
from training.datasets.strokes import StrokeSet

Points = npt.NDArray[np.float64]
Random = np.random.Generator

_LEAST_HEIGHT: Final = 0.45  # of the width: a flatter drawing is scaled by its width

_ASCENDERS: Final = "bdfhkl"
_DESCENDERS: Final = "gpqy"


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character or a sign that stands on a base line.

    Attributes:
        label: the character or sign.
        strokes: float64 (n, 2) each, in heights of a capital letter. x begins at 0. y goes down, and 0 is the base
            line.
    """

    label: str
    strokes: tuple[Points, ...]

    @property
    def is_sign(self) -> bool:
        """Whether it is neither a letter nor a digit."""
        return self.label not in CLASSES


@dataclass(frozen=True, slots=True)
class Proportions:
    """How one person's letters are sized, in heights of a capital letter.

    Attributes:
        x_height: height of a letter such as x.
        ascender: height of a letter such as l.
        descender: how far a letter such as p goes below the base line.
        small: height of a t.
        digit: height of a digit.
        variation: standard deviation of the logarithm of a letter's size.
    """

    x_height: float
    ascender: float
    descender: float
    small: float
    digit: float
    variation: float


def choose_proportions(random: Random) -> Proportions:
    """Return the proportions of some person."""
    x_height = random.uniform(0.45, 0.72)
    ascender = random.uniform(0.9, 1.15)
    return Proportions(
        x_height=x_height,
        ascender=ascender,
        descender=random.uniform(0.28, 0.5),
        small=x_height + (ascender - x_height) * random.uniform(0.45, 1),
        digit=random.uniform(0.8, 1.02),
        variation=random.uniform(0.02, 0.08),
    )


class Writers:
    """The drawings of a set, by writer."""

    def __init__(self, drawings: StrokeSet) -> None:
        self._drawings = drawings
        self._by_writer: dict[int, dict[str, npt.NDArray[np.int64]]] = {}
        order = np.lexsort((drawings.labels, drawings.writers))
        keys = drawings.writers[order] * len(CLASSES) + drawings.labels[order]
        for run in np.split(order, np.flatnonzero(np.diff(keys)) + 1):
            label, writer = CLASSES[drawings.labels[run[0]]], int(drawings.writers[run[0]])
            self._by_writer.setdefault(writer, {})[label] = run
        self._numbers = sorted(self._by_writer)

    def choose_writer(self, random: Random, needed: str) -> Writer:
        """Return one of the writers who drew at least half of the characters ``needed``, or else the most of them.

        Raises:
            ValueError: if nobody drew any of them.
        """
        counts = [sum(character in self._by_writer[number] for character in needed) for number in self._numbers]
        if not any(counts):
            raise ValueError(f"No writer drew any of these characters: {needed}")
        least = min(len(needed) / 2, max(counts))
        enough = [number for number, count in zip(self._numbers, counts, strict=True) if count >= least]
        number = enough[int(random.integers(len(enough)))]
        return Writer(self._drawings, self._by_writer[number], number)


class Writer:
    """The drawings of one person."""

    def __init__(self, drawings: StrokeSet, by_label: dict[str, npt.NDArray[np.int64]], number: int) -> None:
        self._drawings = drawings
        self._by_label = by_label
        self.number = number

    @property
    def characters(self) -> str:
        """The characters that this person drew."""
        return "".join(self._by_label)

    def can_write(self, text: str) -> bool:
        """Return whether this person drew all letters and digits of a text."""
        return all(character in self._by_label for character in text if character in CLASSES)

    def choose_glyph(self, character: str, proportions: Proportions, random: Random) -> Glyph:
        """Return one of this person's drawings of a character, sized as it would be on a line."""
        choice = self._by_label[character]
        chosen = self._drawings.take(choice[[int(random.integers(len(choice)))]]).strokes
        strokes = np.split(chosen.points, np.cumsum(chosen.stroke_lengths)[:-1])
        return place_on_line(character, strokes, proportions, random)


def place_on_line(character: str, strokes: list[Points], proportions: Proportions, random: Random) -> Glyph:
    """Return a drawing of a character in any unit as a glyph.

    UNIPEN's characters were written one by one, into boxes of different sizes. Their sizes say nothing about the
    line that they would be on, so they are sized by what they are.
    """
    above, below = _find_extent(character, proportions, random)
    size = np.exp(random.normal(0, proportions.variation))
    above, below = above * size, below * size
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    width, height = high - low
    scale = (above + below) / max(height, _LEAST_HEIGHT * width, 1e-9)
    moved = (points - [low[0], high[1]]) * scale + [0, below]
    ends = np.cumsum([len(stroke) for stroke in strokes])[:-1]
    return Glyph(character, tuple(np.split(moved, ends)))


def _find_extent(character: str, p: Proportions, random: Random) -> tuple[float, float]:
    """Return how far a character goes above and below the base line."""
    if character in DIGITS:
        return p.digit, 0.0
    if character in UPPER:
        return 1.0, 0.0
    if character in _ASCENDERS:
        has_tail = character == "f" and random.random() < 1 / 4
        return p.ascender, p.descender * has_tail
    if character in _DESCENDERS:
        return p.x_height, p.descender
    if character == "i":
        return p.x_height + (p.ascender - p.x_height) * random.uniform(0.4, 1), 0.0
    if character == "j":
        return p.x_height + (p.ascender - p.x_height) * random.uniform(0.4, 1), p.descender
    if character == "t":
        return p.small, 0.0
    return p.x_height, 0.0
