"""Keeps LiteRT's greeting off stderr.

LiteRT prints ``INFO: Created TensorFlow Lite XNNPACK delegate for CPU.`` when a process runs its first network.
Its Python package has no setting for that, and its Linux builds, all for glibc, neither read an environment
variable nor export ``tflite::LoggerOptions::SetMinimumLogSeverity``.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

_LOCK: Final = threading.Lock()
_GREETED: Final = threading.Event()


@contextmanager
def hide_greeting() -> Iterator[None]:
    """Drop LiteRT's INFO lines while the block runs. Once a block has succeeded, later ones do nothing more.

    LiteRT prints on the C library's ``stderr``, and only that stream is replaced. File descriptor 2,
    ``sys.stderr`` and child processes are not touched. Whatever else was printed on the stream is passed on after
    the block.
    """
    if _GREETED.is_set() or not sys.platform.startswith("linux"):
        yield
        return
    with _LOCK:
        libc: Any = ctypes.CDLL(None)
        libc.fdopen.restype = ctypes.c_void_p
        stderr = ctypes.c_void_p.in_dll(libc, "stderr")
        original = ctypes.c_void_p(stderr.value)
        descriptor = os.memfd_create("litert-stderr")
        # Never closed: C code of another thread may have picked the stream up and be about to print on it.
        replacement = ctypes.c_void_p(libc.fdopen(descriptor, b"w"))
        stderr.value = replacement.value
        try:
            yield
        finally:
            stderr.value = original.value
            libc.fflush(replacement)
            printed = os.pread(descriptor, os.fstat(descriptor).st_size, 0)
            for line in printed.splitlines(keepends=True):
                if not line.startswith(b"INFO: "):
                    libc.fputs(line, original)
        _GREETED.set()
