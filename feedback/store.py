"""The store: every round, game and place on a board, durable when a call returns."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from feedback import quarantine, standings
from feedback.database import Database, open_database
from feedback.deletion import Deleted, delete_player, is_player_deleted, is_round_deleted
from feedback.errors import InvalidLabel, NotYourRound, RoundNotFound, StoreError
from feedback.quarantine import Doubt
from feedback.records import LABELS, SYNTHETIC, Confirmation, Counts, Entry, Game, Period, Round
from feedback.rows import format_time, insert_game, insert_round, parse_game, parse_round, update_game

_SCHEME: Final = "sqlite:///"
_PAGE: Final = 500  # rounds read at a time, so that other readers get their turn


async def open_store(url: str) -> Store:
    """Open the store at ``sqlite:///relative/path.db`` or ``sqlite:////absolute/path.db``.

    Raises:
        StoreError: if the URL is of another kind, or the file cannot be used; the text says why.
    """
    path = url.removeprefix(_SCHEME)
    if not url.startswith(_SCHEME) or path in {"", ":memory:"}:
        raise StoreError(f"{_without_password(url)!r} is no store: use sqlite:///path/to/file.db.")
    return Store(await open_database(Path(path)))


def _without_password(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"


class Imported(NamedTuple):
    """What became of rounds from elsewhere: kept, here already, or deleted here by their players."""

    new: int
    known: int
    deleted: int


class Store:
    """What was drawn, played and said. Every method raises StoreError when the store cannot be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def path(self) -> Path:
        """The database's file."""
        return self._database.path

    @property
    def database(self) -> Database:
        """The database itself, for what this package keeps beside the rounds."""
        return self._database

    async def close(self) -> None:
        """Finish what is being written and close; more than once does no more."""
        await self._database.close()

    async def add_round(self, kept: Round) -> None:
        """Keep a round. It is durable when this returns; a second time with the same id changes nothing.

        Raises:
            PlayerDeleted: if its player has deleted everything.
        """
        await self.add_rounds([kept])

    async def add_rounds(self, kept: Iterable[Round]) -> None:
        """Keep rounds, all or none of them; as `add_round` does."""
        rounds = list(kept)

        def work(connection: sqlite3.Connection) -> None:
            for one in rounds:
                insert_round(connection, one)

        await self._database.write(work)

    async def import_rounds(self, kept: Iterable[Round]) -> Imported:
        """Keep rounds from elsewhere, but none that is here already or was deleted here by its player."""
        rounds = list(kept)

        def work(connection: sqlite3.Connection) -> Imported:
            new = known = deleted = 0
            for one in rounds:
                if is_round_deleted(connection, one.id) or is_player_deleted(connection, one.player):
                    deleted += 1
                elif insert_round(connection, one):
                    new += 1
                else:
                    known += 1
            return Imported(new, known, deleted)

        return await self._database.write(work)

    async def delete_player(self, player: str) -> Deleted:
        """Delete all that is kept of a player, for good, and return how much it was.

        It is gone from the file too when this returns. Nothing can be kept for the player after that.
        """
        at = format_time(datetime.now(UTC))
        deleted = await self._database.write(lambda connection: delete_player(connection, player, at))
        await self._database.scrub()
        return deleted

    async def is_player_deleted(self, player: str) -> bool:
        """Return whether this player has deleted everything."""
        return await self._database.read(lambda connection: is_player_deleted(connection, player))

    async def get_round(self, round_id: str) -> Round | None:
        """Return a round."""
        return await self._database.read(lambda connection: _find_round(connection, round_id))

    async def give_feedback(self, round_id: str, player: str, label: str) -> Round:
        """Note what ``player`` says that their round really was, and return the round as it is then.

        Where a curator has said it already, the curator's label stays.

        Raises:
            InvalidLabel: if it is none of the 62 characters.
            RoundNotFound: if there is no such round.
            NotYourRound: if somebody else drew it.
        """
        if len(label) != 1 or label not in LABELS:
            raise InvalidLabel

        def work(connection: sqlite3.Connection) -> Round:
            found = _find_round(connection, round_id)
            if found is None:
                raise RoundNotFound
            if found.player != player:
                raise NotYourRound
            if found.label_by == "curator":
                return found
            verdict: Confirmation = "confirmed" if label == found.predicted else "corrected"
            connection.execute(
                "UPDATE rounds SET label = ?, verdict = ?, label_by = 'player' WHERE id = ?",
                (label, verdict, round_id),
            )
            return msgspec.structs.replace(found, label=label, verdict=verdict, label_by="player")

        return await self._database.write(work)

    async def start_game(self, game: Game) -> None:
        """Keep a game that begins.

        Raises:
            PlayerDeleted: if its player has deleted everything.
        """
        await self._database.write(lambda connection: insert_game(connection, game))

    async def finish_game(self, game: Game) -> int:
        """Keep a game that has ended, put it on its boards, and return its rank.

        The rank is the place of this score, from 1, among everybody else's best of all time in its mode and
        alphabet. Finishing a game again changes nothing.

        Raises:
            PlayerDeleted: if its player has deleted everything.
        """
        finished_at = game.finished_at or datetime.now(UTC)
        finished = msgspec.structs.replace(game, finished_at=finished_at)
        board = standings.name_board(game.mode, game.alphabet, "all", finished_at)

        def work(connection: sqlite3.Connection) -> int:
            known = _find_game(connection, game.id)
            if known is None or known.finished_at is None:
                update_game(connection, finished)
                standings.enter_game(connection, finished, finished_at)
            return standings.find_rank(connection, board, game.player, game.score, format_time(finished_at))

        return await self._database.write(work)

    async def get_game(self, game_id: str) -> tuple[Game, list[Round]] | None:
        """Return a game, running or finished, with its rounds in order."""

        def work(connection: sqlite3.Connection) -> tuple[Game, list[Round]] | None:
            game = _find_game(connection, game_id)
            if game is None:
                return None
            rows = connection.execute("SELECT * FROM rounds WHERE game = ? ORDER BY number", (game_id,))
            return game, [parse_round(row) for row in rows]

        return await self._database.read(work)

    async def leaderboard(
        self, mode: str, alphabet: str, period: Period, limit: int, player: str, now: datetime
    ) -> tuple[list[Entry], Entry | None]:
        """Return the best ``limit`` games, one a player, of the period that ``now`` is in, and the player's own.

        Higher scores come first, earlier ones before later ones.
        """
        board = standings.name_board(mode, alphabet, period, now)
        return await self._database.read(
            lambda connection: (
                standings.list_leaders(connection, board, limit),
                standings.find_place(connection, board, player),
            )
        )

    async def set_quarantine(self, doubts: Iterable[Doubt], now: datetime) -> None:
        """Keep these rounds apart, and no others but those that a person has decided on."""
        found = list(doubts)
        await self._database.write(lambda connection: quarantine.replace_doubts(connection, found, now))

    async def quarantined(self) -> list[Doubt]:
        """Return which rounds are kept apart, and what was decided on them."""
        return await self._database.read(quarantine.list_doubts)

    async def decide(self, round_id: str, label: str) -> None:
        """Note what a person says that a round in quarantine is; an empty label has it teach nothing for good.

        Raises:
            InvalidLabel: if it is neither empty nor one of the 62 characters.
            RoundNotFound: if no such round is in quarantine.
        """
        if label and (len(label) != 1 or label not in LABELS):
            raise InvalidLabel
        if not await self._database.write(lambda connection: quarantine.decide_doubt(connection, round_id, label)):
            raise RoundNotFound

    async def counts(self) -> Counts:
        """Return how much is kept."""
        return await self._database.read(_counts)

    async def rounds(self, player: str | None = None) -> AsyncIterator[Round]:
        """Yield every round, or every one of a player, oldest first."""
        after = 0
        while page := await self._database.read(partial(_page, player=player, after=after)):
            for sequence, kept in page:
                after = sequence
                yield kept


def _find_round(connection: sqlite3.Connection, round_id: str) -> Round | None:
    row = connection.execute("SELECT * FROM rounds WHERE id = ?", (round_id,)).fetchone()
    return row and parse_round(row)


def _find_game(connection: sqlite3.Connection, game_id: str) -> Game | None:
    row = connection.execute("SELECT * FROM games WHERE id = ?", (game_id,)).fetchone()
    return row and parse_game(row)


def _page(connection: sqlite3.Connection, player: str | None, after: int) -> list[tuple[int, Round]]:
    rest = "sequence > ? ORDER BY sequence LIMIT ?"
    if player is None:
        rows = connection.execute(f"SELECT * FROM rounds WHERE {rest}", (after, _PAGE))  # noqa: S608
    else:
        rows = connection.execute(f"SELECT * FROM rounds WHERE player = ? AND {rest}", (player, after, _PAGE))  # noqa: S608
    return [(row["sequence"], parse_round(row)) for row in rows]


def _counts(connection: sqlite3.Connection) -> Counts:
    def number(query: str) -> int:
        return int(connection.execute(query).fetchone()[0])

    by_source = {
        row[0]: row[1] for row in connection.execute("SELECT source, count(*) FROM rounds GROUP BY source")
    }
    return Counts(
        rounds=sum(by_source.values()),
        games=number("SELECT count(*) FROM games WHERE finished_at IS NOT NULL"),
        players=number(f"SELECT count(*) FROM players WHERE id <> '{SYNTHETIC}'"),  # noqa: S608 (our own name)
        # Whatever is synthetic has a label, which no person said.
        labelled=number("SELECT count(*) FROM rounds WHERE label IS NOT NULL") - by_source.get(SYNTHETIC, 0),
        by_source=by_source,
    )
