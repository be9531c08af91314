"""The errors of the Sheet. Each has a text for a person."""

from __future__ import annotations


class SheetError(Exception):
    """The Sheet could not be read or written; whether a write took place is not known.

    Attributes:
        passes: whether trying again is likely to work without anybody's help.
        wait: seconds that Google asked to wait.
    """

    def __init__(self, text: str, *, is_transient: bool = False, wait: float | None = None) -> None:
        super().__init__(text)
        self.is_transient = is_transient
        self.wait = wait


class SheetFull(SheetError):
    """A worksheet, or the whole Sheet, can take no more rows."""


class LeaseLost(Exception):
    """Another process writes to the Sheet now."""

    def __init__(self) -> None:
        super().__init__("Another process writes to the Sheet now.")
