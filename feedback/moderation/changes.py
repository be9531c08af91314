"""Hide something, or show it again."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import partial
from typing import NamedTuple

from feedback import standings
from feedback.database import Database
from feedback.database_rows import format_time
from feedback.errors import NothingToHide
from feedback.moderation.hidden import (
    Hidden,
    Kind,
    choose_shown_name,
    is_hidden,
    list_hidden,
    parse_hidden,
    read_hidden_names,
)
from feedback.names.folding import fold_name
from feedback.names.generated import generate_name
from feedback.records import Game
from feedback.sql import Connection


class Place(NamedTuple):
    """A player's best game on a board, and the name it was played under."""

    board: str
    game: str
    name: str
    score: int


class Change(NamedTuple):
    """What hiding or showing did.

    Attributes:
        hidden: what is hidden, or was hidden; None for something to be shown that was not hidden.
        is_new: whether anything changed.
        player: the id of the player whom it concerns; None for a name.
        before, after: the places of the player on the boards. Both are empty for a name.
    """

    hidden: Hidden | None
    is_new: bool
    player: str | None
    before: list[Place]
    after: list[Place]


class Moderation:
    """Hides and shows. Servers notice at once, because they read what is hidden whenever they need it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def hide(self, kind: Kind, subject: str, *, reason: str, moderator: str, now: datetime) -> Change:
        """Hide a name, or the player or game with the id ``subject``. What is hidden already stays as it is noted.

        A hidden player or game leaves every board, and the player's next best game takes the place of a hidden
        one. Games with a hidden name, or one that looks like it, stay on the boards: others see the player's
        generated name instead, now and in future.

        Raises:
            NothingToHide: if there is no such player or game.
        """
        work = partial(_hide, kind=kind, subject=subject, reason=reason, moderator=moderator, now=now)
        return await self._database.write(work)

    async def show(self, kind: Kind, subject: str) -> Change:
        """Show again what `hide` has hidden. The boards are as if it had never been hidden."""
        return await self._database.write(partial(_show, kind=kind, subject=subject))

    async def is_hidden(self, game: Game) -> bool:
        """Return whether a game is hidden, by itself or with all of its player's games."""
        return await self._database.read(lambda connection: is_hidden(connection, game.player, game.id))

    async def choose_shown_name(self, game: Game, viewer: str) -> str:
        """Return the name of a game's player that the player ``viewer`` may see.

        Players see their own names. Others see a generated one if the name, the player or the game is hidden.
        """
        if game.player == viewer:
            return game.name

        def choose(connection: Connection) -> str:
            if is_hidden(connection, game.player, game.id):
                return generate_name(game.player)
            return choose_shown_name(game.name, game.player, read_hidden_names(connection))

        return await self._database.read(choose)

    async def list_hidden(self) -> list[Hidden]:
        """Return everything that is hidden, in the order in which it was hidden."""
        return await self._database.read(list_hidden)

    async def count_spellings(self, name: str) -> Counter[str]:
        """Return the names of games that look like ``name``, and how many games have each. It reads all games."""
        return await self._database.read(partial(_count_spellings, form=fold_name(name)))


def _hide(connection: Connection, kind: Kind, subject: str, reason: str, moderator: str, now: datetime) -> Change:
    player, name = _find_owner(connection, kind, subject)
    if player is not None:
        standings.lock_player(connection, player)
    inserted = connection.execute(
        "INSERT INTO hidden (kind, subject, name, at, reason, moderator) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (kind, subject) DO NOTHING",
        (kind, _get_key(kind, subject), name, format_time(now), reason, moderator),
    )
    return _make_change(connection, _find_hidden(connection, kind, subject), player, is_new=inserted.rowcount > 0)


def _show(connection: Connection, kind: Kind, subject: str) -> Change:
    hidden = _find_hidden(connection, kind, subject)
    if hidden is None:
        return Change(None, False, None, [], [])
    player, _ = _find_owner(connection, kind, subject)
    if player is not None:
        standings.lock_player(connection, player)
    deleted = connection.execute(
        "DELETE FROM hidden WHERE kind = ? AND subject = ?", (kind, _get_key(kind, subject))
    )
    return _make_change(connection, hidden, player, is_new=deleted.rowcount > 0)


def _make_change(connection: Connection, hidden: Hidden | None, player: str | None, *, is_new: bool) -> Change:
    if player is None or not is_new:
        return Change(hidden, is_new, player, [], [])
    before = _list_places(connection, player)
    standings.enter_games_again(connection, player)
    return Change(hidden, is_new, player, before, _list_places(connection, player))


def _find_owner(connection: Connection, kind: Kind, subject: str) -> tuple[str | None, str]:
    """Return the player whom it concerns, None for a name, and the name that they use.

    Raises:
        NothingToHide: if there is no such player or game.
    """
    if kind == "name":
        return None, subject
    column = "id" if kind == "game" else "player"
    query = f"SELECT player, name FROM games WHERE {column} = ? ORDER BY id DESC LIMIT 1"  # noqa: S608 (our own words)
    row = connection.execute(query, (subject,)).fetchone()
    if row is not None:
        return row["player"], row["name"]
    if kind == "player" and connection.execute("SELECT 1 FROM players WHERE id = ?", (subject,)).fetchone():
        return subject, ""
    raise NothingToHide(kind, subject)


def _get_key(kind: Kind, subject: str) -> str:
    return fold_name(subject) if kind == "name" else subject


def _find_hidden(connection: Connection, kind: Kind, subject: str) -> Hidden | None:
    row = connection.execute(
        "SELECT * FROM hidden WHERE kind = ? AND subject = ?", (kind, _get_key(kind, subject))
    ).fetchone()
    return row and parse_hidden(row)


def _list_places(connection: Connection, player: str) -> list[Place]:
    rows = connection.execute(
        "SELECT board, game, name, standings.score FROM standings JOIN games ON games.id = game "
        "WHERE standings.player = ? ORDER BY board",
        (player,),
    )
    return [Place(*row) for row in rows]


def _count_spellings(connection: Connection, form: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for name, games in connection.execute("SELECT name, count(*) FROM games GROUP BY name"):
        if fold_name(name) == form:
            counts[name] += games
    return counts
