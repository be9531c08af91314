"""Has the C library return the memory of pictures to the system after they are read.

This is no fault of Hypercorn, but it belongs to what a server process needs.
"""

from __future__ import annotations

import ctypes
from typing import Final

_M_TRIM_THRESHOLD: Final = -1  # from malloc.h of glibc
_M_MMAP_THRESHOLD: Final = -3
_LARGE: Final = 1024 * 1024  # bytes
_KEPT: Final = 8 * 1024 * 1024  # bytes


def return_large_blocks() -> None:
    """Have glibc, in this process, map each large block by itself, so that freeing it returns its memory.

    By default glibc raises its threshold after the first picture, and keeps the memory of the next ones for the
    thread that read them: 800 MB after a large picture. This does nothing if the C library has no such setting.

    A few MB that smaller blocks have left are kept: by default glibc returns more than 128 kB at once, and needs
    them again for the next drawing.
    """
    try:
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)
        ctypes.CDLL(None).mallopt(_M_TRIM_THRESHOLD, _KEPT)
    except (AttributeError, OSError):
        return
