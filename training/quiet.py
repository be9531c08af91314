"""Keeps what TensorFlow's C++ code prints off the screen."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator

_STDOUT, _STDERR = 1, 2


def import_tensorflow() -> None:
    """Import TensorFlow without its messages about oneDNN, CUDA and CPU features.

    ``TF_CPP_MIN_LOG_LEVEL`` alone does not hide them: TensorFlow logs some before it reads that variable.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if "tensorflow" not in sys.modules:
        with hide_output():
            import tensorflow  # noqa: F401, PLC0415


@contextlib.contextmanager
def hide_output() -> Iterator[None]:
    """Hide what is written to the process's standard output and error; show it after all if the block fails."""
    sys.stdout.flush()
    sys.stderr.flush()
    originals = {descriptor: os.dup(descriptor) for descriptor in (_STDOUT, _STDERR)}
    with tempfile.TemporaryFile() as hidden:
        for descriptor in originals:
            os.dup2(hidden.fileno(), descriptor)
        failed = True
        try:
            yield
            failed = False
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            for descriptor, original in originals.items():
                os.dup2(original, descriptor)
                os.close(original)
            if failed:
                hidden.seek(0)
                os.write(_STDERR, hidden.read())
