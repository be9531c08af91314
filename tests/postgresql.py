"""A PostgreSQL server for tests: a cluster of its own, with an empty database for each test."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from itertools import count
from pathlib import Path
from typing import Any, Final, Self

from tests.serving import free_port

_SETTINGS: Final = {
    "fsync": "off",  # a killed server loses nothing by that; only a power cut would
    "synchronous_commit": "on",
    "max_connections": "200",
    "shared_buffers": "32MB",
    "max_wal_size": "256MB",
    "log_min_messages": "fatal",
    "autovacuum": "on",
}
_TEMPLATE: Final = "store_template"


def find_programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, of the newest version; None if it is not installed."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    return next((folder for folder in reversed(folders) if (folder / "initdb").exists()), None)


class Cluster:
    """A running server. Use it as a context manager."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        # PostgreSQL refuses to run as root, and root's temporary folders are closed to others.
        self._user = "postgres" if os.geteuid() == 0 else None
        self._numbers = count(1)
        self._first_rows: dict[str, list[Any]] = {}  # of each table of a new store
        self._databases: list[str] = []
        self._stores: list[str] = []
        self._free_stores: list[str] = []
        self.folder = Path(tempfile.mkdtemp(prefix="inkrush-postgresql-", dir="/tmp"))
        if self._user is not None:
            entry = pwd.getpwnam(self._user)
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
        self.port = free_port()

    def __enter__(self) -> Self:
        data = str(self.folder / "data")
        self._run(
            "initdb", "--pgdata", data, "--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8"
        )
        with (self.folder / "data" / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in _SETTINGS.items())
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = f"-c port={self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        log = str(self.folder / "log")
        self._run("pg_ctl", "start", "--pgdata", str(self.folder / "data"), "--log", log, "-o", options, "--wait")

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server: ``fast`` ends its connections in order, ``immediate`` is like a kill."""
        self._run("pg_ctl", "stop", "--pgdata", str(self.folder / "data"), "--mode", mode, "--wait", check=False)

    def pause(self) -> None:
        """Stop all its processes from running. Clients see a server that hangs."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let its processes run again."""
        self._signal(signal.SIGCONT)

    def create_database(self) -> str:
        """Create an empty database and return its address. `clean` drops it."""
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        self._databases.append(name)
        return self.make_url(name)

    def create_store(self) -> str:
        """Return the address of a database with the tables of a store, which must stay as they are.

        `clean` empties it, for another test: that takes a tenth of the time of creating one.
        """
        name = self._free_stores.pop() if self._free_stores else self._create_store()
        self._stores.append(name)
        return self.make_url(name)

    def clean(self) -> None:
        """Drop the databases, and empty the stores, that were created since the last time."""
        while self._databases:
            self.execute(f"DROP DATABASE {self._databases.pop()} WITH (FORCE)")
        while self._stores:
            name = self._stores.pop()
            self._empty_store(name)
            self._free_stores.append(name)

    def _create_store(self) -> str:
        from feedback.postgresql.connection import Address, connect
        from feedback.postgresql.schema import migrate

        if not self._first_rows:
            self.execute(f"CREATE DATABASE {_TEMPLATE}")
            with connect(Address(self.make_url(_TEMPLATE)), "write") as connection:
                migrate(connection)
            tables = self.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
                _TEMPLATE,
            )
            self._first_rows = {table: self.execute(f"TABLE {table}", _TEMPLATE) for (table,) in tables}
        name = f"store_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return name

    def _empty_store(self, name: str) -> None:
        import psycopg

        with psycopg.connect(self.make_url(name)) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.execute("SET session_replication_role = replica")  # without triggers and references
            for table, rows in self._first_rows.items():
                connection.execute(f"DELETE FROM {table}".encode())  # noqa: S608
                for row in rows:
                    marks = ", ".join("%s" for _ in row)
                    connection.execute(f"INSERT INTO {table} VALUES ({marks})".encode(), row)  # noqa: S608
            connection.execute("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")

    def make_url(self, database: str) -> str:
        """Return the address of a database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str, database: str = "postgres") -> list[Any]:
        """Run a statement in a database and return its rows."""
        import psycopg

        with psycopg.connect(self.make_url(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def _signal(self, number: int) -> None:
        (pid, *_) = (self.folder / "data" / "postmaster.pid").read_text().splitlines()
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for process in (pid, *children):
            os.kill(int(process), number)

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments],
            user=self._user,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            check=False,
            timeout=120,
        )
        assert not check or done.returncode == 0, (program, done.stderr)
