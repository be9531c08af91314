"""Writes figures that were measured into the docs, between ``<!-- measured: NAME -->`` and ``<!-- end -->``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

DOCS: Final = Path(__file__).parents[2] / "docs"


def make_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def write_measured(page: str, name: str, text: str) -> None:
    """Replace the figures called ``name`` in a page of the docs.

    Raises:
        ValueError: if the page has no such place.
    """
    path = DOCS / page
    marked = re.compile(rf"(<!-- measured: {re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)
    content, places = marked.subn(lambda match: f"{match[1]}{text}{match[2]}", path.read_text(encoding="utf-8"))
    if places != 1:
        raise ValueError(f"{page} has {places} places for {name}.")
    path.write_text(content, encoding="utf-8")
