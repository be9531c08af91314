"""Saves what an open database holds after its file was removed or replaced."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from feedback.sqlite.files import Identity, identify, make_private

_PAGES: Final = 2048  # copied at a time


def rescue_database(
    connection: sqlite3.Connection, path: Path, between: Callable[[], None]
) -> tuple[Path, Identity | None]:
    """Copy everything that ``connection`` sees to a new file beside ``path``, and return which file it is.

    Args:
        connection: open on the database that was at ``path``.
        path: where the database should be.
        between: called now and then, because a large database takes seconds.

    Raises:
        OSError, sqlite3.Error: if it cannot be written, for example because the disk is full.
    """
    copy = path.with_name(f"{path.name}.rescued-{datetime.now(UTC):%Y%m%dT%H%M%S}")
    part = copy.with_name(f"{copy.name}.part")
    try:
        make_private(part)
        with contextlib.closing(sqlite3.connect(part)) as target:
            connection.backup(target, pages=_PAGES, progress=lambda *_: between())
        with part.open("rb") as written:
            os.fsync(written.fileno())
        identity = identify(part)  # as soon as it has its name, somebody may rename it
        part.replace(copy)
    finally:
        part.unlink(missing_ok=True)
    return copy, identity
