"""``python -m feedback``: the stored rounds, their export and import, moderation, repair, and the Google Sheet.

The exit status is 0 if it worked, 1 if it failed, 2 if it was called wrongly.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence

from rich.console import Console

from feedback import copying, exchange
from feedback.errors import NothingToHide, StoreError
from feedback.exchange import ExchangeError, silence_output
from feedback.location import read_store_url
from feedback.moderation import commands as moderation_commands
from feedback.repair import commands as repair_commands
from feedback.sheet.commands import add_commands, print_status
from feedback.sheet.errors import LeaseLost, SheetError
from feedback.sheet.settings import SheetSettingsError
from feedback.store import Store, open_store

_MESSAGES = Console(stderr=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    try:
        parsed = _make_parser().parse_args(arguments)
        if parsed.takes_url:
            status: int = parsed.run(parsed.database, parsed)
            return status
        return asyncio.run(_run(parsed)) or 0
    except BrokenPipeError:  # the program that reads our output, such as `head`, has stopped
        silence_output()
        return 1
    except (StoreError, NothingToHide, ExchangeError, SheetError, LeaseLost, OSError) as error:
        return _complain(error, 1)
    except SheetSettingsError as error:
        return _complain(error, 2)
    except KeyboardInterrupt:
        _MESSAGES.print("Stopped.")
        return 1


def _complain(error: Exception, status: int) -> int:
    _MESSAGES.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
    return status


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m feedback", description="Manage the stored rounds.")
    parser.add_argument(
        "--database",
        default=read_store_url(os.environ),
        # Not the default itself: the address may hold a password.
        help="the store's address (default: INKRUSH_DATABASE_URL, else inkrush.db in the folder INKRUSH_VAR)",
    )
    parser.set_defaults(takes_url=False)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    commands.add_parser("status", help="show how much is stored, and whether the Sheet can be used").set_defaults(
        run=_show_status
    )
    exchange.add_commands(commands)
    moderation_commands.add_commands(commands)
    repair_commands.add_commands(commands)
    copying.add_command(commands)
    add_commands(commands)
    return parser


async def _run(parsed: argparse.Namespace) -> int | None:
    store = await open_store(parsed.database)
    try:
        status: int | None = await parsed.run(store, parsed)
        return status
    finally:
        await store.close()


async def _show_status(store: Store, parsed: argparse.Namespace) -> int:
    del parsed
    counts = await store.read_counts()
    sources = ", ".join(f"{number} {source}" for source, number in sorted(counts.by_source.items()))
    lines = (
        await store.describe(),
        f"{counts.rounds} rounds stored" + (f": {sources}" if sources else ""),
        f"{counts.labeled} of them labeled by people",
        f"{counts.games} games finished, {counts.players} players seen",
    )
    Console().print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)
    return 0 if await print_status(store) else 1


if __name__ == "__main__":
    sys.exit(main())
