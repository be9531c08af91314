"""Ids that sort by time: UUID version 7 (RFC 9562, section 5.7)."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
import uuid
from datetime import datetime
from typing import Final

_TICKS: Final = 4096  # of the counter in a millisecond
_RANDOM_BITS: Final = 62

_lock = threading.Lock()
_latest = 0


def make_id() -> str:
    """Return a new UUIDv7, greater than all that this process made before.

    48 bits of milliseconds are followed by a counter of 12 bits and 62 random bits. The counter is the fraction of
    the millisecond (RFC 9562, section 6.2, method 3); it still goes up while the clock stands still.
    """
    global _latest  # noqa: PLW0603 (the clock's last reading is the process's)
    with _lock:
        ticks = time.time_ns() * _TICKS // 1_000_000
        _latest = max(ticks, _latest + 1)
        milliseconds, fraction = divmod(_latest, _TICKS)
    return _format_id(milliseconds, fraction, secrets.randbits(_RANDOM_BITS))


def can_be_id(text: str) -> bool:
    """Return whether anything can be stored under an id. PostgreSQL stores no text with a null character."""
    return "\0" not in text


def derive_id(at: datetime, content: bytes) -> str:
    """Return the UUIDv7 of something that was made elsewhere: always the same for the same time and content.

    The bits that are otherwise random come from the content's SHA-256. Times before 1970 count as 1 January 1970.
    """
    digest = int.from_bytes(hashlib.sha256(content).digest()[:16], "big")
    fraction, rest = divmod(digest, 2**_RANDOM_BITS)
    return _format_id(max(0, int(at.timestamp() * 1000)), fraction % _TICKS, rest)


def _format_id(milliseconds: int, fraction: int, rest: int) -> str:
    return str(uuid.UUID(int=milliseconds << 80 | 7 << 76 | fraction << 64 | 2 << 62 | rest))
