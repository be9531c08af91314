"""Who teaches and who judges: every player is wholly one or the other, and stays so for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

from feedback.records import SYNTHETIC
from training.retrain.bounds import JUDGING_SHARE
from training.retrain.rounds.samples import Candidate

_VALUES: Final = 2**64


def judges(player: str) -> bool:
    """Return whether a player's rounds judge; it hangs on the id alone, so no later rounds change it."""
    return player != SYNTHETIC and _place(player, "judging") < JUDGING_SHARE


def fold_of(player: str, folds: int) -> int:
    """Return which of so many parts of the players a player is in."""
    return int(_place(player, "folds") * folds)


def split(found: Iterable[Candidate]) -> tuple[list[Candidate], list[Candidate]]:
    """Return the candidates that teach and those that judge."""
    teaching: list[Candidate] = []
    judging: list[Candidate] = []
    for candidate in found:
        (judging if judges(candidate.player) else teaching).append(candidate)
    return teaching, judging


def _place(player: str, what: str) -> float:
    """Return a place from 0 up to 1, spread evenly over all players."""
    digest = hashlib.sha256(f"{what}/{player}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / _VALUES
