"""Finds picture files and reads their bytes, for the command ``python -m recognition``."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from recognition.errors import UnreadableImage

STANDARD_INPUT: Final = "-"
"""The name that means standard input."""

_SUFFIXES: Final = (
    *(".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".gif", ".bmp", ".dib"),
    *(".tif", ".tiff", ".heic", ".heif", ".avif"),
)
_MB: Final = 1024 * 1024
_MOST_BYTES: Final = 100 * _MB


def find_files(names: Iterable[str]) -> Iterator[str | OSError]:
    """Yield the names of the files to read: those named, and in folders every picture, also in folders inside.

    Files that begin with a dot are left out of folders. Instead of a folder that cannot be read or has no picture
    in it, its error is yielded.
    """
    for name in names:
        if name != STANDARD_INPUT and Path(name).is_dir():
            yield from _find_in_folder(name)
        else:
            yield name


def read_bytes(name: str) -> bytes:
    """Return the content of a file, or of standard input for ``-``.

    Raises:
        OSError: if it cannot be read.
        UnreadableImage: if it is empty or far too large for a picture, or if nothing is sent to standard input.
    """
    if name != STANDARD_INPUT:
        with Path(name).open("rb") as file:
            return _read_limited(file)
    if sys.stdin.isatty():
        raise UnreadableImage("Nothing is sent to standard input. Name a file, or send a picture: … < photo.jpg")
    return _read_limited(sys.stdin.buffer)


def escape_name(name: str) -> str:
    r"""Return a file's name as text. Bytes that are no UTF-8 become ``\xe9`` and the like, line breaks ``\n``."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def _find_in_folder(folder: str) -> Iterator[str | OSError]:
    errors: list[OSError] = []
    is_empty = True
    for parent, folders, files in os.walk(folder, onerror=errors.append):
        yield from errors
        errors.clear()
        folders[:] = sorted((name for name in folders if not name.startswith(".")), key=_make_sort_key)
        for name in sorted(files, key=_make_sort_key):
            path = Path(parent, name)
            if not name.startswith(".") and name.lower().endswith(_SUFFIXES) and path.is_file():
                is_empty = False
                yield str(path)
    yield from errors
    if is_empty and not errors:
        yield OSError(None, "There is no picture in this folder.", folder)


def _make_sort_key(name: str) -> list[tuple[int, str]]:
    """Return a key that puts photo2 before photo10."""
    return [(int(part) if part.isdigit() else -1, part) for part in re.split(r"([0-9]+)", name)]


def _read_limited(file: BinaryIO) -> bytes:
    content = file.read(_MOST_BYTES + 1)
    if not content:
        raise UnreadableImage("That file is empty.")
    if len(content) > _MOST_BYTES:
        raise UnreadableImage(f"That file is too large for a picture (limit {_MOST_BYTES // _MB} MB).")
    return content
