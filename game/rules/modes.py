"""The ways to play."""

from __future__ import annotations

from typing import Final

from feedback.records import DAILY_MODE, KEYS_MODE, ROOM_MODE
from game.rules import tuning

SPRINT: Final = "sprint"
"""Against the clock, for points."""

PRACTICE: Final = "practice"
"""Without a clock and without points."""

DAILY: Final = DAILY_MODE
"""A sprint with the same prompts for all on that UTC day, once for each alphabet."""

DUEL: Final = ROOM_MODE
"""A game in a room, with the same prompts and the same clock for all who are there."""

EXTRA: Final = "extra"
"""A sprint with extra time."""

KEYS: Final = KEYS_MODE
"""A sprint for people who draw with the arrow keys."""

TIMED_MODES: Final = frozenset({SPRINT, DAILY, EXTRA, KEYS})
"""Modes in which a player has a clock of their own, and points."""

_TIME_FACTORS: Final = {EXTRA: tuning.EXTRA_TIME, KEYS: tuning.KEYS_TIME}

ADAPTED_MODES: Final = frozenset({SPRINT})
"""Modes whose later prompts depend on the earlier rounds. Where people compete on the same prompts, none do."""

HITS_ONLY_MODES: Final = frozenset({SPRINT, DAILY, EXTRA})
"""Modes with boards. What players say about their drawings does not count there, only what they hit."""

PLAYABLE_MODES: Final = (SPRINT, DAILY, PRACTICE, DUEL, EXTRA, KEYS)


def get_time_factor(mode: str) -> int:
    """Return how many times as long as in a sprint everything may take."""
    return _TIME_FACTORS.get(mode, 1)
