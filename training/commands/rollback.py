"""``python -m training rollback``: go back to the model that was in service before."""

from __future__ import annotations

import argparse

from training.commands.console import say
from training.commands.registry import open_registry


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the parser of ``python -m training``."""
    rollback = commands.add_parser("rollback", help="go back to the model that was in service before")
    rollback.set_defaults(run=_run)


def _run(_chosen: argparse.Namespace) -> None:
    say(f"{open_registry().rollback('by hand')} is in service again. Running servers switch to it within seconds.")
