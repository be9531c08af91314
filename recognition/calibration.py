"""From a network's scores to probabilities that mean what they say, alphabet by alphabet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recognition.alphabets import ALPHABETS, CLASSES, characters_of

Scores = npt.NDArray[np.float64]

_HOTTEST: Final = 100.0


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What is made of the scores in one alphabet.

    Attributes:
        temperature: scores are divided by it (Guo et al. 2017, On Calibration of Modern Neural Networks).
        prior: how far a drawing is expected to be of a frequent character: its logarithmic frequency times this is
            added to its score (Saerens et al. 2002). People draw small letters more often than capitals, and where
            both look alike that is all there is to go by. Pictures are read without.
    """

    temperature: float = 1.0
    prior: float = 0.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """The adjustments of every alphabet; an alphabet without one is taken as it comes.

    Attributes:
        frequencies: how often each of the 62 characters was drawn, where that was counted.
        adjustments: by the alphabet's name.
    """

    frequencies: Mapping[str, int] = field(default_factory=dict)
    adjustments: Mapping[str, Adjustment] = field(default_factory=dict)
    _priors: dict[str, Scores] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        for name, one in self.adjustments.items():
            if one.prior:
                counts = np.array([self.frequencies.get(c, 0) for c in characters_of(name)])
                self._priors[name] = one.prior * np.log(counts + 1)

    def probabilities(self, scores: Scores, alphabet: str, *, drawn: bool | npt.NDArray[np.bool_]) -> Scores:
        """Return (…, K) probabilities of the alphabet's characters, in label order.

        Args:
            scores: float64 (…, 62), logarithms of what the network gave all classes.
            alphabet: its name.
            drawn: whether it was drawn, with a pen whose way is known; one for all, or (…,).
        """
        among = scores[..., MEMBERS[alphabet]]
        if alphabet in self._priors:
            among = among + np.expand_dims(drawn, -1) * self._priors[alphabet]
        return softmax(among / self.adjustments.get(alphabet, _AS_IT_COMES).temperature)

    def as_card(self) -> dict[str, Any]:
        """Return what `of` reads."""
        by_alphabet = {
            name: {"temperature": one.temperature, "prior": one.prior} for name, one in self.adjustments.items()
        }
        return {"frequencies": dict(self.frequencies), "by_alphabet": by_alphabet}

    @classmethod
    def of(cls, card: Any) -> Calibration:
        """Read what a card says under ``calibration``.

        Raises:
            ValueError: if that makes no sense.
        """
        try:
            frequencies = {str(c): int(n) for c, n in card.get("frequencies", {}).items()}
            adjustments = {
                name: Adjustment(float(one["temperature"]), float(one["prior"]))
                for name, one in card.get("by_alphabet", {}).items()
            }
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError("The calibration is not laid out as one.") from error
        if min(frequencies.values(), default=0) < 0:
            raise ValueError("The calibration counts less than nothing.")
        for name, one in adjustments.items():
            if name not in ALPHABETS or not 0 < one.temperature < _HOTTEST or not 0 <= one.prior <= 1:
                raise ValueError(f"The calibration of {name!r} makes no sense: {one}.")
        return cls(MappingProxyType(frequencies), MappingProxyType(adjustments))


def softmax(scores: Scores) -> Scores:
    """Return the probabilities, along the last axis, that belong to ``scores``."""
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    probabilities: Scores = weights / weights.sum(axis=-1, keepdims=True)
    return probabilities


MEMBERS: Final[Mapping[str, npt.NDArray[np.int64]]] = MappingProxyType(
    {name: np.array([CLASSES.index(c) for c in members]) for name, members in ALPHABETS.items()}
)
"""The indices of each alphabet's characters among the 62 classes."""

_AS_IT_COMES: Final = Adjustment()
