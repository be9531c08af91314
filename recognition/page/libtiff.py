"""Keeps the C library that decodes TIFFs from writing to the log.

libtiff prints a line for each damaged row of a picture, past Python, and Pillow has no setting for that. One
hostile picture could add megabytes to a server's log.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

_LOADED: Final = Path("/proc/self/maps")


@cache
def silence_libtiff() -> None:
    """Have libtiff, in this process, print no errors. It does nothing where the library cannot be found."""
    with suppress(OSError, AttributeError):
        maps = _LOADED.read_text(encoding="utf-8", errors="replace")
        paths = {line.split(maxsplit=5)[5] for line in maps.splitlines() if "libtiff" in line}
        for path in paths:
            ctypes.CDLL(path).TIFFSetErrorHandler(None)
