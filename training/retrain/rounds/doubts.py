"""Labels that a careful look contradicts, and players whose word is worth nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from feedback.quarantine import Doubt
from recognition.alphabets import CLASSES
from training.evaluation.metrics import Floats
from training.fit.label_noise import find_doubtful
from training.retrain.rounds.samples import Candidate, Refused, labels_of

MOST_CONTRADICTED: Final = 0.4
"""Share of what a player says that may be contradicted. Beyond it, nothing that the player says is believed."""

FEWEST_SAID: Final = 8
"""Labels of a player before such a share means anything."""

Mask = npt.NDArray[np.bool_]


def contradicted(found: Sequence[Candidate], probabilities: Floats) -> Mask:
    """Return which labels are doubtful, (N,), by probabilities (N, 62) of models that never saw their players.

    Curators are believed, whatever a model says; and of what was only asked for nobody said that it was drawn.
    """
    trusted = np.array([candidate.said_by in ("curator", "prompt") for candidate in found], dtype=bool)
    mask: Mask = find_doubtful(labels_of(found), probabilities) & ~trusted
    return mask


def not_believed(found: Sequence[Candidate], doubted: Mask) -> frozenset[str]:
    """Return the players too much of whose word is contradicted.

    Only what they said themselves counts: a hit is the game's word, and hits must not buy belief.
    """
    said: dict[str, list[bool]] = {}
    for candidate, is_doubted in zip(found, doubted.tolist(), strict=True):
        if candidate.said_by == "player":
            said.setdefault(candidate.player, []).append(is_doubted)
    return frozenset(
        player
        for player, doubts in said.items()
        if len(doubts) >= FEWEST_SAID and sum(doubts) > MOST_CONTRADICTED * len(doubts)
    )


def is_of(players: frozenset[str], candidate: Candidate) -> bool:
    """Return whether the candidate is one of these players', and no curator has spoken for it."""
    return candidate.said_by != "curator" and candidate.player in players


def as_doubt(candidate: Candidate, probabilities: Floats, reason: Refused) -> Doubt:
    """Return what a person is told of a doubtful label; ``probabilities`` are (62,), of what was seen instead."""
    return Doubt(
        round=candidate.round,
        label=CLASSES[candidate.label],
        seen=CLASSES[int(np.argmax(probabilities))],
        why=reason.value,
    )
