"""``python -m training synthesize``: store rounds that nobody drew."""

from __future__ import annotations

import argparse
import asyncio
from typing import Final

from rich.progress import Progress

from feedback.store import Store
from recognition import Recognizer
from training.augmentation.synthesize import load_sets, make_synthetic_rounds
from training.commands.console import console, say
from training.commands.with_store import with_store
from training.datasets.sources import find_data_folder

_MAX_ROUNDS: Final = 1_000_000


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser of ``python -m training``."""
    synthesize = commands.add_parser(
        "synthesize",
        help="store rounds that nobody drew: rotated digits and altered drawings",
        description="Make rounds from the data sets, to start with before anybody has played: MNIST's digits, "
        "rotated by up to 30 degrees, and drawings, rotated, slanted and jittered. The rounds are labeled and are "
        "not counted as any player's.",
    )
    synthesize.add_argument(
        "--count", type=_parse_count, default=1000, help="number of rounds (default: %(default)s)"
    )
    synthesize.add_argument(
        "--seed", type=int, default=1, help="the same seed makes the same drawings (default: %(default)s)"
    )
    synthesize.set_defaults(run=_run)


def _parse_count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MAX_ROUNDS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {_MAX_ROUNDS}")
    return int(text)


def _run(chosen: argparse.Namespace) -> None:
    with console.status("reading the data sets"):
        sets, recognizer = load_sets(find_data_folder()), Recognizer.load()

    async def store_rounds(store: Store) -> None:
        with Progress(console=console) as progress:
            task = progress.add_task("making rounds", total=chosen.count)
            for batch in make_synthetic_rounds(chosen.count, chosen.seed, sets, recognizer):
                await store.add_rounds(batch)
                progress.advance(task, len(batch))

    asyncio.run(with_store(store_rounds))
    say(f"{chosen.count:,} synthetic rounds are in the store.")
