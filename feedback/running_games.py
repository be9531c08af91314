"""The games that run, as the database holds them: they go on after a restart, or in another process.

One process at a time holds a game. Each process that takes a game over raises the game's epoch, and a write that
names an older epoch changes nothing and raises `GameMoved`. So of two processes only one can go on with a game,
even if one of them was paused and knows nothing of the other.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from feedback.database import Database
from feedback.database_rows import format_time, insert_round, parse_game, parse_round
from feedback.deletion import is_player_deleted
from feedback.errors import GameMoved, PlayerDeleted, StoreError
from feedback.records import Game, Round
from feedback.remembering import HandState, Lesson, remember_round
from feedback.sql import Connection

ALIVE_SECONDS: Final = 5.0
"""A process that was not seen for longer counts as dead: the clocks of its games stand still since it was seen."""

_TAKING_PAUSES: Final = (0.1, 0.4, 1.0)  # s between attempts to take a game over


class RunningGame(NamedTuple):
    """What is stored of a game that runs.

    Attributes:
        game, player: their ids.
        server: the id of the process that holds it.
        epoch: how often the game was taken over; 0 for a new game.
        token: the SHA-256 of the token that resumes it, in hexadecimal digits.
        state: what the game needs to go on, in a form of its own. The rounds that are over are not part of it.
    """

    game: str
    player: str
    server: str
    epoch: int
    token: str
    state: str


class TakenGame(NamedTuple):
    """A game that was taken over.

    Attributes:
        rounds: those that are over, in order.
        passed_ms: time on the game's clock that has passed since ``running.state``.
    """

    running: RunningGame
    game: Game
    rounds: list[Round]
    passed_ms: int


class Renewal(NamedTuple):
    """What the store says to a process that is alive.

    Attributes:
        games: the games that the process holds, with their epochs.
        at: the time of the database.
        was_seen_at: when the process was last seen before; None if it was not.
    """

    games: dict[str, int]
    at: datetime
    was_seen_at: datetime | None


class RunningGames:
    """The running games of all processes that share a database, and these processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_round(
        self, round_: Round, running: RunningGame, lesson: Lesson | None = None
    ) -> HandState | None:
        """Store a round of a game and the game's state after it. A round that is already stored stays unchanged.

        Args:
            round_: the round.
            running: the game.
            lesson: what the round teaches about its player's hand, if anything.

        Returns:
            the state of the hand after that; None if the round teaches nothing.

        Raises:
            GameMoved: if another process has taken the game over, or it has ended.
            PlayerDeleted: if its player has deleted all their data.
        """

        def work(connection: Connection) -> HandState | None:
            _update(connection, running)
            insert_round(connection, round_)
            return remember_round(connection, round_, lesson) if lesson else None

        return await self._database.write(work)

    async def save(self, running: RunningGame) -> None:
        """Store the state and the token of a game.

        Raises:
            GameMoved, PlayerDeleted: as `add_round`.
        """
        await self._database.write(lambda connection: _update(connection, running))

    async def release(self, running: RunningGame) -> None:
        """Store the state of a game, and let any process resume it. Its clock stands still until then.

        Raises:
            GameMoved, PlayerDeleted: as `add_round`.
        """

        def work(connection: Connection) -> None:
            _update(connection, running)
            connection.execute("UPDATE running_games SET server = NULL WHERE game = ?", (running.game,))

        await self._database.write(work)

    async def take(self, token: str, player: str, server: str, new_token: str) -> TakenGame | None:
        """Give the game that ``token`` resumes to the process ``server``; None if ``player`` has no such game.

        Both tokens are hashes. A token is good once, even if several processes ask at the same time. If the
        process that held the game is alive, the game's clock has run on; if it is dead, until it was last seen.
        """
        return await self._take("token", token, player, server, new_token)

    async def take_game(self, game: str, player: str, server: str, new_token: str) -> TakenGame | None:
        """Give a game to the process ``server``, as `take` does, for its player who has lost the token."""
        return await self._take("game", game, player, server, new_token)

    async def _take(
        self, key: Literal["token", "game"], value: str, player: str, server: str, new_token: str
    ) -> TakenGame | None:
        def work(connection: Connection) -> TakenGame | None:
            return _take(connection, key, value, player, server, new_token)

        for pause in _TAKING_PAUSES:
            with suppress(StoreError):
                return await self._database.write(work)
            # A commit that was not answered may have taken place, and only this call knows the new token.
            await asyncio.sleep(pause)
        return await self._database.write(work)

    async def read_epoch(self, game: str) -> int | None:
        """Return how often a game was taken over; None if it does not run."""
        query = "SELECT epoch FROM running_games WHERE game = ?"
        row = await self._database.read(lambda connection: connection.execute(query, (game,)).fetchone())
        return None if row is None else int(row["epoch"])

    async def renew_server(self, server: str, process: str) -> Renewal:
        """Note that the process ``server`` is alive.

        Args:
            server: an id that no other process has.
            process: the machine and the process, for people.
        """
        return await self._database.write(lambda connection: _renew_server(connection, server, process))

    async def abandon(self, games: dict[str, int]) -> None:
        """Let any process resume these games, by id and epoch, which the process that holds them does not run."""
        await self._database.write(
            lambda connection: connection.executemany(
                "UPDATE running_games SET server = NULL, updated_at = utc_now() WHERE game = ? AND epoch = ?",
                list(games.items()),
            )
        )

    async def delete_server(self, server: str) -> None:
        """Forget a process that stops."""
        await self._database.write(
            lambda connection: connection.execute("DELETE FROM servers WHERE id = ?", (server,))
        )


def insert_running_game(connection: Connection, running: RunningGame) -> None:
    """Insert a game that begins. Doing it again changes nothing."""
    connection.execute(
        "INSERT INTO running_games (game, player, server, epoch, token, state, passed_ms, updated_at) "
        "VALUES (?, ?, ?, ?, ?, ?, 0, utc_now()) ON CONFLICT (game) DO NOTHING",
        running,
    )


def delete_running_game(connection: Connection, running: RunningGame) -> None:
    """Delete a game from those that run, because it ends.

    Raises:
        GameMoved, PlayerDeleted: as `RunningGames.add_round`.
    """
    deleted = connection.execute(
        "DELETE FROM running_games WHERE game = ? AND epoch = ?", (running.game, running.epoch)
    )
    _require_held(connection, running, deleted.rowcount)


def delete_dead_servers(connection: Connection, before: datetime) -> None:
    """Forget the servers that were last seen before a moment and hold no games."""
    connection.execute(
        "DELETE FROM servers WHERE seen_at < ? "
        "AND NOT EXISTS (SELECT 1 FROM running_games WHERE running_games.server = servers.id)",
        (format_time(before),),
    )


def _update(connection: Connection, running: RunningGame) -> None:
    updated = connection.execute(
        "UPDATE running_games SET token = ?, state = ?, passed_ms = 0, updated_at = utc_now() "
        "WHERE game = ? AND epoch = ?",
        (running.token, running.state, running.game, running.epoch),
    )
    _require_held(connection, running, updated.rowcount)


def _take(
    connection: Connection,
    key: Literal["token", "game"],
    value: str,
    player: str,
    server: str,
    new_token: str,
) -> TakenGame | None:
    row = connection.execute(
        "UPDATE running_games SET token = :new_token, epoch = epoch + 1 "  # noqa: S608 (the key is ours)
        f"WHERE ({key} = :value OR token = :new_token) AND player = :player "
        "RETURNING game, server, epoch, state, passed_ms, updated_at",
        {"value": value, "new_token": new_token, "player": player},
    ).fetchone()
    if row is None:
        return None
    passed_ms = row["passed_ms"] + _measure_ms_since_update(connection, row["server"], row["updated_at"])
    connection.execute(
        "UPDATE running_games SET server = ?, passed_ms = ?, updated_at = utc_now() WHERE game = ?",
        (server, passed_ms, row["game"]),
    )
    game = parse_game(connection.execute("SELECT * FROM games WHERE id = ?", (row["game"],)).fetchone())
    rounds = connection.execute("SELECT * FROM rounds WHERE game = ? ORDER BY number", (row["game"],))
    running = RunningGame(row["game"], player, server, row["epoch"], new_token, row["state"])
    return TakenGame(running, game, [parse_round(round_) for round_ in rounds], passed_ms)


def _renew_server(connection: Connection, server: str, process: str) -> Renewal:
    seen = connection.execute("SELECT seen_at FROM servers WHERE id = ?", (server,)).fetchone()
    row = connection.execute(
        "INSERT INTO servers (id, process, started_at, seen_at) VALUES (?, ?, utc_now(), utc_now()) "
        "ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at RETURNING seen_at",
        (server, process),
    ).fetchone()
    games = connection.execute("SELECT game, epoch FROM running_games WHERE server = ?", (server,))
    return Renewal(
        {game["game"]: game["epoch"] for game in games},
        datetime.fromisoformat(row["seen_at"]),
        datetime.fromisoformat(seen["seen_at"]) if seen else None,
    )


def _require_held(connection: Connection, running: RunningGame, rows: int) -> None:
    if rows:
        return
    if is_player_deleted(connection, running.player):
        raise PlayerDeleted
    row = connection.execute("SELECT 1 FROM running_games WHERE game = ?", (running.game,)).fetchone()
    raise GameMoved(has_ended=row is None)


def _measure_ms_since_update(connection: Connection, server: str | None, updated_at: str) -> int:
    """Return for how long a game's clock ran after the game was last stored."""
    query = "SELECT seen_at, utc_now() AS now FROM servers WHERE id = ?"
    row = connection.execute(query, (server,)).fetchone()
    if row is None:
        return 0
    now, seen_at = datetime.fromisoformat(row["now"]), datetime.fromisoformat(row["seen_at"])
    until = now if now - seen_at < timedelta(seconds=ALIVE_SECONDS) else seen_at
    return max(0, round((until - datetime.fromisoformat(updated_at)) / timedelta(milliseconds=1)))
