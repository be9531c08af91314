"""Keeping under the quota, and waiting longer with every failure."""

from __future__ import annotations

import random
import threading
import time

from feedback.sheet.tuning import LONGEST_WAIT


class RequestPacer:
    """Spaces requests of one kind evenly; shared by the threads of a process.

    There are no bursts: a process that is killed and started over and over keeps the quota as well.
    """

    def __init__(self, per_minute: float) -> None:
        self._interval = 60 / per_minute
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self) -> None:
        """Return when it is this caller's turn."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + self._interval
        time.sleep(turn - now)


def compute_backoff(attempt: int, first: float, asked: float | None) -> float:
    """Return the seconds to wait after failure number ``attempt``, from 1: doubling from ``first``, with jitter.

    Google may have ``asked`` for a time, in seconds: then it is at least that.
    """
    grown = min(first * 2.0 ** (attempt - 1), LONGEST_WAIT)
    return max(asked or 0.0, grown) + random.uniform(0, grown)  # noqa: S311 (spreads load)
