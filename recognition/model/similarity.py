"""How similar drawings are for one model. A player's hand measures likeness on this scale."""

from __future__ import annotations

from typing import Any

import msgspec


class SimilarityScale(msgspec.Struct, frozen=True, kw_only=True):
    """What is similar for one model. Each model gives other similarities, so its card has them, under ``hand``.

    The defaults are those of the bundled model, for cards without the entry.

    Attributes:
        same: median similarity of a drawing to the drawings of the same character by the same person, 0 to 1.
        other: the same for the most similar other character that is not a look-alike. It is smaller.
    """

    same: float = 0.92
    other: float = 0.53

    @classmethod
    def from_card(cls, entry: Any) -> SimilarityScale:
        """Return the scale that a card has under ``hand``.

        Raises:
            ValueError: if ``entry`` is not such a scale.
        """
        try:
            scale = msgspec.convert(entry, cls)
        except msgspec.ValidationError as error:
            raise ValueError(f"The entry 'hand' must have the numbers same and other: {error}") from error
        if not -1 <= scale.other < scale.same <= 1:
            raise ValueError(f"In 'hand', {scale.other} must be less than {scale.same}, and both from -1 to 1.")
        return scale
