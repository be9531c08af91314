"""Keeps requests below Google's quota and makes each further retry wait longer."""

from __future__ import annotations

import random
import threading
import time

from feedback.sheet.tuning import LONGEST_WAIT


class RequestPacer:
    """Spaces requests of one kind evenly. All threads of a process share it.

    It allows no bursts, so that even a process that is killed and restarted again and again stays below the quota.
    """

    def __init__(self, per_minute: float) -> None:
        self._interval = 60 / per_minute
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self) -> None:
        """Block until the next request may be made."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + self._interval
        time.sleep(turn - now)


def compute_backoff(attempt: int, first: float, retry_after_s: float | None) -> float:
    """Return the seconds to wait after failure number ``attempt``, counted from 1.

    The wait doubles from ``first`` with each attempt, plus jitter. It is never shorter than ``retry_after_s``,
    the time that Google asked for.
    """
    doubled = min(first * 2.0 ** (attempt - 1), LONGEST_WAIT)
    return max(retry_after_s or 0.0, doubled) + random.uniform(0, doubled)  # noqa: S311 (spreads load)
