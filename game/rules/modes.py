"""The ways to play."""

from __future__ import annotations

from typing import Final

SPRINT: Final = "sprint"
"""Against the clock, for points."""

PRACTICE: Final = "practice"
"""Without a clock and without points."""

PLAYABLE_MODES: Final = (SPRINT, PRACTICE)

COMING_MODES: Final = ("daily", "duel")
"""Modes that the protocol knows but that cannot be played yet."""
