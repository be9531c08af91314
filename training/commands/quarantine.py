"""``python -m training quarantine``: show the rounds in doubt to a person, who decides."""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Sequence
from typing import Final

from feedback.data_uri import encode_png_uri
from feedback.errors import InvalidLabel, RoundNotFound, StoreError
from feedback.location import read_var_folder
from feedback.quarantine import Doubt
from feedback.store import Store
from training.commands.console import say
from training.commands.with_store import with_store
from training.evaluation.report.template import render_template

_NOTHING: Final = "nothing"


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to a program's."""
    quarantine = commands.add_parser(
        "quarantine",
        help="show the rounds whose labels are in doubt, or decide on one",
        description="Without arguments: list the rounds whose labels models contradict, and write a page with "
        "their pictures. With a round and a label: decide what the round is. From then on that label is believed. "
        "A label that is corrected in the Sheet is believed too.",
    )
    quarantine.add_argument("round", nargs="?", metavar="ROUND", help="the id of a round in doubt")
    quarantine.add_argument(
        "label",
        nargs="?",
        metavar="LABEL",
        help=f"the character that it is, or `{_NOTHING}` if it must not be used",
    )
    quarantine.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> None:
    if chosen.round is None:
        asyncio.run(with_store(_show_doubts))
    elif chosen.label is None:
        raise StoreError(f"Say what the round is: a character, or `{_NOTHING}`.")
    else:
        asyncio.run(with_store(lambda store: _decide(store, chosen.round, chosen.label)))


async def _decide(store: Store, round_id: str, label: str) -> None:
    try:
        await store.quarantine.decide(round_id, "" if label == _NOTHING else label)
    except (RoundNotFound, InvalidLabel) as error:
        raise StoreError(str(error)) from error
    if label == _NOTHING:
        say(f"{round_id} will not be used.")
    else:
        say(f"{round_id} counts as {label} from now on.")


async def _show_doubts(store: Store) -> None:
    doubts = [doubt for doubt in await store.quarantine.list_doubts() if doubt.decided is None]
    if not doubts:
        say("No rounds are in doubt.")
        return
    out = read_var_folder(os.environ) / "retrain" / "quarantine.html"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(await _render_page(store, doubts), encoding="utf-8")
    for doubt in doubts:
        say(f"{doubt.round}  labeled {doubt.label}, looks like {doubt.seen}: {doubt.why}")
    say(f"{len(doubts):,} rounds are in doubt. Their pictures are in {out}")


async def _render_page(store: Store, doubts: Sequence[Doubt]) -> str:
    pictures = []
    for doubt in doubts:
        round_ = await store.get_round(doubt.round)
        pictures.append((doubt, encode_png_uri(round_.image) if round_ and round_.image else ""))
    return render_template("quarantine.html.jinja", pictures=pictures)
