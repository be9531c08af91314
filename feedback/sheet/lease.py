"""One writer to a Sheet at a time: a row of the store says which process, and until when."""

from __future__ import annotations

import os
import secrets
import socket
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from feedback.database_rows import format_time
from feedback.sql import Connection

_PROCESS_NAMESPACE: Final = Path("/proc/self/ns/pid")


def new_holder() -> str:
    """Return a name for this writer: its machine, its process and a random part."""
    return f"{_name_machine()} {os.getpid()} {secrets.token_hex(4)}"


def take_lease(connection: Connection, spreadsheet: str, holder: str, seconds: float) -> bool:
    """Take or renew the lease for ``seconds`` and return whether ``holder`` has it.

    It can be taken if it has expired by the clock of the database, or if its holder was a process of this machine
    that has ended.
    """
    connection.execute(
        "INSERT INTO sheets (spreadsheet) VALUES (?) ON CONFLICT (spreadsheet) DO NOTHING", (spreadsheet,)
    )
    row = connection.execute(
        "SELECT holder, utc_now() AS now FROM sheets WHERE spreadsheet = ?", (spreadsheet,)
    ).fetchone()
    expires_at = datetime.fromisoformat(row["now"]) + timedelta(seconds=seconds)
    # One statement checks and writes, because another process may take it at the same time.
    taken = connection.execute(
        "UPDATE sheets SET holder = :holder, expires_at = :expires_at WHERE spreadsheet = :spreadsheet "
        "AND (holder IS NULL OR holder = :holder OR holder = :ended OR expires_at <= :now)",
        {
            "spreadsheet": spreadsheet,
            "holder": holder,
            "ended": row["holder"] if row["holder"] and _has_ended(row["holder"]) else None,
            "now": row["now"],
            "expires_at": format_time(expires_at),
        },
    )
    return taken.rowcount > 0


def keep_lease(connection: Connection, spreadsheet: str, holder: str) -> bool:
    """Return whether ``holder`` still has the lease. Nobody can take it before the transaction ends."""
    kept = connection.execute(
        "UPDATE sheets SET holder = holder WHERE spreadsheet = ? AND holder = ?", (spreadsheet, holder)
    )
    return kept.rowcount > 0


def give_back_lease(connection: Connection, spreadsheet: str, holder: str) -> None:
    """Let the next process have the lease at once."""
    connection.execute(
        "UPDATE sheets SET holder = NULL, expires_at = NULL WHERE spreadsheet = ? AND holder = ?",
        (spreadsheet, holder),
    )


def _name_machine() -> str:
    """Return a name that tells apart the processes of different machines and containers."""
    try:
        namespace = str(_PROCESS_NAMESPACE.readlink())
    except OSError:
        namespace = ""
    return f"{socket.gethostname()}/{namespace}".replace(" ", "_")


def _has_ended(holder: str) -> bool:
    machine, pid, _ = holder.rsplit(" ", 2)
    if machine != _name_machine():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
