"""Where this installation stores its data: the one place that reads INKRUSH_VAR."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

DEFAULT_VAR: Final = "var"
"""The folder of all that is stored, unless INKRUSH_VAR names another."""


def read_var_folder(environ: Mapping[str, str]) -> Path:
    """Return the folder INKRUSH_VAR, or ``var`` if that is absent or empty."""
    return Path(environ.get("INKRUSH_VAR", "").strip() or DEFAULT_VAR)


def read_store_url(environ: Mapping[str, str]) -> str:
    """Return INKRUSH_DATABASE_URL or, if that is absent or empty, the file ``inkrush.db`` in the var folder."""
    return environ.get("INKRUSH_DATABASE_URL", "").strip() or f"sqlite:///{read_var_folder(environ)}/inkrush.db"
