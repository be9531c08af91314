"""Rings at the next time at which something may happen to a game."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from game.play.clock import Clock


class Alarm:
    """Calls ``ring`` once the time that ``find_wake_ms`` names has come.

    An alarm that will ring too early is left as it is. Each message moves that time, and it costs less to set the
    alarm again a few times a second than twice for each message.

    Args:
        clock: the clock of the times.
        find_wake_ms: returns when to ring; None if there is nothing to wait for.
        ring: is called then. The alarm has to be set again.
    """

    def __init__(self, clock: Clock, find_wake_ms: Callable[[], int | None], ring: Callable[[], None]) -> None:
        self._clock = clock
        self._find_wake_ms = find_wake_ms
        self._ring = ring
        self._timer: asyncio.TimerHandle | None = None
        self._rings_at_ms: int | None = None

    def set(self) -> None:
        """Ring at the time that is next now."""
        wake_ms = self._find_wake_ms()
        if wake_ms is not None and (self._rings_at_ms is None or wake_ms < self._rings_at_ms):
            self.drop()
            self._rings_at_ms = wake_ms
            seconds = max(0, wake_ms - self._clock()) / 1000
            self._timer = asyncio.get_running_loop().call_later(seconds, self._wake)

    def drop(self) -> None:
        """Do not ring."""
        if self._timer:
            self._timer.cancel()

    def _wake(self) -> None:
        self._rings_at_ms = None
        wake_ms = self._find_wake_ms()
        if wake_ms is not None and wake_ms <= self._clock():
            self._ring()
        else:
            self.set()
