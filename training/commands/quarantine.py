"""``python -m training quarantine``: the rounds in doubt, shown to a person, who decides."""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Sequence
from typing import Final

from rich.console import Console

from feedback.data_uri import encode_png_uri
from feedback.errors import InvalidLabel, RoundNotFound, StoreError
from feedback.location import read_var_folder
from feedback.quarantine import Doubt
from feedback.store import Store
from training.commands.with_store import with_store
from training.evaluation.report.template import render_template

_SCREEN: Final = Console()
_NOTHING: Final = "nothing"


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to a program's."""
    quarantine = commands.add_parser(
        "quarantine",
        help="show the rounds whose labels are in doubt, or decide what one is",
        description="Without arguments: list the rounds whose labels models contradict, and leave a page with "
        "their pictures. With a round and a label: decide. The label is believed from then on; so is one that is "
        "corrected in the Sheet.",
    )
    quarantine.add_argument("round", nargs="?", metavar="ROUND", help="the id of a round in doubt")
    quarantine.add_argument(
        "label",
        nargs="?",
        metavar="LABEL",
        help=f"the character that it is, or `{_NOTHING}` if it is to teach none",
    )
    quarantine.set_defaults(run=_quarantine)


def _quarantine(chosen: argparse.Namespace) -> None:
    if chosen.round is None:
        asyncio.run(with_store(_show))
    elif chosen.label is None:
        raise StoreError("Say what the round is: a character, or `nothing`.")
    else:
        asyncio.run(with_store(lambda store: _decide(store, chosen.round, chosen.label)))


async def _decide(store: Store, round_id: str, label: str) -> None:
    try:
        await store.decide(round_id, "" if label == _NOTHING else label)
    except (RoundNotFound, InvalidLabel) as error:
        raise StoreError(str(error)) from error
    _say(f"{round_id} teaches {label} from now on.")


async def _show(store: Store) -> None:
    waiting = [doubt for doubt in await store.quarantined() if doubt.decided is None]
    if not waiting:
        _say("Nothing is in doubt.")
        return
    out = read_var_folder(os.environ) / "retrain" / "quarantine.html"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(await _page(store, waiting), encoding="utf-8")
    for doubt in waiting:
        _say(f"{doubt.round}  said {doubt.label}, seen {doubt.seen}: {doubt.why}")
    _say(f"{len(waiting):,} rounds are in doubt. Their pictures are in {out}")


async def _page(store: Store, waiting: Sequence[Doubt]) -> str:
    pictures = []
    for doubt in waiting:
        kept = await store.get_round(doubt.round)
        image = encode_png_uri(kept.image) if kept and kept.image else ""
        pictures.append((doubt, image))
    return render_template("quarantine.html.jinja", pictures=pictures)


def _say(text: str) -> None:
    _SCREEN.print(text, markup=False, highlight=False, soft_wrap=True)
