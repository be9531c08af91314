"""One writer to a Sheet at a time: a row of the store says who, and until when."""

from __future__ import annotations

import os
import secrets
import socket
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from feedback.rows import format_time

_PROCESSES: Final = Path("/proc/self/ns/pid")


def new_holder() -> str:
    """Return a name for whoever writes: its machine, its process and something random."""
    return f"{_machine()} {os.getpid()} {secrets.token_hex(4)}"


def take_lease(
    connection: sqlite3.Connection, spreadsheet: str, holder: str, now: datetime, seconds: float
) -> bool:
    """Take the lease, or renew it, for ``seconds``; return whether it is the holder's.

    It can be taken when it has expired, or when whoever held it was a process of this machine that is no more.
    """
    connection.execute("INSERT INTO sheets (spreadsheet) VALUES (?) ON CONFLICT DO NOTHING", (spreadsheet,))
    row = connection.execute(
        "SELECT holder, expires_at FROM sheets WHERE spreadsheet = ?", (spreadsheet,)
    ).fetchone()
    if (
        row["holder"] not in (None, holder)
        and row["expires_at"] > format_time(now)
        and not _is_gone(row["holder"])
    ):
        return False
    connection.execute(
        "UPDATE sheets SET holder = ?, expires_at = ? WHERE spreadsheet = ?",
        (holder, format_time(now + timedelta(seconds=seconds)), spreadsheet),
    )
    return True


def holds_lease(connection: sqlite3.Connection, spreadsheet: str, holder: str) -> bool:
    """Return whether nobody has taken the lease over."""
    row = connection.execute("SELECT holder FROM sheets WHERE spreadsheet = ?", (spreadsheet,)).fetchone()
    return row is not None and row["holder"] == holder


def give_back_lease(connection: sqlite3.Connection, spreadsheet: str, holder: str) -> None:
    """Let the next one have it at once."""
    connection.execute(
        "UPDATE sheets SET holder = NULL, expires_at = NULL WHERE spreadsheet = ? AND holder = ?",
        (spreadsheet, holder),
    )


def _machine() -> str:
    """Return what tells this machine's processes from another's, containers included."""
    try:
        processes = str(_PROCESSES.readlink())
    except OSError:
        processes = ""
    return f"{socket.gethostname()}/{processes}".replace(" ", "_")


def _is_gone(holder: str) -> bool:
    machine, pid, _ = holder.rsplit(" ", 2)
    if machine != _machine():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
