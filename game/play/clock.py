"""The clock of games."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

Clock = Callable[[], int]
"""Returns milliseconds."""


def read_monotonic_ms() -> int:
    """Return the milliseconds of the event loop's clock. It only goes forward.

    On a server's own loop it stands still while the process does.
    """
    return int(1000 * asyncio.get_running_loop().time())
