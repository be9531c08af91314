"""The console that commands print on."""

from __future__ import annotations

from typing import Final

from rich.console import Console

console: Final = Console()
_error_console: Final = Console(stderr=True)


def say(text: str, style: str | None = None) -> None:
    """Print one message. Long lines are left whole, so that paths in them can be copied."""
    console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


def say_error(text: str, style: str | None = "red") -> None:
    """Print one message on standard error."""
    _error_console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
