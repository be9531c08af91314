"""Ids that sort by the time they were made: UUID version 7 (RFC 9562, section 5.7)."""

from __future__ import annotations

import secrets
import threading
import time
import uuid

_lock = threading.Lock()
_latest = 0


def make_id() -> str:
    """Return a new UUIDv7; within a process each is greater than the one before.

    48 bits of milliseconds are followed by 74 random bits, of which the counter's 12 come from the fraction of
    the millisecond (method 3 of RFC 9562, section 6.2) and are pushed on where the clock stands still.
    """
    global _latest  # noqa: PLW0603 (the clock's last reading is the process's)
    with _lock:
        ticks = time.time_ns() * 4096 // 1_000_000
        _latest = max(ticks, _latest + 1)
        milliseconds, fraction = divmod(_latest, 4096)
    value = milliseconds << 80 | 7 << 76 | fraction << 64 | 2 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=value))
