"""Judges a mark: the cost of reading it as a character or as a sign, for all that the networks doubt it.

Two networks are asked. The network of marks sees the mark among its neighbors and says what kind of mark it is.
The model that reads characters says how sure it is of the best of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from recognition.page.binarize import PageInk
from recognition.page.limits import WorkLimits
from recognition.page.marks import CHARACTER, SIGN, Framer, load_mark_network
from recognition.page.sign_share import UNKNOWN
from recognition.page.weights import Weights
from recognition.page.window import Window
from recognition.render import Images


class Certainty(NamedTuple):
    """How certain the model is that an image is a character.

    Attributes:
        in_play: the probability of the best candidate and its look-alikes, among the characters in play.
        among_all: the probability of the same ones among all characters.
    """

    in_play: float
    among_all: float


MeasureCertainty = Callable[[Images], Certainty]
"""Returns how certain the model is that an image, uint8 (28, 28), ink high, is a character."""

# Costs are in nats. These are fitted together with the weights of `recognition.page.weights`.
_SIGN: Final = 1.8  # for each sign: people write fewer of them than characters
_ALONE: Final = 3.0  # more for a sign that is alone on its page
_OTHER_THAN_SIGN: Final = 1.06  # times the logarithm of the probability of a sign
_LEAST: Final = 1e-3  # keeps the logarithms finite
_LEAST_AMONG_ALL: Final = math.exp(-2)  # the same among all characters: many a 6 looks like a b


class Opinion(NamedTuple):
    """What the networks think of a mark.

    Attributes:
        cost: never negative.
        lead: by how much it costs more to read it as a sign than as a character, in nats. Below 0 it is a sign.
        wholeness: how likely it is one whole character, says the network of marks, 0 to 1.
    """

    cost: float
    lead: float
    wholeness: float

    @property
    def is_sign(self) -> bool:
        """Whether it is rather a sign than a character."""
        return self.lead < 0


class Judge:
    """Judges the marks of one page."""

    def __init__(
        self, ink: PageInk, measure_certainty: MeasureCertainty, limits: WorkLimits, weights: Weights
    ) -> None:
        self.weights = weights
        self._framer = Framer(ink.strength, ink.height)
        self._network = load_mark_network()
        self._measure_certainty = measure_certainty
        self._limits = limits

    def judge(self, window: Window, start: int, end: int, height: float, *, is_alone: bool = False) -> Opinion:
        """Judge the units of a window from ``start`` to ``end``, exclusive.

        Beyond the limits of work, the shape of the ink alone decides, and the share of signs among other marks.

        Args:
            window: the units.
            start: the first unit.
            end: the unit after the last.
            height: the height of the writing in pixels.
            is_alone: whether it is the only mark of its page. Few people send a picture of one sign.
        """
        left, top, right, bottom = window.compute_bounds(start, end)
        side = self._framer.measure_side(bottom - top, right - left, height)
        if not self._limits.may_look((0, 0, side, side)):
            return Opinion(0.0, UNKNOWN, 1.0)
        kinds = self._network.compute_kinds(self._framer.frame_units(window, start, end, height)[None])[0]
        as_sign = _SIGN + (_ALONE if is_alone else 0)
        as_sign -= _OTHER_THAN_SIGN * _take_logarithm(float(kinds[SIGN]))
        as_character = -self.weights.other_kind * _take_logarithm(float(kinds[CHARACTER]))
        if as_character < as_sign and self._limits.may_run():
            certainty = self._measure_certainty(window.fit_image(start, end))
            among_all = _take_logarithm(max(certainty.among_all, _LEAST_AMONG_ALL))
            as_character -= self.weights.doubt * _take_logarithm(certainty.in_play)
            as_character -= self.weights.doubt_among_all * among_all
            # An unusual form of a digit is not a sign for that.
            as_sign -= self.weights.doubt_among_all * among_all
        return Opinion(min(as_sign, as_character), as_sign - as_character, float(kinds[CHARACTER]))


def _take_logarithm(probability: float) -> float:
    return float(np.log(max(probability, _LEAST)))
