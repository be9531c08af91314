"""Which games are left off the leaderboards, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from game.rules import tuning
from game.rules.plausibility import MORE_TIME_THAN_PASSED, REPEATED, TOO_FAST, HitTrace, find_doubt

CROWD: Final = "too many new players came from one address at once."

_CODES: Final = {
    CROWD: "crowd",
    TOO_FAST: "too_fast",
    MORE_TIME_THAN_PASSED: "impossible_times",
    REPEATED: "repeated",
}


def find_unranked_reason(hits: Sequence[HitTrace]) -> str | None:
    """Return why a game with these hits is not ranked, to follow "This game isn't on the leaderboard:"."""
    if len(hits) < tuning.LEAST_RANKED_HITS:
        return f"{tuning.LEAST_RANKED_HITS} hits are needed, and this game has {len(hits)}."
    # Not yet enough hits to doubt a hand, but a program could fill a board with such games in a moment.
    if sum(hit.duration_ms for hit in hits) < tuning.LEAST_RANKED_MS:
        return TOO_FAST
    return find_doubt(hits)


def get_unranked_code(reason: str | None) -> str | None:
    """Return a stable code for a reason, so that a client can say it in another language; None for no reason."""
    return reason and _CODES.get(reason, "too_few_hits")
