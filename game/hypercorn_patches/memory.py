"""Has the C library give the memory of pictures back to the system once they are read."""

from __future__ import annotations

import ctypes
from typing import Final

_M_MMAP_THRESHOLD: Final = -3  # from malloc.h of glibc
_LARGE: Final = 1024 * 1024  # bytes


def return_large_blocks() -> None:
    """Have glibc, in this process, map large blocks on their own, and so unmap them when they are freed.

    Left to itself it raises its threshold after the first picture and keeps the next ones' memory for the thread
    that read them: 800 MB after a large one. Does nothing where the C library has no such setting.
    """
    try:
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)
    except (AttributeError, OSError):
        return
