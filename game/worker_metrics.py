"""The metrics of several workers, added up: each writes its own into files of a shared folder.

Any worker that is asked for metrics reads the files of all. A new worker goes on with the files of one that has
ended, so that no counter falls, and the number of files does not grow.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable in which prometheus_client looks for the folder."""

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 (the files need not outlive the machine, and are written often)


def make_folder() -> Path:
    """Make an empty folder for the files. The supervisor removes it or, if that was killed, its workers."""
    is_usable = os.access(_MEMORY, os.W_OK)
    return Path(tempfile.mkdtemp(prefix="inkrush-metrics-", dir=_MEMORY if is_usable else None))


def remove_folder() -> None:
    """Remove the folder whose supervisor is gone. Other workers go on with the files that they have open."""
    shutil.rmtree(os.environ[FOLDER_VARIABLE], ignore_errors=True)


def join(name: str) -> None:
    """Write this process's metrics into its files, called ``name``. Call this before the metrics are made."""
    from prometheus_client import values  # noqa: PLC0415 (the supervisor does without it)

    values.ValueClass = values.MultiProcessValue(lambda: name)  # type: ignore[no-untyped-call]


def forget_gauges(folder: Path, name: str) -> None:
    """Remove the gauges of a worker that has ended. Its counters stay."""
    for path in folder.glob(f"gauge_live*_{name}.db"):
        path.unlink(missing_ok=True)
