"""What the recognizer remembers of one player's own drawings, and how it counts.

Each character that the player has drawn gets a vote, by how much the new drawing resembles those remembered.
Drawings are compared by the features that the network's last layer sees. How large their cosine similarity is
differs from model to model, so the model's card gives the scale.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES
from recognition.model.calibration import Scores
from recognition.model.similarity import SimilarityScale

MOST_PER_CLASS: Final = 8
"""Most drawings of one character that a hand remembers."""

LEAST_VOTE: Final = -1.5
MOST_VOTE: Final = 3.5
"""The bounds of a vote, in units of the scores.

A character rises by up to 3.5 where a drawing resembles what the player drew, and falls by up to 1.5 where it does
not. The fall is small because people write a character in several ways. So a hand can make a character at most 170
times as likely, compared with another. `tests.bench.own_hand` measures what that gains and what it costs."""
_NEUTRAL: Final = 0.52
"""The likeness at which the vote is 0, as if the player had never drawn the character.

Likeness is similarity on the model's scale: 0 is as similar as drawings mostly are to the nearest other
character, and 1 is as similar as they mostly are to their own. This constant and the next two were chosen on
UNIPEN's held-out training writers: the most gain where characters that the player never drew lose at most 0.15
points, in each half of these people."""
_FEW: Final = 0.15
"""How much less likeness is enough if one drawing of a character is remembered: one shows less of how it varies.
With two drawings it is half as much, and so on."""
_WEIGHT: Final = 5.5
"""How much of a vote a likeness that is larger by 1 would add."""
TEMPERATURE: Final = 1.2
"""The number that scores with votes are divided by, since votes make them too sure. The same people chose it."""
_LARGEST: Final = 127  # of int8
_TINY: Final = 1e-9  # keeps a division finite
_DEFAULT_SCALE: Final = SimilarityScale()

Floats = npt.NDArray[np.float32]


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
        counts = [len(by_class[index]) for index in self._classes.tolist()]
        self._starts = np.cumsum([0, *counts])[:-1]
        self._least_likeness = _NEUTRAL - _FEW / np.array(counts, np.float64)
        size = len(packed_features[0]) if packed_features else 0
        remembered = np.frombuffer(b"".join(packed_features), np.int8).reshape(len(packed_features), size)
        # The mean of each character's drawings comes last. 8 bits are as good as 32, and a server has many hands.
        rows = remembered.astype(np.float32)
        scales = _compute_scales(rows)
        means = _pack(np.add.reduceat(rows * scales[:, None], self._starts) if by_class else rows)
        self._features = np.concatenate([remembered, means])
        self._scales = np.concatenate([scales, _compute_scales(means.astype(np.float32))])

    def __len__(self) -> int:
        return len(self._features) - len(self._classes)

    @property
    def labels(self) -> str:
        """The characters that it knows, in label order."""
        return "".join(CLASSES[index] for index in self._classes.tolist())

    def compute_votes(self, features: Floats, scale: SimilarityScale | None = None) -> Scores:
        """Return float64 (62,), what this hand adds to the scores of a drawing, from `LEAST_VOTE` to `MOST_VOTE`.

        A character that the player never drew gets no vote, which is 0: less than one that the drawing resembles,
        and more than one that it does not.

        Args:
            features: float32 (K,), of the new drawing.
            scale: how similar drawings are for the model that gave the features.

        Raises:
            ValueError: if they are not as many as those in the hand.
        """
        votes = np.zeros(len(CLASSES))
        if len(self):
            scale = scale or _DEFAULT_SCALE
            similarities = self.compute_similarities(features)[self._classes]
            likeness = (similarities - scale.other) / (scale.same - scale.other)
            votes[self._classes] = np.clip(_WEIGHT * (likeness - self._least_likeness), LEAST_VOTE, MOST_VOTE)
        return votes

    def compute_similarities(self, features: Floats) -> Scores:
        """Return float64 (62,), the similarity to each character that the player drew, and NaN for the others.

        Half of it is the similarity to the nearest drawing, half that to the mean of the character's drawings.

        Args:
            features: float32 (K,), of the new drawing.

        Raises:
            ValueError: if they are not as many as those in the hand.
        """
        result = np.full(len(CLASSES), np.nan)
        if not len(self):
            return result
        if len(features) != self._features.shape[1]:
            raise ValueError(f"The hand has {self._features.shape[1]} features a drawing, not {len(features)}.")
        length = max(float(np.linalg.norm(features)), _TINY)
        similarities = (self._features.astype(np.float32) @ (features / length)) * self._scales
        nearest = np.maximum.reduceat(similarities[: len(self)], self._starts)
        result[self._classes] = (nearest + similarities[len(self) :]).astype(np.float64) / 2
        return result


def pack_features(features: Floats) -> bytes:
    """Return float32 (K,) features as K signed bytes. What they keep is the direction, not the length."""
    return _pack(features[None]).tobytes()


def _pack(features: Floats) -> npt.NDArray[np.int8]:
    """Return int8 (N, K), float32 features, each row scaled so that its largest number is 127."""
    largest = np.maximum(np.abs(features).max(axis=1, keepdims=True, initial=0), _TINY)
    packed: npt.NDArray[np.int8] = np.rint(features * (_LARGEST / largest)).astype(np.int8)
    return packed


def _compute_scales(features: Floats) -> Floats:
    """Return float32 (N,), one divided by the length of each row of ``features``, float32 (N, K)."""
    scales: Floats = 1 / np.sqrt(np.maximum(np.einsum("ij,ij->i", features, features), 1))
    return scales


def _get_index(label: str) -> int:
    index = CLASSES.find(label) if len(label) == 1 else -1
    if index < 0:
        raise ValueError(f"{label!r} is not one of the {len(CLASSES)} characters.")
    return index
