"""The clock of games."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Returns milliseconds."""


def read_monotonic_ms() -> int:
    """Return the reading of a clock that only goes forward, in milliseconds."""
    return time.monotonic_ns() // 1_000_000
