"""Reads pictures for an evaluation, in a process of its own.

It runs as ``python -P picture_reader.py`` with another checkout of Inkrush first on PYTHONPATH, so that the same
pictures can be read by the code of before and after a change. It takes one JSON object a line, with ``data`` in
Base64 and ``alphabet``, and answers each with one line. It uses nothing of a checkout but `recognition`.
"""

from __future__ import annotations

import base64
import json
import sys
import time
from typing import Any

from recognition import Recognizer
from recognition.errors import RecognitionError
from recognition.model.network import BUNDLED


class PictureReader:
    """Reads pictures with the bundled model of the checkout that is imported."""

    def __init__(self) -> None:
        self._recognizer = Recognizer.load(BUNDLED)

    def read(self, data: bytes, alphabet: str) -> dict[str, Any]:
        """Return what was read.

        Returns:
            ``characters``: label and whether it is sure, of each; ``ms``: milliseconds of CPU; ``error``: the name
            of the error if the picture was refused, else None.
        """
        start, error = time.process_time(), None
        try:
            characters = self._recognizer.read_image(data, alphabet)
        except RecognitionError as refusal:
            characters, error = [], type(refusal).__name__
        ms = 1000 * (time.process_time() - start)
        return {"characters": [(c.prediction.label, c.is_sure) for c in characters], "ms": ms, "error": error}


def _main() -> None:
    reader = PictureReader()
    for line in sys.stdin:
        request = json.loads(line)
        result = reader.read(base64.b64decode(request["data"]), request["alphabet"])
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _main()
