"""A progress bar for work that takes a while."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from rich import get_console
from rich.progress import track

T = TypeVar("T")


def show_progress(items: Iterable[T], what: str) -> Iterable[T]:
    """Return the items, with a progress bar while they are used. Without a terminal, nothing is printed."""
    # Without a terminal, Rich would end each bar with an empty line.
    return track(items, what, transient=True) if get_console().is_terminal else items
