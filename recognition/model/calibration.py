"""Turns the scores of a network into calibrated probabilities, alphabet by alphabet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import msgspec
import numpy as np
import numpy.typing as npt

from recognition.alphabets import ALPHABETS, CLASSES, get_look_alikes

Scores = npt.NDArray[np.float64]
"""Logarithms of a network's output for each class, or probabilities computed from them."""

_HIGHEST_TEMPERATURE: Final = 100.0

ALPHABET_INDICES: Final[Mapping[str, npt.NDArray[np.int64]]] = MappingProxyType(
    {
        name: np.array([CLASSES.index(character) for character in characters])
        for name, characters in ALPHABETS.items()
    }
)
"""By alphabet, the class indices of its characters, in label order."""

IS_ALIKE: Final = np.array(
    [[other in get_look_alikes(character, "any") for other in CLASSES] for character in CLASSES]
)
"""bool (62, 62): whether two classes are look-alikes, or the same."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Temperature scaling (Guo et al. 2017, On Calibration of Modern Neural Networks).

    Attributes:
        temperatures: by alphabet, the number that scores are divided by; 1 for an alphabet that is missing.
    """

    temperatures: Mapping[str, float] = field(default_factory=dict)

    def compute_probabilities(self, scores: Scores, alphabet: str) -> Scores:
        """Return (…, K), the probabilities of the alphabet's K characters in label order. They sum to 1.

        Args:
            scores: float64 (…, 62), of all classes.
            alphabet: the name of the alphabet.
        """
        # `take` keeps each row in one piece, so that its sum is the same, to the last bit, in a batch and alone.
        of_alphabet = scores.take(ALPHABET_INDICES[alphabet], axis=-1)
        return softmax(of_alphabet / self.temperatures.get(alphabet, 1.0))

    @classmethod
    def from_card(cls, entry: Any) -> Calibration:
        """Return the calibration that a card has under ``calibration``.

        Raises:
            ValueError: if ``entry`` is not a map from alphabets to temperatures.
        """
        try:
            temperatures = msgspec.convert(entry, dict[str, float])
        except msgspec.ValidationError as error:
            raise ValueError(f"The calibration must map alphabets to temperatures: {error}") from error
        for name, temperature in temperatures.items():
            if name not in ALPHABETS:
                raise ValueError(f"The calibration names {name!r}, which is not an alphabet.")
            if not 0 < temperature < _HIGHEST_TEMPERATURE:
                raise ValueError(f"The calibration of {name!r} is out of range: {temperature}.")
        return cls(MappingProxyType(temperatures))


def softmax(scores: Scores) -> Scores:
    """Return the probabilities for ``scores`` along the last axis."""
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    probabilities: Scores = weights / weights.sum(axis=-1, keepdims=True)
    return probabilities
