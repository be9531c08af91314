"""The errors of the Sheet. Each carries a sentence for a person."""

from __future__ import annotations

import traceback
from pathlib import Path


class SheetError(Exception):
    """The Sheet could not be read or written. A write may have taken place all the same.

    Attributes:
        is_transient: whether trying again is likely to work without anybody's help.
        retry_after_s: how long Google asked us to wait, in seconds.
    """

    def __init__(self, text: str, *, is_transient: bool = False, retry_after_s: float | None = None) -> None:
        super().__init__(text)
        self.is_transient = is_transient
        self.retry_after_s = retry_after_s


class SheetFull(SheetError):
    """A worksheet, or the whole Sheet, has no room for more rows."""


class SheetChanged(SheetError):
    """Somebody renamed, deleted or shortened a worksheet between two requests. Look at the Sheet again."""

    def __init__(self, text: str) -> None:
        super().__init__(text, is_transient=True)


class LeaseLost(Exception):
    """Another process writes to the Sheet now."""

    def __init__(self) -> None:
        super().__init__("Another process is writing to the Sheet. Try again in a minute.")


def describe_unexpected(error: Exception) -> str:
    """Return a sentence for ``status`` about an error that nobody foresaw.

    It leaves out the error's own text, which may repeat a key.
    """
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"Unexpected {type(error).__name__}{where}: this is a bug in Inkrush. The server's log says more."
