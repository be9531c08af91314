"""The clocks of games: a player's own, one that a room shares, and none.

A challenge tells its clock when each round begins and ends. The clock says when the open round must end, and when
the next one may begin. Times are as in `game.rules.challenge`.
"""

from __future__ import annotations

from typing import TypedDict

from feedback.records import Outcome
from game.rules import scoring, tuning
from game.rules.modes import TIMED_MODES, get_time_factor
from game.rules.saved import SavedChallenge


class SavedClock(TypedDict, total=False):
    """The fields of `SavedChallenge` that hold a clock."""

    left_ms: int
    granted_ms: int
    played_ms: int
    pause_ms: int | None
    is_shared: bool
    wait_ms: int


class Clock:
    """The clock of a game in which time does not matter, and the base of the others.

    Attributes:
        duration_ms: time on the clock at the start; None without a clock.
        is_up: whether there is no time for another round.
        deadline_ms: when the open round must end; None if it need not.
        next_round_ms: when the next round may begin, or the game ends before one can; None if that is not known.
    """

    def __init__(self, duration_ms: int | None = None) -> None:
        self.duration_ms = duration_ms
        self.is_up = False
        self.deadline_ms: int | None = None
        self.next_round_ms: int | None = 0

    def get_remaining_ms(self, now_ms: int) -> int | None:  # noqa: ARG002
        """Return what the clock shows; None without a clock."""
        return None

    def advance(self, now_ms: int) -> None:
        """Let the clock reach ``now_ms`` while no round is open."""

    def begin_round(self, at_ms: int) -> None:
        """Note that a round begins."""

    def end_round(self, at_ms: int, outcome: Outcome, combo: int) -> int:  # noqa: ARG002
        """Note that the open round ends, with so many hits in a row. Return the time that these add."""
        return 0

    def stop(self) -> None:
        """End the game at once."""
        self.is_up, self.deadline_ms = True, None

    def save(self, now_ms: int) -> SavedClock:  # noqa: ARG002
        """Return the clock as it can be stored at ``now_ms``."""
        return {}


class OwnClock(Clock):
    """A clock that stands still between the end of a round and the next prompt.

    So neither a slow guess nor a slow disk costs time. `tuning.LONGEST_PLAY_MS` limits these pauses.

    Args:
        time_factor: how many times as long as in a sprint everything may take.
    """

    def __init__(self, time_factor: int = 1) -> None:
        super().__init__(time_factor * tuning.DURATION_MS)
        self._time_factor = time_factor
        self._left_ms = self._granted_ms = time_factor * tuning.DURATION_MS  # what it shows while it stands still
        self._played_ms = 0  # rounds and pauses, as `tuning.LONGEST_PLAY_MS` counts them
        self._begun_ms = 0  # when the newest round began
        self._paused_at_ms: int | None = None  # when the last round ended

    @classmethod
    def restore(cls, saved: SavedChallenge, now_ms: int) -> OwnClock:
        """Return the clock that `save` has saved, as if that were ``now_ms``."""
        clock = cls(get_time_factor(saved.mode))
        clock._left_ms, clock._granted_ms = saved.left_ms, saved.granted_ms
        clock._played_ms = saved.played_ms
        clock._paused_at_ms = None if saved.pause_ms is None else now_ms - saved.pause_ms
        clock.is_up = saved.left_ms <= 0
        if saved.round:
            clock._open(now_ms - saved.round.elapsed_ms)
        return clock

    def get_remaining_ms(self, now_ms: int) -> int:
        """Return what the clock shows."""
        return self._left_ms if self.deadline_ms is None else max(0, min(self._left_ms, self.deadline_ms - now_ms))

    def begin_round(self, at_ms: int) -> None:
        """Let the clock run."""
        if self._paused_at_ms is not None:
            self._played_ms += min(at_ms - self._paused_at_ms, tuning.COUNTED_PAUSE_MS)
        self._open(at_ms)

    def end_round(self, at_ms: int, outcome: Outcome, combo: int) -> int:
        """Stop the clock. A series of hits adds time to it, a skip takes some away."""
        duration_ms = max(0, at_ms - self._begun_ms)
        self._paused_at_ms = at_ms
        self._played_ms += duration_ms
        most_ms = max(0, self._time_factor * tuning.LONGEST_PLAY_MS - self._played_ms)
        left_ms = min(max(0, self._left_ms - duration_ms), most_ms)
        bonus_ms = 0
        if outcome == "hit":
            bonus_ms = scoring.get_combo_bonus_ms(combo)
            bonus_ms = scoring.cap_bonus_ms(bonus_ms, left_ms, self._granted_ms, self._time_factor)
            bonus_ms = min(bonus_ms, most_ms - left_ms)
        elif outcome == "skip":
            left_ms = max(0, left_ms - tuning.SKIP_COST_MS)
        self._granted_ms += bonus_ms
        self._left_ms = left_ms + bonus_ms
        self.is_up, self.deadline_ms = self._left_ms <= 0, None
        return bonus_ms

    def save(self, now_ms: int) -> SavedClock:
        """Return the clock as it can be stored at ``now_ms``."""
        return {
            "left_ms": self._left_ms,
            "granted_ms": self._granted_ms,
            "played_ms": self._played_ms,
            "pause_ms": None if self._paused_at_ms is None else now_ms - self._paused_at_ms,
        }

    def _open(self, begun_ms: int) -> None:
        self._begun_ms, self.deadline_ms = begun_ms, begun_ms + self._left_ms


class SharedClock(Clock):
    """The clock of a room: it starts and ends at the same moments for all who play there.

    No hit adds time. A skip takes none away, but delays the next prompt by `tuning.SKIP_COST_MS`.
    """

    def __init__(self, duration_ms: int, delayed_until_ms: int = 0) -> None:
        super().__init__(duration_ms)
        self.next_round_ms = None
        self._duration_ms = duration_ms
        self._start_ms: int | None = None  # None while the room waits
        self._delayed_until_ms = delayed_until_ms  # by the last skip

    def set_start(self, start_ms: int) -> None:
        """Set the moment at which all start. It may be set again once it is known more exactly."""
        self._start_ms, self.deadline_ms = start_ms, start_ms + self._duration_ms
        self.next_round_ms = min(max(start_ms, self._delayed_until_ms), self.deadline_ms)

    def stop(self) -> None:
        """End the game at once."""
        self.deadline_ms = self.next_round_ms = 0

    def get_remaining_ms(self, now_ms: int) -> int:
        """Return what the clock shows: all of its time until the start."""
        left_ms = self._duration_ms if self.deadline_ms is None else self.deadline_ms - now_ms
        return max(0, min(self._duration_ms, left_ms))

    def advance(self, now_ms: int) -> None:
        """Let the clock reach ``now_ms`` while no round is open."""
        self.is_up = self.deadline_ms is not None and now_ms >= self.deadline_ms

    def end_round(self, at_ms: int, outcome: Outcome, combo: int) -> int:  # noqa: ARG002
        """Note that the open round ends. A skip delays the next one."""
        if outcome == "skip" and self._start_ms is not None:
            self._delayed_until_ms = at_ms + tuning.SKIP_COST_MS
            self.set_start(self._start_ms)
        self.advance(at_ms)
        return 0

    def save(self, now_ms: int) -> SavedClock:
        """Return the clock as it can be stored at ``now_ms``, without its start."""
        wait_ms = max(0, self._delayed_until_ms - now_ms)
        return {
            "left_ms": self._duration_ms,
            "granted_ms": self._duration_ms,
            "is_shared": True,
            "wait_ms": wait_ms,
        }


def make_clock(mode: str) -> Clock:
    """Return the clock of a new game that is played alone."""
    return OwnClock(get_time_factor(mode)) if mode in TIMED_MODES else Clock()


def restore_clock(saved: SavedChallenge, now_ms: int) -> Clock:
    """Return the clock that was saved, as if that were ``now_ms``. The start of a shared one must be set again."""
    if saved.is_shared:
        return SharedClock(saved.left_ms, delayed_until_ms=now_ms + saved.wait_ms)
    return OwnClock.restore(saved, now_ms) if saved.mode in TIMED_MODES else Clock()
