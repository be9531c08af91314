"""What the recognizer remembers of one player's own drawings, and how it counts.

Every remembered drawing votes for its character. Its vote is the larger the more it resembles the new drawing: the
cosine similarity of the features that the network's last layer sees.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES
from recognition.model.calibration import Scores

MOST_PER_CLASS: Final = 8
"""Most drawings of one character that a hand remembers."""

_WEIGHT: Final = 8.0  # the largest vote, in units of the scores
_SHARPNESS: Final = 15.0  # how fast a vote fades with less similarity
_LARGEST: Final = 127  # of int8

Floats = npt.NDArray[np.float32]


def pack_features(features: Floats) -> bytes:
    """Return float32 (K,) features, scaled to unit length, as K signed bytes in steps of 1/127 of the largest."""
    largest = float(np.abs(features).max(initial=0))
    return bytes(np.rint(features * (_LARGEST / largest)).astype(np.int8)) if largest else bytes(len(features))


class Hand:
    """What the recognizer remembers of one player's own drawings. It never changes.

    Args:
        entries: labels, each with the features of one drawing as `pack_features` packs them. Of one label, the
            first `MOST_PER_CLASS` count.
        model: the version of the model that gave the features. Other models ignore the hand. A hand without a
            version counts for every model.

    Raises:
        ValueError: if a label is not one of the 62 characters, or the features are not all of one size.
    """

    def __init__(self, entries: Iterable[tuple[str, bytes]], model: str | None = None) -> None:
        self.model = model
        by_class: dict[int, list[bytes]] = {}
        for label, packed in entries:
            features = by_class.setdefault(_get_index(label), [])
            if len(features) < MOST_PER_CLASS:
                features.append(packed)
        packed_features = [packed for index in sorted(by_class) for packed in by_class[index]]
        if len(set(map(len, packed_features))) > 1:
            raise ValueError("The features in a hand must all be of one size.")
        self._classes = np.array(sorted(by_class), np.int64)
        self._starts = np.cumsum([0, *(len(by_class[index]) for index in self._classes.tolist())])[:-1]
        size = len(packed_features[0]) if packed_features else 0
        self._features = np.frombuffer(b"".join(packed_features), np.int8).reshape(len(packed_features), size)
        lengths = np.linalg.norm(self._features.astype(np.float32), axis=1)
        self._scales = (1 / np.maximum(lengths, 1)).astype(np.float32)

    def __len__(self) -> int:
        return len(self._features)

    def compute_votes(self, features: Floats) -> Scores:
        """Return float64 (62,), what this hand adds to the scores of a drawing.

        A character that the player never drew gets the mean of the other votes, so that it does not lose to them.

        Args:
            features: float32 (K,), of the new drawing.

        Raises:
            ValueError: if they are not as many as those in the hand.
        """
        if not len(self):
            return np.zeros(len(CLASSES))
        if len(features) != self._features.shape[1]:
            raise ValueError(f"The hand has {self._features.shape[1]} features a drawing, not {len(features)}.")
        length = max(float(np.linalg.norm(features)), 1e-9)
        similarities = (self._features.astype(np.float32) @ (features / length)) * self._scales
        nearest = np.maximum.reduceat(similarities, self._starts)
        of_classes = _WEIGHT * np.exp(_SHARPNESS * (nearest.astype(np.float64) - 1))
        votes = np.full(len(CLASSES), of_classes.mean())
        votes[self._classes] = of_classes
        return votes


def _get_index(label: str) -> int:
    index = CLASSES.find(label) if len(label) == 1 else -1
    if index < 0:
        raise ValueError(f"{label!r} is not one of the {len(CLASSES)} characters.")
    return index
