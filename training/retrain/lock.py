"""Keeps two retrains from working in the same folder at once."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from training.errors import AlreadyRunning

_LOCK_FILE: Final = ".lock"


@contextlib.contextmanager
def hold_lock(folder: Path) -> Iterator[None]:
    """Hold the folder's lock while the block runs. The lock ends with the process that holds it, however it ends.

    Raises:
        AlreadyRunning: if another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK_FILE).open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(
                f"Another retrain is running in {folder}. Nothing was done. Try again when it has ended."
            ) from error
        yield
