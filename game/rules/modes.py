"""The ways to play."""

from __future__ import annotations

from typing import Final

SPRINT: Final = "sprint"
"""Against the clock, for points."""

PRACTICE: Final = "practice"
"""Without a clock and without points."""

DAILY: Final = "daily"
"""A sprint with the same prompts for all on that UTC day, once for each alphabet."""

TIMED_MODES: Final = frozenset({SPRINT, DAILY})
"""Modes with a clock and points."""

ADAPTED_MODES: Final = frozenset({SPRINT})
"""Modes whose later prompts depend on the earlier rounds. Where people compete on the same prompts, none do."""

PLAYABLE_MODES: Final = (SPRINT, DAILY, PRACTICE)

COMING_MODES: Final = ("duel",)
"""Modes that the protocol knows but that cannot be played yet."""
