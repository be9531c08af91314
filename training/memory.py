"""Keeps the memory of a long computation small."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

_TRIM_THRESHOLD: Final = -1  # names of glibc's parameters: <malloc.h>
_MMAP_THRESHOLD: Final = -3
_ARENA_MAX: Final = -8


def return_freed_memory() -> None:
    """Have the C library give freed memory back to the system at once, instead of keeping it for later.

    Without this, glibc raises the size from which it does so whenever a large array is freed, and every thread
    keeps a heap of its own. A retrain then holds a gigabyte that nothing uses. Other C libraries are left alone.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, 128 * 1024)
        mallopt(_TRIM_THRESHOLD, 1024 * 1024)
        mallopt(_ARENA_MAX, 2)
