"""The key that signs cookies. The server makes one and stores it in its folder if the settings give none."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Final

FILE: Final = "secret.key"

SHORTEST_KEY: Final = 16
"""The fewest characters of a key."""


class SecretError(Exception):
    """The stored key cannot be read or made. The message says why."""


def load_secret(folder: Path) -> str:
    """Return the key stored in ``folder``. If there is none, make one that only its owner can read.

    Raises:
        SecretError: if it cannot be stored or read, or what is stored is not a key.
    """
    path = folder / FILE
    try:
        if not path.exists():
            _make(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise SecretError(f"The secret key cannot be stored in {path}: {reason}.") from error
    if len(key) < SHORTEST_KEY:
        raise SecretError(
            f"{path} does not contain a key. Delete it, and a new one is made. All players then start anew."
        )
    return key


def _make(path: Path) -> None:
    # First written in full under another name, so that servers that start together all read the same key.
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".secret-")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        Path(temporary).unlink()
