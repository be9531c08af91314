"""Google's quota: so many requests of a kind in any minute."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Final

PER_MINUTE: Final = 60
"""Reads, and writes, a minute and user (https://developers.google.com/workspace/sheets/api/limits)."""


class Quota:
    """Counts the requests of one kind in a sliding minute.

    Attributes:
        total: requests that were let through.
        refused: requests that were too many.
        peak: the most requests that were let through in any minute.
    """

    def __init__(
        self, per_minute: int | None, minute: float = 60.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Start counting.

        Args:
            per_minute: requests let through in a minute; None for all.
            minute: how many seconds a minute has here.
            clock: returns the time in seconds.
        """
        self.per_minute = per_minute
        self.total = self.refused = self.peak = 0
        self._minute = minute
        self._clock = clock
        self._times: deque[float] = deque()
        self._lock = threading.Lock()

    def take(self) -> bool:
        """Count a request and return whether it may pass. A refused one does not count against later ones."""
        with self._lock:
            now = self._clock()
            while self._times and self._times[0] <= now - self._minute:
                self._times.popleft()
            if self.per_minute is not None and len(self._times) >= self.per_minute:
                self.refused += 1
                return False
            self._times.append(now)
            self.total += 1
            self.peak = max(self.peak, len(self._times))
            return True
