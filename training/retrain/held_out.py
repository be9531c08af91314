"""Which players are trained on, and which are held out to judge. A player never changes sides."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

from feedback.records import SYNTHETIC
from training.retrain.bounds import JUDGE_SHARE
from training.retrain.rounds.labeled_round import LabeledRound

_HASHES: Final = 2**64


def is_judge(player: str) -> bool:
    """Return whether a player is held out to judge. Only the id decides, so later rounds never change it."""
    return player != SYNTHETIC and _hash_to_unit(player, "judging") < JUDGE_SHARE


def assign_fold(player: str, folds: int) -> int:
    """Return the cross-validation fold of a player, from 0 up to ``folds`` - 1."""
    return int(_hash_to_unit(player, "folds") * folds)


def separate_judges(rounds: Iterable[LabeledRound]) -> tuple[list[LabeledRound], list[LabeledRound]]:
    """Return the rounds to train on, and those of the judges."""
    training: list[LabeledRound] = []
    judging: list[LabeledRound] = []
    for round_ in rounds:
        (judging if is_judge(round_.player) else training).append(round_)
    return training, judging


def _hash_to_unit(player: str, salt: str) -> float:
    """Return a number from 0 up to 1, evenly spread over all players and fixed for each."""
    digest = hashlib.sha256(f"{salt}/{player}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / _HASHES
