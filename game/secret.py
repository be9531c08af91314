"""The key that signs cookies, kept in the server's own folder when the environment gives none."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Final

FILE: Final = "secret.key"

_LEAST: Final = 16  # characters


class SecretError(Exception):
    """The kept key cannot be read or made; the text says why, for a person."""


def load_secret(folder: Path) -> str:
    """Return the key kept in ``folder``, made there, readable by its owner alone, if there is none yet.

    Raises:
        SecretError: if it cannot be kept, or what is kept is no key.
    """
    path = folder / FILE
    try:
        if not path.exists():
            _make(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise SecretError(f"The secret key cannot be kept in {path}: {reason}.") from error
    if len(key) < _LEAST:
        raise SecretError(f"{path} holds no key. Delete it to have a new one made; players then start afresh.")
    return key


def _make(path: Path) -> None:
    # Written whole under another name first, so that servers that start together all read the same key.
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
