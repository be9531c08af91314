"""``python -m feedback``: what is kept, a copy of it, and its mirror in a Google Sheet.

Exits 0 when it worked, 1 when it failed, 2 when it was called wrongly.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence

from rich.console import Console

from feedback import exchange, schema
from feedback.errors import StoreError
from feedback.exchange import ExchangeError, silence_output
from feedback.location import read_store_url
from feedback.sheet.commands import add_commands, status_lines
from feedback.sheet.errors import LeaseLost, SheetError
from feedback.sheet.settings import SheetSettingsError
from feedback.store import Store, open_store

_MESSAGES = Console(stderr=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    chosen = _parser().parse_args(arguments)
    try:
        return asyncio.run(_run(chosen)) or 0
    except BrokenPipeError:  # whoever reads our output has enough of it, as `head` does
        silence_output()
        return 1
    except (StoreError, ExchangeError, SheetError, LeaseLost, OSError) as error:
        return _complain(error, 1)
    except SheetSettingsError as error:
        return _complain(error, 2)
    except KeyboardInterrupt:
        _MESSAGES.print("Stopped.")
        return 1


def _complain(error: Exception, status: int) -> int:
    _MESSAGES.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m feedback", description="The rounds that are kept.")
    parser.add_argument(
        "--database",
        default=read_store_url(os.environ),
        help="where they are kept (default: %(default)s)",
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    commands.add_parser("status", help="say how much is kept, and whether the Sheet can be used").set_defaults(
        run=_status
    )
    exchange.add_commands(commands)
    add_commands(commands)
    return parser


async def _run(chosen: argparse.Namespace) -> int | None:
    store = await open_store(chosen.database)
    try:
        status: int | None = await chosen.run(store, chosen)
        return status
    finally:
        await store.close()


async def _status(store: Store, chosen: argparse.Namespace) -> int:
    del chosen
    counts = await store.counts()
    sources = ", ".join(f"{number} {source}" for source, number in sorted(counts.by_source.items()))
    lines = (
        f"{store.path}: {store.path.stat().st_size / 1e6:.1f} MB, version {schema.LATEST} of its tables",
        f"{counts.rounds} rounds kept" + (f": {sources}" if sources else ""),
        f"{counts.labelled} of them labelled by people",
        f"{counts.games} games finished, {counts.players} players seen",
    )
    of_sheet, is_well = await status_lines(store)
    Console().print("\n".join((*lines, *of_sheet)), markup=False, highlight=False, soft_wrap=True)
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
