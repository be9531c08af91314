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


def join_stylesheets(entry: str, sheets: Mapping[str, str]) -> str:
    """Return the style sheet at the path ``entry`` with all sheets that it imports, each once, without comments.

    Raises:
        BadStylesheet: an import is not at the start, has another form, or names no sheet.
    """
    parts: dict[str, str] = {}
    _collect(entry, posixpath.dirname(entry), sheets, parts, set())
    return "\n".join(filter(None, parts.values()))


def _collect(path: str, target: str, sheets: Mapping[str, str], parts: dict[str, str], seen: set[str]) -> None:
    """Add the sheet at ``path`` to ``parts``, after what it imports. Make addresses relative to ``target``."""
    seen.add(path)
    folder = posixpath.dirname(path)
    rest = _STRING_OR_COMMENT.sub(lambda match: " " if match[0].startswith("/*") else match[0], sheets[path])
    while match := _IMPORT.match(rest):
        imported = posixpath.normpath(posixpath.join(folder, match[1]))
        if imported not in sheets:
            raise BadStylesheet(f'{path}: there is no style sheet "{match[1]}".')
        if imported not in seen:
            _collect(imported, target, sheets, parts, seen)
        rest = rest[match.end() :]
    if "@import" in rest:
        raise BadStylesheet(f'{path}: write imports as @import "other.css"; before everything else.')

    def rebase(match: re.Match[str]) -> str:
        address = match[2]
        if not _NOT_RELATIVE.match(address):
            address = posixpath.relpath(posixpath.join(folder, address), target or ".")
        return f'url("{address}")'

    parts[path] = _EMPTY_LINES.sub("\n", _ADDRESS.sub(rebase, rest)).strip()
