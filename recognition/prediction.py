"""What the recognizer sees in one drawing: the characters of an alphabet with their probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, NamedTuple

from recognition.hand import Floats, pack_features
from recognition.render import Images


class Candidate(NamedTuple):
    """A character and its probability among the characters of the alphabet, 0 to 1."""

    label: str
    probability: float


make_candidate: Final = partial(tuple.__new__, Candidate)
"""As `Candidate._make`, in a third of the time: a guess has up to 62, and a page 150,000."""


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """What the model reads in one drawing.

    Attributes:
        candidates: every character of the alphabet, best first. Their probabilities sum to 1.
        image: uint8 (28, 28), 255 for full ink: the line, as the model saw it.
        model: the version of the model.
        plausibility: the probability, among all 62 characters, of the alphabet's characters and their look-alikes.
        early_thresholds: by character, the probability from which it may be accepted before the drawing is
            finished. A character is missing if unfinished drawings of others look like it too often.
        lifted_thresholds: by character, the same for a drawing after which the pen is lifted: after one stroke,
            two strokes, and so on. It is None or missing if people go on too often.
        raw_features: float32 (K,), what the network's last layer sees. They are None if the model file does not
            give them.
        shared_probabilities: by character of the alphabet, its probability without the player's hand. They are
            None if no hand voted.
    """

    candidates: tuple[Candidate, ...]
    image: Images
    model: str
    plausibility: float = 1.0
    early_thresholds: Mapping[str, float] = field(default_factory=dict)
    lifted_thresholds: Mapping[str, Sequence[float | None]] = field(default_factory=dict)
    raw_features: Floats | None = None
    shared_probabilities: Mapping[str, float] | None = None

    @property
    def label(self) -> str:
        """The character of the best candidate."""
        return self.candidates[0].label

    @property
    def confidence(self) -> float:
        """The probability of the best candidate."""
        return self.candidates[0].probability

    @property
    def features(self) -> bytes | None:
        """The features as a `Hand` remembers them, or None if the model file does not give them."""
        return None if self.raw_features is None else pack_features(self.raw_features)

    def get_probability(self, characters: str) -> float:
        """Return the summed probability of ``characters``. Those outside the alphabet add nothing."""
        return sum(probability for label, probability in self.candidates if label in characters)

    def get_shared_probability(self, characters: str) -> float:
        """Return what `get_probability` returns without the player's hand."""
        if self.shared_probabilities is None:
            return self.get_probability(characters)
        return sum(self.shared_probabilities.get(character, 0.0) for character in characters)
