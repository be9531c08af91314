"""The weights of all that it costs, in nats, to read some ink as one character or as a sign.

They are those of a conditional random field (Lafferty et al. 2001). They are fitted to pages of held-out writers
(numbers, words and lines, some with signs and with characters that touch) and to scans and photos of single
characters, many of which are broken. `costs.py` says what the shape is, and `judge.py` what the networks think.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Shape(NamedTuple):
    """Measures of the shape of some ink that is read as one character, or their weights.

    Attributes:
        joints: for each two parts that are one character.
        gaps: per height of the character, for gaps between its parts.
        overlaps: for parts that are one above the other, instead of side by side.
        cuts: for each cut through ink.
        width: the squared logarithm of the width over the usual width.
    """

    joints: float
    gaps: float
    overlaps: float
    cuts: float
    width: float


class Weights(NamedTuple):
    """All weights.

    Attributes:
        shape: of the measures of the shape.
        doubt: times the logarithm of the model's certainty, among the characters in play.
        doubt_among_all: the same, among all characters, up to a limit. It says nothing about signs.
        other_kind: times the logarithm of the probability of a character, says the network of marks.
    """

    shape: Shape
    doubt: float
    doubt_among_all: float
    other_kind: float


_ANY: Final = Weights(Shape(2.3, 1.6, -4.2, 0.7, 2.5), 3.0, 0.0, 0.6)
# Two digits that touch often look like a third one, seldom like one that no letter looks like. No digit is wide.
_DIGITS: Final = Weights(Shape(2.3, 1.6, -4.2, 0.0, 4.0), 1.5, 1.0, 0.4)


def choose_weights(alphabet: str) -> Weights:
    """Return the weights for characters of an alphabet."""
    return _DIGITS if alphabet == "digits" else _ANY
