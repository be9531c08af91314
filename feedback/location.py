"""Where this installation stores its data: the one place that reads INKRUSH_VAR."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from feedback.errors import StoreError

DEFAULT_VAR: Final = "var"
"""The folder of all that is stored, unless INKRUSH_VAR names another."""


_BASE64_JSON: Final = "eyJ"  # how a JSON object begins in base64
_SHORTEST_KEY: Final = 100  # characters; a private key alone has more than a thousand


def is_key(text: str) -> bool:
    """Return whether a setting that should be a path holds a service account's key. Then nobody may print it."""
    is_json_or_pem = text.lstrip("\ufeff'\"").startswith("{") or "PRIVATE KEY" in text or "\n" in text
    return is_json_or_pem or (text.startswith(_BASE64_JSON) and len(text) >= _SHORTEST_KEY)


def read_folder(environ: Mapping[str, str], name: str) -> Path | None:
    """Return the folder that the variable ``name`` names; None if it is absent or empty.

    Raises:
        StoreError: if it holds a key. The text does not repeat it.
    """
    text = environ.get(name, "").strip()
    if is_key(text):
        raise StoreError(f"{name} holds a key, but must be the path of a folder.")
    return Path(text) if text else None


def read_var_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder INKRUSH_VAR, or ``var`` if that is absent or empty.

    Raises:
        StoreError: if it holds a key.
    """
    return read_folder(environ, "INKRUSH_VAR") or Path(DEFAULT_VAR)


def read_store_url(environ: Mapping[str, str]) -> str:
    """Return INKRUSH_DATABASE_URL or, if that is absent or empty, the file ``inkrush.db`` in the var folder.

    Raises:
        StoreError: if that is needed and INKRUSH_VAR holds a key.
    """
    return environ.get("INKRUSH_DATABASE_URL", "").strip() or f"sqlite:///{read_var_folder(environ)}/inkrush.db"
