"""``python -m training retrain``: train the model in service further on what players drew, once or repeatedly."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import re
import sys
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from feedback.errors import StoreError
from feedback.location import read_var_folder
from feedback.quarantine import Doubt
from feedback.records import Round
from feedback.store import Store
from training.commands.background import give_way
from training.commands.console import say
from training.commands.registry import open_registry
from training.commands.repeat import repeat
from training.commands.with_store import with_store
from training.datasets.sources import find_data_folder
from training.errors import TooFewRounds
from training.memory import return_freed_memory
from training.retrain.lock import hold_lock
from training.retrain.rounds.rounds_file import read_rounds_file
from training.retrain.rounds.usable import UsableRounds, filter_rounds
from training.retrain.workspace import Workspace

if TYPE_CHECKING:
    from training.retrain.champion import Champion

MAX_ROUNDS: Final = 20_000
"""Rounds that are read, the newest: as many as there is time for."""

Say = Callable[[str], None]

_UNITS: Final = {"m": 60, "h": 3600, "d": 86400}
_DESCRIPTION: Final = """\
Train the model in service further on what players drew, and promote the result if it reads better.

Only labeled rounds are used: hits, and drawings whose player or a curator said what they are. Scribbles and
repeated drawings are not used. Labels that models contradict are not used until a person has decided on them (see
`quarantine`). About half of the players are held out and never trained on. The model in service and its challenger
are compared on what those players drew, and on base data. There is no new trial before those players have drawn as
much again. The bounds are in training/retrain/bounds.py.

So that nothing is forgotten, base data from the folder INKRUSH_DATA is mixed in: the sets there that the model was
trained on. If the folder has none of them, `python -m training fetch mnist emnist` gets enough.

The report goes to INKRUSH_VAR/retrain/reports. After Ctrl-C or a crash, the same command resumes the retrain. It
takes the CPU only when nothing else wants it, so people can play on the same machine meanwhile.
"""


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to a program's."""
    retrain = commands.add_parser(
        "retrain",
        help="train the model in service further on what players drew, and promote the result if it reads better",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    retrain.add_argument(
        "--from",
        dest="origin",
        default="store",
        metavar="store|sheet|FILE",
        help="where the rounds come from: the store; the store, after pulling the labels that people corrected in "
        "the Sheet; or a file that `python -m feedback export` wrote (default: %(default)s)",
    )
    retrain.add_argument(
        "--every",
        type=_parse_interval,
        metavar="TIME",
        help="retrain now and then again and again, for example every 24h, 90m or 7d, until stopped. Each time a "
        "line says what happened and when the next retrain is due. A failure does not stop it",
    )
    retrain.set_defaults(run=_run)


def _parse_interval(text: str) -> timedelta:
    match = re.fullmatch(r"([1-9]\d{0,3})([mhd])", text)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 24h, 90m or 7d")
    return timedelta(seconds=int(match[1]) * _UNITS[match[2]])


def _run(chosen: argparse.Namespace) -> None:
    if chosen.every is not None:
        repeat((sys.executable, "-m", "training", "retrain", "--from", chosen.origin), chosen.every)
    give_way()
    say(retrain_once(chosen.origin, say))


def retrain_once(origin: str, say: Say) -> str:
    """Retrain once and return what it led to, in a sentence or two.

    Args:
        origin: ``store``, ``sheet`` or the path of a file.
        say: is told what is being done, in sentences.

    Raises:
        AlreadyRunning: if another retrain is running.
        TrainingError, StoreError, RecognitionError, OSError: if it failed.
    """
    return_freed_memory()
    workspace = Workspace(open_registry(), find_data_folder(), read_var_folder(os.environ) / "retrain")
    with hold_lock(workspace.folder):
        try:
            return _retrain(origin, workspace, say)
        except TooFewRounds as too_few:
            # Otherwise the next retrain would read these rounds again, and no newer ones.
            workspace.unfinished.delete()
            return str(too_few)
        except (OSError, StoreError):
            raise  # the next retrain may do better with what is there
        except Exception:
            workspace.unfinished.delete()
            raise


def _retrain(origin: str, workspace: Workspace, say: Say) -> str:
    from training.retrain.champion import load_champion  # noqa: PLC0415  SciPy takes a second to import
    from training.retrain.trial import plan_trial  # noqa: PLC0415

    champion = load_champion(workspace)
    say(f"The model in service is {champion.version}.")
    if origin == "sheet":
        say(asyncio.run(with_store(_pull_labels)))
    # The rounds are counted first: TensorFlow and the base data take most of a minute to load.
    usable = _choose_rounds(origin, workspace, champion, say)
    if usable is None:
        return "Nothing new: no round was played since the last trial of a challenger."
    evidence = workspace.evidence.load(champion.sha256, usable.ids, usable.judging, say)
    plan_trial(evidence, usable.judging)
    say(f"{len(usable.rounds):,} of {usable.stored:,} rounds can be used.")
    from training.retrain.run import Retrain  # noqa: PLC0415

    retrain = Retrain(workspace, champion, say)
    doubts = retrain.check_labels(usable)
    if origin in ("store", "sheet"):
        asyncio.run(_store_doubts(doubts))
    if doubts:
        say(f"{len(doubts):,} rounds in doubt are not used. `python -m training quarantine` shows them.")
    result, report = retrain.train_and_decide()
    return f"{' '.join(result.decision.reasons)} The report is {report}"


def _choose_rounds(origin: str, workspace: Workspace, champion: Champion, say: Say) -> UsableRounds | None:
    """Return the rounds of the retrain that was interrupted, if it can be resumed, or else the newest ones.

    Args:
        origin: ``store``, ``sheet`` or the path of a file.
        workspace: what an interrupted retrain left, and the trials so far.
        champion: the model in service.
        say: is told which it is.

    Returns:
        The rounds, or None if there is none that the last trial did not know.

    Raises:
        TooFewRounds: if they cannot be enough.
    """
    unfinished, sha256 = workspace.unfinished, champion.sha256

    def is_tried(rounds: Sequence[Round]) -> bool:
        return workspace.evidence.has_seen(sha256, frozenset(round_.id for round_ in rounds))

    last_round = unfinished.get_last_round(sha256)
    if last_round is not None:
        rounds, decided = _read_rounds(origin, last_round)
        with contextlib.suppress(TooFewRounds):
            usable = filter_rounds(rounds, decided, champion.trained_from)
            if unfinished.has(sha256, usable.digest) and not is_tried(rounds):
                say("Resuming the retrain that was interrupted.")
                return usable
    rounds, decided = _read_rounds(origin, None)
    if is_tried(rounds):
        unfinished.delete()
        return None
    usable = filter_rounds(rounds, decided, champion.trained_from)
    if unfinished.begin(sha256, max(usable.ids), usable.digest):
        say(
            "A retrain was interrupted and cannot be resumed: the model or the rounds have changed since, or its "
            "files are damaged. This one begins anew."
        )
    return usable


def _read_rounds(origin: str, last_round: str | None) -> tuple[Sequence[Round], dict[str, str]]:
    """Return the newest rounds, oldest first, and what people decided on rounds in quarantine.

    Args:
        origin: ``store``, ``sheet`` or the path of a file.
        last_round: the id after which rounds are left out, if any.
    """
    if origin in ("store", "sheet"):
        return asyncio.run(_read_store(last_round))
    rounds = read_rounds_file(Path(origin))
    newest = deque((round_ for round_ in rounds if last_round is None or round_.id <= last_round), MAX_ROUNDS)
    return sorted(newest, key=lambda round_: round_.id), {}


async def _read_store(last_round: str | None) -> tuple[Sequence[Round], dict[str, str]]:
    async def read(store: Store) -> tuple[Sequence[Round], dict[str, str]]:
        newest: deque[Round] = deque(maxlen=MAX_ROUNDS)
        async for round_ in store.read_rounds():
            if last_round is None or round_.id <= last_round:
                newest.append(round_)
        doubts = await store.quarantine.list_doubts()
        return newest, {doubt.round: doubt.decided for doubt in doubts if doubt.decided is not None}

    return await with_store(read)


async def _store_doubts(doubts: Sequence[Doubt]) -> None:
    await with_store(lambda store: store.quarantine.replace(doubts, datetime.now(UTC)))


async def _pull_labels(store: Store) -> str:
    """Pull the labels that people corrected in the Sheet, and return a sentence or two on what was pulled.

    Raises:
        StoreError: if that fails. Nothing is trained on labels that may be out of date.
    """
    from feedback.sheet.commands import pull_labels  # noqa: PLC0415
    from feedback.sheet.errors import SheetError  # noqa: PLC0415
    from feedback.sheet.settings import SheetSettingsError  # noqa: PLC0415

    try:
        pulled = await pull_labels(store)
    except (SheetError, SheetSettingsError) as error:
        raise StoreError(f"No labels could be pulled from the Sheet, so nothing was retrained. {error}") from error
    sentence = f"Corrected labels pulled from the Sheet: {pulled.corrected:,}."
    if pulled.problems:
        sentence += f" Could not be used: {len(pulled.problems):,}; `python -m feedback pull` lists them."
    return sentence
