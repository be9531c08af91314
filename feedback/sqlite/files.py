"""The files of an open database: whether they are still the ones at their path, and who may read them."""

from __future__ import annotations

import logging
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_OWNER_ONLY: Final = 0o600
_OTHERS: Final = 0o077

_log = logging.getLogger(__name__)
_creating = threading.Lock()

Identity = tuple[int, int]
"""Device and inode."""


@dataclass(frozen=True, slots=True)
class FileFault:
    """What happened to the files.

    Attributes:
        reason: in words, without the path.
        is_in_log: whether only the write-ahead log is affected, and the database itself is in its place.
    """

    reason: str
    is_in_log: bool


class StoreFiles:
    """Notices when an open database, or a file of its write-ahead log, is removed or replaced.

    SQLite goes on with the files that it has opened. What is written to them then is gone at the end of the
    process, although each commit succeeds. To look costs three calls of ``stat``, a few microseconds.
    """

    def __init__(self, path: Path) -> None:
        self.path: Final = path
        self._log_files: Final = list_log_files(path)
        self._own: dict[Path, Identity | None] = {}

    def remember(self) -> None:
        """Take the files that are in place now for ours. The database must be open and must have been read."""
        self._own = {path: identify(path) for path in (self.path, *self._log_files)}

    def find_fault(self) -> FileFault | None:
        """Return what is wrong with the files, or None."""
        try:
            status = self.path.stat()
        except OSError:
            return FileFault("the file was removed", is_in_log=False)
        if (status.st_dev, status.st_ino) != self._own[self.path]:
            return FileFault("another file is in its place", is_in_log=False)
        if status.st_size == 0:
            return FileFault("the file was emptied", is_in_log=False)
        if any(identify(path) != self._own[path] for path in self._log_files):
            return FileFault("its write-ahead log was removed or replaced", is_in_log=True)
        return None

    def is_gone(self) -> bool:
        """Return whether the database was removed from its path, or another file is there."""
        return identify(self.path) != self._own[self.path]

    def remove_own_log(self) -> None:
        """Remove the log from its place, so that SQLite does not apply it to another database at our path."""
        for path in self._log_files:
            if identify(path) is not None and identify(path) == self._own[path]:
                path.unlink(missing_ok=True)

    @contextmanager
    def keep_foreign_log(self) -> Iterator[None]:
        """Keep the log of another database at our path while ours is closed: SQLite deletes a log by its name."""
        log = self._log_files[0]
        aside = log.with_name(f"{log.name}.aside")
        is_foreign = self.is_gone() and identify(log) not in {None, self._own[log]}
        if is_foreign:
            log.rename(aside)
        try:
            yield
        finally:
            if is_foreign:
                aside.rename(log)


def list_log_files(path: Path) -> tuple[Path, Path]:
    """Return the write-ahead log of a database and its index. SQLite puts them where a symbolic link leads."""
    real = path.resolve()
    return real.with_name(f"{real.name}-wal"), real.with_name(f"{real.name}-shm")


def identify(path: Path) -> Identity | None:
    """Return which file is at a path; None if there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def make_private(path: Path) -> None:
    """Create the file if it is missing, and let nobody but its owner read it and its log.

    SQLite gives the log the mode of the database.

    Raises:
        OSError: if it cannot be created.
    """
    # A file that this process has open must not be opened and closed here: that would drop SQLite's locks on it.
    # So a new one is closed again before anything else in the process can open it.
    with _creating:
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _OWNER_ONLY))
        except FileExistsError:
            pass
        else:
            return
    for file in (path, *list_log_files(path)):
        _tighten(file)


def _tighten(path: Path) -> None:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & _OTHERS and path.is_file():
            path.chmod(mode & ~_OTHERS)
            _log.warning("Others could read %s. Its mode is %03o now.", path, mode & ~_OTHERS)
    except FileNotFoundError:
        return
    except OSError as error:
        _log.warning("Others can read %s, and its mode cannot be changed: %s.", path, error.strerror)
