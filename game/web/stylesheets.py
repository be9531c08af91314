"""Joins the style sheets of a page into one file, so that a browser asks once.

A sheet imports others at its start, ``@import "../tokens.css";``, and its addresses are relative,
``url("../img/grain.svg")``. The files on disk work in a browser as they are.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Final

# Strings are matched too, so that none is taken for a comment.
_STRING_OR_COMMENT: Final = re.compile(r""""[^"\n]*"|'[^'\n]*'|/\*.*?\*/""", re.DOTALL)
_IMPORT: Final = re.compile(r'\s*@import\s+"([^"]+)"\s*;')
_ADDRESS: Final = re.compile(r"""url\(\s*(["']?)([^"')]+)\1\s*\)""")
_NOT_RELATIVE: Final = re.compile(r"[a-z]+:|/|#")
_EMPTY_LINES: Final = re.compile(r"\n\s*\n+")


class BadStylesheet(ValueError):
    """A style sheet has an import that cannot be joined."""


def join_stylesheets(entry: str, sheets: Mapping[str, str], pictures: Mapping[str, str]) -> str:
    """Return the style sheet at the path ``entry`` with all sheets that it imports, each once, without comments.

    Args:
        entry: a path in ``sheets``.
        sheets: the text of each sheet, by its path.
        pictures: addresses that contain the whole picture (``data:``), by its path.

    Raises:
        BadStylesheet: an import is not at the start, has another form, or names no sheet.
    """
    parts: dict[str, str] = {}
    _collect(entry, sheets, parts, set())
    target = posixpath.dirname(entry)
    parts = {
        path: _adapt_addresses(text, posixpath.dirname(path), target, pictures) for path, text in parts.items()
    }
    return "\n".join(filter(None, parts.values()))


def _collect(path: str, sheets: Mapping[str, str], parts: dict[str, str], seen: set[str]) -> None:
    """Add the sheet at ``path`` to ``parts``, after what it imports."""
    seen.add(path)
    rest = _STRING_OR_COMMENT.sub(lambda match: " " if match[0].startswith("/*") else match[0], sheets[path])
    while match := _IMPORT.match(rest):
        imported = posixpath.normpath(posixpath.join(posixpath.dirname(path), match[1]))
        if imported not in sheets:
            raise BadStylesheet(f'{path}: there is no style sheet "{match[1]}".')
        if imported not in seen:
            _collect(imported, sheets, parts, seen)
        rest = rest[match.end() :]
    if "@import" in rest:
        raise BadStylesheet(f'{path}: write imports as @import "other.css"; before everything else.')
    parts[path] = _EMPTY_LINES.sub("\n", rest).strip()


def _adapt_addresses(text: str, folder: str, target: str, pictures: Mapping[str, str]) -> str:
    """Return a sheet of ``folder`` as one of the folder ``target``."""

    def adapt(match: re.Match[str]) -> str:
        address = match[2]
        if not _NOT_RELATIVE.match(address):
            path = posixpath.normpath(posixpath.join(folder, address))
            address = pictures.get(path) or posixpath.relpath(path, target or ".")
        return f'url("{address}")'

    return _ADDRESS.sub(adapt, text)
