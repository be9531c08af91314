"""Source maps: they let the browser's tools show joined scripts as the files that people wrote (ECMA-426)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

_DIGITS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a joined script, and the file and line (from 0) that it is from. Lines in between have none."""

    text: str
    path: str = ""
    number: int = 0


def make_source_map(lines: Iterable[Line], sources: Mapping[str, str]) -> str:
    """Return the source map of a script with these lines, as JSON. ``sources`` are the texts of all files."""
    lines = list(lines)
    paths = list(dict.fromkeys(line.path for line in lines if line.path))
    return json.dumps(
        {
            "version": 3,
            "sources": paths,
            "sourcesContent": [sources[path] for path in paths],
            "names": [],
            "mappings": ";".join(_list_mappings(lines, paths)),
        }
    )


def _list_mappings(lines: Iterable[Line], paths: list[str]) -> Iterator[str]:
    """Yield one segment for each line: its column, file, line and column, each as a difference to the last one."""
    last_path = last_number = 0
    for line in lines:
        if not line.path:
            yield ""
            continue
        path = paths.index(line.path)
        yield f"A{_encode(path - last_path)}{_encode(line.number - last_number)}A"
        last_path, last_number = path, line.number


def _encode(value: int) -> str:
    """Return a number in base 64 of variable length: five bits a digit, the sign in the lowest bit."""
    rest = abs(value) << 1 | (value < 0)
    digits = ""
    while rest >= 32:
        digits += _DIGITS[rest & 31 | 32]
        rest >>= 5
    return digits + _DIGITS[rest]
