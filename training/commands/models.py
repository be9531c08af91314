"""The commands ``models``, ``promote`` and ``rollback``: which version of the model is in use."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from feedback.location import read_var_folder
from recognition import UnfitModel
from recognition.model.network import MODEL_FILE, Model
from recognition.model.registry import ModelRegistry, Promotion, Version, find_models_folder

_SCREEN: Final = Console()
_FOLLOWED: Final = "Running servers follow within seconds."


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the three commands to a program's."""
    models = commands.add_parser("models", help="list the versions of the model, and what was in use when")
    models.set_defaults(run=show_models)
    promote = commands.add_parser("promote", help="put a version of the model to use")
    promote.add_argument(
        "version", metavar="VERSION", help="as `models` lists it, or bundled, or a folder that `train` has left"
    )
    promote.add_argument("--why", default="by hand", help="what for, for the history (default: %(default)s)")
    promote.set_defaults(run=promote_version)
    rollback = commands.add_parser("rollback", help="go back to the version in use before")
    rollback.set_defaults(run=roll_back)


def show_models(_chosen: argparse.Namespace) -> None:
    """Print every version with its figures, and the history of what was in use."""
    versions = _versions()
    kept, history = versions.list_versions(), versions.read_history()
    table = Table("in use", box=None)
    # Names are there to be copied: whole, whatever the screen's width.
    table.add_column("version", min_width=max(len(version.name) for version in kept), overflow="fold")
    for heading in ("made", "all %", "digits %", "learned from players"):
        table.add_column(heading)
    for version in kept:
        table.add_row(*_row(version))
    _SCREEN.print(table)
    for version in kept:
        if problem := _problem(version.folder):
            _say(f"{version.name} cannot serve: {problem}", style="red")
    if problem := _problem(versions.find_current()):
        _say(f"What was promoted cannot serve, servers go on with what they had: {problem}", style="red")
    if history:
        _say("\nWhat was in use")
    for promotion in history:
        _say(_told(promotion))


def promote_version(chosen: argparse.Namespace) -> None:
    """Put a version to use, kept among the others first where a folder is named."""
    versions = _versions()
    made = Path(chosen.version)
    name = versions.add_folder(made) if (made / MODEL_FILE).is_file() else chosen.version
    versions.promote(name, chosen.why)
    _say(f"{name} is in use. {_FOLLOWED}")


def roll_back(_chosen: argparse.Namespace) -> None:
    """Go back to the version in use before."""
    _say(f"{_versions().rollback('by hand')} is in use again. {_FOLLOWED}")


def _versions() -> ModelRegistry:
    return ModelRegistry(find_models_folder(os.environ, read_var_folder(os.environ)))


def _problem(folder: Path) -> str:
    try:
        Model.load(folder).check_serves()
    except UnfitModel as error:
        return str(error)
    return ""


def _row(version: Version) -> tuple[str, ...]:
    card = version.card
    learned = card.get("learned")
    return (
        "→" if version.is_current else "",
        escape(version.name),
        str(card.get("created", ""))[:10],
        _share(card, "any"),
        _share(card, "digits"),
        f"{learned['rounds']:,} rounds of {learned['players']:,} " if learned else "",
    )


def _share(card: dict[str, Any], alphabet: str) -> str:
    try:
        return f"{100 * card['figures']['by_alphabet'][alphabet]['folded']:.2f}"
    except (KeyError, TypeError, ValueError):
        return ""


def _told(promotion: Promotion) -> str:
    why = f" ({promotion.why})" if promotion.why else ""
    to = "to " if promotion.event == "rolled back" else ""
    return f"{promotion.at:%Y-%m-%d %H:%M} UTC  {promotion.event} {to}{promotion.version}{why}"


def _say(text: str, style: str | None = None) -> None:
    _SCREEN.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
