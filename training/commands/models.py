"""``python -m training models``: list the versions of the model and what was in service when."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.table import Table

from recognition import UnfitModel
from recognition.model.network import Model
from recognition.model.registry import Promotion, Version
from training.commands.console import console, say
from training.commands.registry import open_registry


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser of ``python -m training``."""
    models = commands.add_parser("models", help="list the versions of the model, and what was in service when")
    models.set_defaults(run=_run)


def _run(_chosen: argparse.Namespace) -> None:
    registry = open_registry()
    versions, history = registry.list_versions(), registry.read_history()
    table = Table("in use", box=None)
    # A name is there to be copied, so it is whole however narrow the screen is.
    table.add_column("version", min_width=max(len(version.name) for version in versions), overflow="fold")
    for heading in ("made", "all %", "digits %", "trained on players"):
        table.add_column(heading)
    for version in versions:
        table.add_row(*_make_row(version))
    console.print(table)
    for version in versions:
        if problem := _find_problem(version.folder):
            say(f"{version.name} cannot be used: {problem}", style="red")
    if problem := _find_problem(registry.find_current()):
        say(f"The promoted version cannot be used. Servers keep the one they had. {problem}", style="red")
    if history:
        say("\nHistory")
    for promotion in history:
        say(_describe_promotion(promotion))


def _find_problem(folder: Path) -> str:
    """Return why the model in a folder cannot be used; empty if it can."""
    try:
        Model.load(folder).check_serves()
    except UnfitModel as error:
        return str(error)
    return ""


def _make_row(version: Version) -> tuple[str, ...]:
    card = version.card
    learned = card.get("learned")
    return (
        "→" if version.is_current else "",
        escape(version.name),
        str(card.get("created", ""))[:10],
        _format_accuracy(card, "any"),
        _format_accuracy(card, "digits"),
        f"{learned['rounds']:,} rounds of {learned['players']:,}" if learned else "",
    )


def _format_accuracy(card: dict[str, Any], alphabet: str) -> str:
    """Return the accuracy in %, look-alikes accepted; empty if the card does not say."""
    try:
        return f"{100 * card['figures']['by_alphabet'][alphabet]['folded']:.2f}"
    except (KeyError, TypeError, ValueError):
        return ""


def _describe_promotion(promotion: Promotion) -> str:
    why = f" ({promotion.why})" if promotion.why else ""
    to = "to " if promotion.event == "rolled back" else ""
    return f"{promotion.at:%Y-%m-%d %H:%M} UTC  {promotion.event} {to}{promotion.version}{why}"
