"""Which players judge: they are held out, so no model in service was ever trained on what they drew."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from feedback.records import SYNTHETIC
from training.retrain.bounds import (
    JUDGE_SHARE,
    MIN_REGULAR_ROUNDS,
    MIN_TRAINER_SHARE,
    MIN_TRAINERS,
    WANTED_JUDGES,
)
from training.retrain.rounds.labeled_round import LabeledRound

NEVER_TRAINED: Final = 1.0
"""The lowest number of a player that a model was trained on, if it was trained on nobody."""

_TRAINED_FROM: Final = "trained_from"  # key in a model's card, under "learned"
_OLD_TRAINED_FROM: Final = 0.25  # of models whose card lacks that key
_HASHES: Final = 2**64


@dataclass(frozen=True, slots=True)
class Judges:
    """The players who judge. Every player has a number from 0 up to 1, a hash of the id that never changes.

    Attributes:
        below: players with a lower number judge, and the others are trained on. A model's card keeps this number.
            Its later challengers never set a higher one, so nobody who was trained on ever judges. The card names
            no player.
    """

    below: float

    def is_judge(self, player: str) -> bool:
        """Return whether a player judges. Generated rounds never do."""
        return player != SYNTHETIC and _hash_to_unit(player, "judging") < self.below

    def separate(self, rounds: Iterable[LabeledRound]) -> tuple[list[LabeledRound], list[LabeledRound]]:
        """Return the rounds to train on, and those of the judges."""
        training: list[LabeledRound] = []
        judging: list[LabeledRound] = []
        for round_ in rounds:
            (judging if self.is_judge(round_.player) else training).append(round_)
        return training, judging


def choose_judges(players: Iterable[str], trained_from: float = NEVER_TRAINED) -> Judges:
    """Choose the judges: the half of the regular players with the lowest numbers, and more of a small group.

    Args:
        players: the player of each round.
        trained_from: the lowest number of a player that the champion was trained on. No judge has this number or
            a higher one.
    """
    counts = Counter(player for player in players if player != SYNTHETIC)
    regular = [player for player, count in counts.items() if count >= MIN_REGULAR_ROUNDS]
    numbers = sorted(_hash_to_unit(player, "judging") for player in regular or counts)
    wanted = count_judges(len(numbers))
    below, above = [0.0, *numbers][wanted], [*numbers, 1.0][wanted]
    return Judges(min((below + above) / 2, trained_from))


def count_judges(players: int) -> int:
    """Return how many of so many regular players judge if none of them was ever trained on."""
    trainers = max(MIN_TRAINERS, math.floor(players * MIN_TRAINER_SHARE))
    return max(math.ceil(players * JUDGE_SHARE), min(WANTED_JUDGES, players - trainers))


def get_trained_from(card: Mapping[str, Any]) -> float:
    """Return the lowest number of a player that a model, or a model before it, was trained on."""
    learned = card.get("learned") or {}
    if _TRAINED_FROM in learned:
        return float(learned[_TRAINED_FROM])
    return _OLD_TRAINED_FROM if learned.get("rounds") else NEVER_TRAINED


def assign_fold(player: str, folds: int) -> int:
    """Return the cross-validation fold of a player, from 0 up to ``folds`` - 1."""
    return int(_hash_to_unit(player, "folds") * folds)


def _hash_to_unit(player: str, salt: str) -> float:
    """Return a number from 0 up to 1, evenly spread over all players and fixed for each."""
    digest = hashlib.sha256(f"{salt}/{player}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / _HASHES
