"""The time of the database, which is the same for all servers, on the clock of this one."""

from __future__ import annotations

from game.play.clock import Clock


class DatabaseTime:
    """Learns from answers of the database how far its clock is ahead of the local one.

    An answer was made between the question and its arrival, so each one says in which range the difference lies.
    The range becomes smaller with each answer, until one contradicts: then a clock was set, or this process stood
    still, and only that answer counts.

    Args:
        clock: the local one, in milliseconds.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._least_ms = self._most_ms = 0
        self._is_known = False

    def note(self, database_ms: int, asked_ms: int) -> None:
        """Take an answer to a question that was asked at ``asked_ms`` on the local clock."""
        least_ms, most_ms = database_ms - self._clock(), database_ms - asked_ms
        if self._is_known and least_ms <= self._most_ms and most_ms >= self._least_ms:
            least_ms, most_ms = max(least_ms, self._least_ms), min(most_ms, self._most_ms)
        self._least_ms, self._most_ms, self._is_known = least_ms, most_ms, True

    def read(self) -> int:
        """Return the time of the database now. There must have been an answer."""
        return self._clock() + self._difference_ms

    def find_local_ms(self, database_ms: int) -> int:
        """Return when it is ``database_ms`` on the local clock."""
        return database_ms - self._difference_ms

    @property
    def _difference_ms(self) -> int:
        return (self._least_ms + self._most_ms) // 2
