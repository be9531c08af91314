"""The server's log: every line with its time, its level and where it is from."""

from __future__ import annotations

import logging
from typing import Final

_FORMAT: Final = "%(asctime)s %(levelname)s {process}%(name)s: %(message)s"
_TIME: Final = "%Y-%m-%dT%H:%M:%S%z"
_OUR_PACKAGES: Final = ("game", "feedback", "recognition")
# A path or a header that is logged must not be able to begin a line of its own, or to steer a terminal.
_CONTROL_CHARACTERS: Final = {
    code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160), 0x2028, 0x2029) if chr(code) != "\t"
}


class _Formatter(logging.Formatter):
    """Keeps each message on its line; a traceback follows on lines of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (the library's name)
        record.message = record.message.translate(_CONTROL_CHARACTERS)
        return super().formatMessage(record)


def configure_logging(process: str = "") -> None:
    """Log to stderr: our own messages from INFO on, those of libraries and Python's warnings from WARNING on.

    Where several processes write to one log, ``process`` says in each line which of them it was.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(_Formatter(_FORMAT.format(process=f"[{process}] " if process else ""), _TIME))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in _OUR_PACKAGES:
        logging.getLogger(name).setLevel(logging.INFO)
    logging.captureWarnings(True)
