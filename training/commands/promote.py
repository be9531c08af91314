"""``python -m training promote``: put a version of the model into service."""

from __future__ import annotations

import argparse
from pathlib import Path

from recognition.model.network import MODEL_FILE
from training.commands.console import say
from training.commands.registry import open_registry


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser of ``python -m training``."""
    promote = commands.add_parser("promote", help="put a version of the model into service")
    promote.add_argument(
        "version", metavar="VERSION", help="a name that `models` lists, or bundled, or a folder that `train` wrote"
    )
    promote.add_argument("--why", default="by hand", help="the reason, for the history (default: %(default)s)")
    promote.set_defaults(run=_run)


def _run(chosen: argparse.Namespace) -> None:
    registry, folder = open_registry(), Path(chosen.version)
    name = registry.add_folder(folder) if (folder / MODEL_FILE).is_file() else chosen.version
    registry.promote(name, chosen.why)
    say(f"{name} is in service. Running servers switch to it within seconds.")
