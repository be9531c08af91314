"""Where the store is, as the environment says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

DEFAULT_VAR: Final = "var"
"""The folder for what is kept, where INKRUSH_VAR names no other."""


def read_store_url(environ: Mapping[str, str]) -> str:
    """Return INKRUSH_DATABASE_URL or, where it is absent or empty, a file in the folder INKRUSH_VAR."""
    var = environ.get("INKRUSH_VAR", "").strip() or DEFAULT_VAR
    return environ.get("INKRUSH_DATABASE_URL", "").strip() or f"sqlite:///{var}/inkrush.db"
