"""An event loop whose time stands still while the process does.

A process can be stopped for a while: by SIGSTOP, when its machine sleeps or when its virtual machine moves. On its
return, all timeouts would be over at once, before anything is read of what clients have sent meanwhile. Here that
time does not count: not for timeouts, and not for the clocks of games.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from typing import Final

STANDSTILL_SECONDS: Final = 1.0
"""The shortest standstill that is noticed. A busy loop takes a few tenths of a second for one turn at most."""


class _Selector(selectors.DefaultSelector):
    """Measures how much longer than expected the loop waits for events, or computes between two waits."""

    def __init__(self) -> None:
        super().__init__()
        self.standstill = 0.0  # seconds, in all
        self._waited_until = time.monotonic()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        began = time.monotonic()
        self._count(began - self._waited_until)
        events = super().select(timeout)
        self._waited_until = time.monotonic()
        if timeout is not None:
            self._count(self._waited_until - began - max(0.0, timeout))
        return events

    def _count(self, seconds: float) -> None:
        if seconds > STANDSTILL_SECONDS:
            self.standstill += seconds


class SteadyLoop(asyncio.SelectorEventLoop):
    """The event loop of a server. Something must run every second on it, so that a standstill is noticed."""

    def __init__(self) -> None:
        self._watched_selector = _Selector()
        super().__init__(self._watched_selector)

    @property
    def standstill(self) -> float:
        """For how many seconds the process stood still so far."""
        return self._watched_selector.standstill

    def time(self) -> float:
        """Return the seconds in which the process could run."""
        return time.monotonic() - self._watched_selector.standstill


def read_standstill_ms() -> int:
    """Return for how many milliseconds the process has stood still so far; 0 on any other event loop."""
    loop = asyncio.get_running_loop()
    return round(1000 * loop.standstill) if isinstance(loop, SteadyLoop) else 0
