"""``python -m feedback moderate``: hide names, players and games from the leaderboards, and show them again."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, get_args

from rich.console import Console
from rich.table import Table

from feedback.moderation.changes import Change, Place
from feedback.moderation.hidden import Kind
from feedback.names.folding import fold_name
from feedback.store import Store

_WIDTH: Final = 200  # columns of a table that goes to a file or another program


def add_commands(commands: Any) -> None:
    """Add the commands to the subparsers of ``python -m feedback``."""
    moderate = commands.add_parser(
        "moderate",
        help="hide a name, a player or a game from the leaderboards, or show it again",
        description="Hide a name, a player or a game from the leaderboards, or show it again. Running servers "
        "notice at once. A hidden player or game leaves every board. A game with a hidden name stays: others see "
        "a generated name, and its player still sees their own.",
        epilog='Example: python -m feedback moderate hide name "Rude Name" --reason "an insult" --by mona',
    )
    actions = moderate.add_subparsers(title="actions", required=True, metavar="ACTION")
    hide = actions.add_parser("hide", help="hide something", description="Hide something.")
    _add_subject(hide)
    hide.add_argument("--reason", default="", help="why, for the list of what is hidden")
    hide.add_argument("--by", default=None, metavar="NAME", help="who hides it (default: your user name)")
    hide.set_defaults(run=_hide)
    show = actions.add_parser(
        "show", help="show something again", description="Show again what was hidden. All places come back."
    )
    _add_subject(show)
    show.set_defaults(run=_show)
    listing = actions.add_parser("list", help="list what is hidden: when, why and by whom")
    listing.set_defaults(run=_list)


def _add_subject(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=get_args(Kind), help="what it is")
    parser.add_argument(
        "subject",
        type=_parse_subject,
        help="a name, also spelled otherwise; or the id of a player or game. The address of a game on the "
        "leaderboard page holds its id; hiding it prints the id of its player",
    )


def _parse_subject(text: str) -> str:
    if not fold_name(text):
        raise argparse.ArgumentTypeError("it is empty")
    return text


async def _hide(store: Store, options: argparse.Namespace) -> None:
    moderator = options.by or _get_user_name()
    change = await store.moderation.hide(
        options.kind, options.subject, reason=options.reason, moderator=moderator, now=datetime.now(UTC)
    )
    await _report(store, options, change, "is hidden now" if change.is_new else "was hidden already")


def _get_user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run as a user without a name
        return "unknown"


async def _show(store: Store, options: argparse.Namespace) -> None:
    change = await store.moderation.show(options.kind, options.subject)
    await _report(store, options, change, "is shown again" if change.is_new else "is not hidden")


async def _list(store: Store, options: argparse.Namespace) -> None:
    del options
    table = _make_table("", ["hidden", "name", "id", "when (UTC)", "by", "reason"])
    hidden = await store.moderation.list_hidden()
    for each in hidden:
        identifier = "" if each.kind == "name" else each.subject
        table.add_row(each.kind, each.name, identifier, f"{each.at:%Y-%m-%d %H:%M}", each.moderator, each.reason)
    _print(table if hidden else "Nothing is hidden.")


async def _report(store: Store, options: argparse.Namespace, change: Change, outcome: str) -> None:
    name = change.hidden.name if change.hidden else ""
    who = f", player {change.player}" if options.kind == "game" and change.player else ""
    called = f" ({name}{who})" if options.kind != "name" and name else ""
    _print(f"The {options.kind} {options.subject}{called} {outcome}.")
    if options.kind == "name":
        spellings = await store.moderation.count_spellings(options.subject)
        table = _make_table("Games with this name", ["name", "games"])
        for spelling, games in sorted(spellings.items()):
            table.add_row(spelling, f"{games:,}")
        _print(table if spellings else "No game has this name so far.")
    elif change.is_new:
        table = _make_table("Places that changed", ["board", "before", "after"])
        before, after = ({place.board: place for place in places} for places in (change.before, change.after))
        boards = [board for board in sorted({*before, *after}) if before.get(board) != after.get(board)]
        for board in boards:
            table.add_row(board, _describe(before.get(board)), _describe(after.get(board)))
        _print(table if boards else "No place on a leaderboard changed.")


def _describe(place: Place | None) -> str:
    return f"{place.name}, {place.score:,} points" if place else "none"


def _make_table(title: str, headings: Sequence[str]) -> Table:
    table = Table(title=title or None, title_justify="left")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def _print(content: Table | str) -> None:
    # Names may look like rich's markup.
    console = Console(width=None if sys.stdout.isatty() else _WIDTH, markup=False, highlight=False)
    console.print(content, soft_wrap=isinstance(content, str))
