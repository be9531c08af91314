"""A challenge in a form that can be stored. Times count from the prompt of the open round.

A field that is added later needs a default, and none may be renamed: during a rolling restart, servers read what
newer and older ones have stored.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from feedback.records import Drawing
from game.rules import tuning


class SavedDrawing(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A live drawing.

    Attributes:
        numbers: the number of each stroke.
        strokes: in the layout of Quick, Draw!.
        erasures: how often something was taken back.
        pen_ms: the time of the newest point, also if it was taken back.
        is_lifted: whether the pen was lifted after the last point.
    """

    numbers: list[int] = []
    strokes: Drawing = []
    erasures: int = 0
    pen_ms: int = 0
    is_lifted: bool = False


class SavedRound(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The open round.

    Attributes:
        elapsed_ms: from its prompt to the moment when it was saved.
        changed_ms: when its drawing last changed.
        outcome, ended_ms: how and when it ended, if it still waits for a last guess.
    """

    target: str
    elapsed_ms: int
    changed_ms: int = 0
    drawing: SavedDrawing = SavedDrawing()
    outcome: Literal["skip", "timeout"] | None = None
    ended_ms: int = 0


class SavedChallenge(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A challenge. Guesses are left out: the model is asked again.

    Attributes:
        left_ms: what the clock shows between rounds; of a shared clock, what it shows at the start.
        granted_ms: the time at the start and all bonuses so far.
        played_ms: all rounds that are over, and the pauses between them.
        pause_ms: for how long no round has been open; None before the first round.
        is_shared: whether the clock is that of a room. When it started is not saved here, but with the room.
        wait_ms: for how long a skip still delays the next prompt, with a shared clock.
        round: the open round; None between rounds.
    """

    mode: str
    alphabet: str
    left_ms: int = tuning.DURATION_MS
    granted_ms: int = tuning.DURATION_MS
    rounds_begun: int = 0
    score: int = 0
    hits: int = 0
    combo: int = 0
    best_combo: int = 0
    played_ms: int = 0
    pause_ms: int | None = None
    is_shared: bool = False
    wait_ms: int = 0
    round: SavedRound | None = None
