"""The card of a game: a few lines of text to share, which tell how it went but not what was drawn.

It needs no translation, and is the same for everybody who looks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from feedback.records import Outcome
from game.rules import tuning

RANGES: Final = {
    "any": "0-9 A-Z a-z",
    "digits": "0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "letters": "A-Z a-z",
}
"""Each alphabet in characters that need no translation."""
_HITS: Final = ("🟨", "🟧", "🟫")  # the faster, the brighter: also without seeing their colors
_MISS: Final = "❌"
_IN_A_ROW: Final = 10


def make_card(day: date, alphabet: str, score: int, rounds: Iterable[tuple[Outcome, int]], streak: int = 0) -> str:
    """Return the card of a game: a title, then a sign for each round, ten in a line.

    Args:
        day: when it was played, UTC.
        alphabet: its alphabet.
        score: its score.
        rounds: their outcomes and times in ms, in order.
        streak: the player's streak on that day, if the game is a daily; it is shown from two days on.
    """
    parts = [f"Inkrush {day.isoformat()}", RANGES[alphabet], f"{score:,}"]
    if streak > 1:
        parts.append(f"🔥 {streak}")
    signs = [_choose_sign(outcome, duration_ms) for outcome, duration_ms in rounds]
    lines = ["".join(signs[start : start + _IN_A_ROW]) for start in range(0, len(signs), _IN_A_ROW)]
    return "\n".join([" · ".join(parts), *lines])


def count_steps(outcome: Outcome, duration_ms: int) -> int | None:
    """Return how many of `tuning.CARD_STEPS_MS` a hit took: 0 for the fastest. None if it was no hit."""
    if outcome != "hit":
        return None
    return sum(duration_ms >= limit_ms for limit_ms in tuning.CARD_STEPS_MS)


def _choose_sign(outcome: Outcome, duration_ms: int) -> str:
    steps = count_steps(outcome, duration_ms)
    return _MISS if steps is None else _HITS[steps]
