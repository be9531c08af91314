"""``python -m training retrain``: the loop closed by hand, or again and again."""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from rich.console import Console

from feedback.errors import StoreError
from feedback.location import read_var_folder
from feedback.quarantine import Doubt
from feedback.records import Round
from feedback.store import Store
from recognition.model.registry import ModelRegistry, find_models_folder
from training.commands.with_store import with_store
from training.datasets.sources import find_data_folder
from training.errors import TooLittle
from training.retrain.rounds.file import rounds_of

MOST_ROUNDS: Final = 20_000
"""Rounds that are looked at, the newest: as many as there is time for."""

_SCREEN: Final = Console()
_UNITS: Final = {"m": 60, "h": 3600, "d": 86400}
_DESCRIPTION: Final = """\
Teach the model in use further from what people drew, and put the result to use where it is better.

Rounds teach that are labelled: hits, and what people said of their drawings. Scribbles, repeats and labels that
models contradict do not; the latter are kept apart until a person has decided (see `quarantine`). About one player
in four is held out for good, never taught from: on what they drew, and on base data, the model in use and its
challenger are compared. What is asked of the challenger stands in training/retrain/bounds.py.

The base data in INKRUSH_DATA is mixed in, so that nothing is forgotten: what there is of the sets that the model
was taught from. Where there is none of them, `python -m training fetch mnist emnist` brings enough.

A report is left in INKRUSH_VAR/retrain/reports. Stopped with Ctrl-C, it goes on when started again.
"""


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to a program's."""
    retrain = commands.add_parser(
        "retrain",
        help="teach the model in use further from what people drew; put it to use where it is better",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    retrain.add_argument(
        "--from",
        dest="origin",
        default="store",
        metavar="store|sheet|FILE",
        help="the store; the store, after labels corrected in the Sheet were pulled; or a file that `python -m "
        "feedback export` wrote (default: %(default)s)",
    )
    retrain.add_argument(
        "--every",
        type=_interval,
        metavar="TIME",
        help="do it again and again, such as every 24h, 90m or 7d, a line each time, until stopped",
    )
    retrain.set_defaults(run=_retrain)


def _interval(text: str) -> timedelta:
    match = re.fullmatch(r"([1-9]\d{0,3})([mhd])", text)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 24h, 90m or 7d")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


def _retrain(chosen: argparse.Namespace) -> None:
    if chosen.every is None:
        _say(once(chosen.origin, _say))
        return
    while True:
        begun = time.monotonic()
        _say(f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC  {_survived(chosen.origin)}")
        time.sleep(max(0.0, chosen.every.total_seconds() - (time.monotonic() - begun)))


def _survived(origin: str) -> str:
    """Return what came of a retrain in one line, whatever came of it."""
    try:
        return once(origin, lambda _: None)
    except (KeyboardInterrupt, SystemExit):
        raise
    except Exception as error:
        return f"It failed, and is tried again next time: {error}".replace("\n", " ")


def once(origin: str, say: Callable[[str], None]) -> str:
    """Retrain once and return what came of it, a sentence.

    Args:
        origin: ``store``, ``sheet`` or a path.
        say: told what is being done.
    """
    # TensorFlow takes seconds to import: only the command that needs it pays.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    from training.retrain.run import Places, Retrain  # noqa: PLC0415

    var = read_var_folder(os.environ)
    retrain = Retrain(
        Places(ModelRegistry(find_models_folder(os.environ, var)), find_data_folder(), var / "retrain"), say
    )
    if origin == "sheet":
        _pull()
    rounds, decided = _read(origin, retrain.until)
    try:
        doubts = retrain.look(rounds, decided)
        if origin in ("store", "sheet"):
            asyncio.run(_keep(doubts))
        if doubts:
            say(f"{len(doubts):,} rounds in doubt teach nothing: `python -m training quarantine` shows them.")
        result, report = retrain.challenge()
    except TooLittle as enough:
        return str(enough)
    return f"{' '.join(result.decision.reasons)} The report is {report}"


def _read(origin: str, until: str | None) -> tuple[Sequence[Round], dict[str, str]]:
    """Return the newest rounds up to one, oldest first, and what people decided on those in doubt."""
    if origin not in ("store", "sheet"):
        newest = deque((one for one in rounds_of(Path(origin)) if until is None or one.id <= until), MOST_ROUNDS)
        return sorted(newest, key=lambda one: one.id), {}
    return asyncio.run(_read_store(until))


async def _read_store(until: str | None) -> tuple[Sequence[Round], dict[str, str]]:
    async def work(store: Store) -> tuple[Sequence[Round], dict[str, str]]:
        newest: deque[Round] = deque(maxlen=MOST_ROUNDS)
        async for one in store.rounds():
            if until is None or one.id <= until:
                newest.append(one)
        return newest, {d.round: d.decided for d in await store.quarantined() if d.decided is not None}

    return await with_store(work)


async def _keep(doubts: Sequence[Doubt]) -> None:
    await with_store(lambda store: store.set_quarantine(doubts, datetime.now(UTC)))


def _pull() -> None:
    from feedback.__main__ import main as feedback  # noqa: PLC0415

    if feedback(["pull"]) != 0:
        raise StoreError("The labels corrected in the Sheet could not be pulled, so nothing was retrained.")


def _say(text: str) -> None:
    _SCREEN.print(text, markup=False, highlight=False, soft_wrap=True)
