"""From a network's scores to probabilities that mean what they say, alphabet by alphabet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from recognition.alphabets import ALPHABETS, CLASSES

Scores = npt.NDArray[np.float64]

_HOTTEST: Final = 100.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """What scores are divided by (Guo et al. 2017, On Calibration of Modern Neural Networks).

    Attributes:
        temperatures: by the alphabet's name; 1 where there is none.
    """

    temperatures: Mapping[str, float] = field(default_factory=dict)

    def compute_probabilities(self, scores: Scores, alphabet: str) -> Scores:
        """Return (…, K) probabilities of the alphabet's characters, in label order.

        Args:
            scores: float64 (…, 62), logarithms of what the network gave all classes.
            alphabet: its name.
        """
        return softmax(scores[..., ALPHABET_INDICES[alphabet]] / self.temperatures.get(alphabet, 1.0))

    @classmethod
    def from_card(cls, card: Any) -> Calibration:
        """Read what a card says under ``calibration``.

        Raises:
            ValueError: if that makes no sense.
        """
        try:
            temperatures = msgspec.convert(card, dict[str, float])
        except msgspec.ValidationError as error:
            raise ValueError(f"The calibration is not laid out as one: {error}") from error
        for name, temperature in temperatures.items():
            if name not in ALPHABETS or not 0 < temperature < _HOTTEST:
                raise ValueError(f"The calibration of {name!r} makes no sense: {temperature}.")
        return cls(MappingProxyType(temperatures))


def softmax(scores: Scores) -> Scores:
    """Return the probabilities, along the last axis, that belong to ``scores``."""
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    probabilities: Scores = weights / weights.sum(axis=-1, keepdims=True)
    return probabilities


ALPHABET_INDICES: Final[Mapping[str, npt.NDArray[np.int64]]] = MappingProxyType(
    {name: np.array([CLASSES.index(c) for c in members]) for name, members in ALPHABETS.items()}
)
"""The indices of each alphabet's characters among the 62 classes."""
