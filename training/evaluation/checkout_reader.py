"""Reads pictures with the code of another checkout, in a process of its own, to compare before and after."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from training.errors import TrainingError
from training.evaluation import picture_reader


class CheckoutFailed(TrainingError):
    """The code of another checkout did not read a picture."""


class CheckoutReader:
    """Reads pictures with the code of another checkout, in a process of its own."""

    def __init__(self, sink: IO[str], source: IO[str], checkout: Path) -> None:
        self._sink = sink
        self._source = source
        self._checkout = checkout

    def read(self, data: bytes, alphabet: str) -> dict[str, Any]:
        """Return what `picture_reader.PictureReader.read` returns there.

        Raises:
            CheckoutFailed: if the process ended.
        """
        try:
            self._sink.write(json.dumps({"data": base64.b64encode(data).decode(), "alphabet": alphabet}) + "\n")
            self._sink.flush()
            line = self._source.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise CheckoutFailed(f"The code in {self._checkout} stopped while it read a picture.")
        result: dict[str, Any] = json.loads(line)
        return result


@contextmanager
def open_checkout(checkout: Path) -> Iterator[CheckoutReader]:
    """Open a reader that runs the code of a checkout.

    Raises:
        CheckoutFailed: if there is no such code.
    """
    if not (checkout / "recognition").is_dir():
        raise CheckoutFailed(f"{checkout} is no checkout of Inkrush: it has no folder recognition.")
    command = [sys.executable, "-P", picture_reader.__file__]
    environment = {**os.environ, "PYTHONPATH": str(checkout.resolve())}
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
    ) as process:
        if process.stdin and process.stdout:
            with process.stdin:
                yield CheckoutReader(process.stdin, process.stdout, checkout)
