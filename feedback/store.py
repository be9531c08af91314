"""The store: every round, game and place on a leaderboard. What a call wrote is on disk when it returns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

import msgspec

from feedback import deletion, standings, unfinished_games
from feedback.counts import read_counts
from feedback.dailies import Dailies, claim_try
from feedback.database import Database
from feedback.database_rows import finish_game, format_time, insert_game, insert_round, parse_round
from feedback.deletion import Deleted, is_player_deleted, is_round_deleted
from feedback.engines import open_database
from feedback.errors import GameMoved, InvalidLabel, PlayerDeleted, RoundNotFound
from feedback.hands import Hands
from feedback.health import StoreHealth
from feedback.ids import can_be_id
from feedback.labels import label_round
from feedback.link_codes import LinkCodes
from feedback.lookup import find_game, find_round, read_page
from feedback.moderation.changes import Moderation
from feedback.played_rounds import PlayedRounds
from feedback.progress import ProgressReader
from feedback.quarantine import Quarantine
from feedback.records import DAILY_MODE, LABELS, Counts, Entry, Game, Period, Round
from feedback.remembering import remember_imported_round
from feedback.rooms import Rooms
from feedback.running_games import (
    RunningGame,
    RunningGames,
    delete_dead_servers,
    delete_running_game,
    insert_running_game,
)
from feedback.sql import Connection
from feedback.unfinished_games import Judge
from feedback.uploads import Uploads


async def open_store(url: str) -> Store:
    """Open the store at ``sqlite:///relative.db``, ``sqlite:////absolute.db`` or ``postgresql://user@host/name``.

    Raises:
        StoreError: if the URL is of another kind, or the store cannot be used; the message says why.
    """
    return Store(await open_database(url))


class Imported(NamedTuple):
    """How many imported rounds are new, were here already, or were deleted here by their players."""

    new: int
    known: int
    deleted: int


class Store:
    """Rounds, games and leaderboards. Every method raises StoreError if the store cannot be used.

    Attributes:
        moderation: hides names, players and games.
        running_games: the games that run, in this process and in others.
        dailies: the tries of players at the dailies.
        link_codes: carry players to other devices.
        hands: what the recognizer remembers of the players' own drawings.
        progress: what players have drawn lately, and how it was read.
        played_rounds: the rounds of several games at once.
        rooms: where people play the same prompts at the same time.
        quarantine: the rounds whose labels are in doubt.
        uploads: the latest readings of uploaded pictures.
    """

    def __init__(self, database: Database) -> None:
        self.moderation = Moderation(database)
        self.running_games = RunningGames(database)
        self.dailies = Dailies(database)
        self.link_codes = LinkCodes(database)
        self.hands = Hands(database)
        self.progress = ProgressReader(database)
        self.played_rounds = PlayedRounds(database)
        self.rooms = Rooms(database)
        self.quarantine = Quarantine(database)
        self.uploads = Uploads(database)
        self._database = database
        self._health = StoreHealth(database)
        self._deleting: set[asyncio.Task[Deleted]] = set()

    @property
    def database(self) -> Database:
        """The database itself, for the tables of the Sheet mirror."""
        return self._database

    async def require_sound(self) -> None:
        """Return if a short check finds no damage. A server does this before it serves.

        Raises:
            StoreError: if the store is damaged; the message says what to do.
        """
        await self._database.require_sound()

    async def describe(self) -> str:
        """Return in a few words where the data is, how large it is, and the version of its tables."""
        return await self._database.describe()

    async def find_fault(self) -> str | None:
        """Write and read, and return in a few words what is wrong, without the path; None if the store works.

        It answers within two seconds, and may be called as often as you like: a result is valid for a second.
        """
        return await self._health.find_fault()

    async def finish_open_games(self, before: datetime, judge: Judge, rooms_before: datetime | None = None) -> int:
        """End the games that no server has run since before ``before``, and return how many these are.

        For games in rooms, ``rooms_before`` counts instead. The figures of a game follow from its stored rounds,
        and ``judge`` says why it is not ranked.
        """
        work = partial(unfinished_games.finish_some_games, before=before, judge=judge, rooms_before=rooms_before)
        total = 0
        while number := await self._database.write(work):
            total += number
        await self._database.write(partial(delete_dead_servers, before=before))
        return total

    async def close(self) -> None:
        """Finish the writes that are under way, then close. Closing again does nothing."""
        await self._database.close()

    async def add_round(self, round_: Round) -> None:
        """Store a round. A round whose id is already stored stays unchanged.

        Raises:
            PlayerDeleted: if its player has deleted all their data.
        """
        await self.add_rounds([round_])

    async def add_rounds(self, rounds: Iterable[Round]) -> None:
        """Store rounds, all or none of them. Rounds whose ids are already stored stay unchanged.

        Raises:
            PlayerDeleted: if the player of a round has deleted all their data.
        """
        batch = list(rounds)

        def work(connection: Connection) -> None:
            for round_ in batch:
                insert_round(connection, round_)

        await self._database.write(work)

    async def import_rounds(self, rounds: Iterable[Round]) -> Imported:
        """Store rounds from elsewhere, except those that are here already or that their players deleted here."""
        batch = list(rounds)

        def work(connection: Connection) -> Imported:
            new = known = deleted = 0
            for round_ in batch:
                if is_round_deleted(connection, round_.id) or is_player_deleted(connection, round_.player):
                    deleted += 1
                elif insert_round(connection, round_):
                    remember_imported_round(connection, round_)
                    new += 1
                else:
                    known += 1
            return Imported(new, known, deleted)

        while True:
            try:
                return await self._database.write(work)
            except PlayerDeleted:  # after the check: now it is known
                continue

    async def delete_player(self, player: str) -> Deleted:
        """Delete all data of a player for good. Return how many rounds and games that was.

        When this returns, the data is gone from the file too. Nothing can be stored for the player once it has
        begun. It goes on if the caller is cancelled.
        """
        deleting = asyncio.create_task(self._delete_player(player))
        self._deleting.add(deleting)
        deleting.add_done_callback(self._deleting.discard)
        return await asyncio.shield(deleting)

    async def _delete_player(self, player: str) -> Deleted:
        await self._database.write(partial(deletion.begin_deletion, player=player))
        self.hands.note_change(player)
        rounds = games = 0
        is_complete = False
        while not is_complete:
            some = await self._database.write(partial(deletion.delete_some_data, player=player))
            rounds, games = rounds + some.rounds, games + some.games
            if not (some.rounds or some.games):
                is_complete = await self._database.write(partial(deletion.end_deletion, player=player))
        self.hands.note_change(player)
        await self._database.scrub()
        return Deleted(rounds, games)

    async def delete_round(self, round_id: str, player: str) -> None:
        """Delete a character that ``player`` uploaded, in a picture where it turned out to be none.

        Raises:
            RoundNotFound: if there is no such round.
            NotYourRound: if somebody else uploaded it.
            NotFromAPicture: if it was not uploaded.
        """
        if not can_be_id(round_id):
            raise RoundNotFound
        await self._database.write(partial(deletion.delete_round, round_id=round_id, player=player))

    async def finish_deletions(self) -> None:
        """Go on with the deletions that a killed server did not finish."""
        for player in await self._database.read(deletion.list_unfinished_deletions):
            await self.delete_player(player)

    async def is_player_deleted(self, player: str) -> bool:
        """Return whether this player has deleted all their data."""
        return await self._database.read(lambda connection: is_player_deleted(connection, player))

    async def get_round(self, round_id: str) -> Round | None:
        """Return a round, or None if there is no round with this id."""
        if not can_be_id(round_id):
            return None
        return await self._database.read(lambda connection: find_round(connection, round_id))

    async def give_feedback(self, round_id: str, player: str, label: str) -> Round:
        """Store the label that ``player`` gives to their own round, and return the round with its label.

        The player's hand remembers the drawing.

        If a curator has labeled the round, the curator's label stays.

        Raises:
            InvalidLabel: if the label is not one of the 62 characters.
            RoundNotFound: if there is no such round.
            NotYourRound: if somebody else drew it.
        """
        if len(label) != 1 or label not in LABELS:
            raise InvalidLabel
        if not can_be_id(round_id):
            raise RoundNotFound
        round_, state = await self._database.write(
            lambda connection: label_round(connection, round_id, player, label)
        )
        if state is not None:
            self.hands.note_change(player)
        return round_

    async def start_game(self, game: Game, running: RunningGame | None = None) -> None:
        """Store a game that begins, with what is needed to resume it, if it can be.

        Raises:
            AlreadyPlayed: if it is a daily that its player has begun before.
            PlayerDeleted: if its player has deleted all their data.
        """

        def work(connection: Connection) -> None:
            insert_game(connection, game)
            if game.mode == DAILY_MODE:
                claim_try(connection, game)
            if running:
                insert_running_game(connection, running)

        await self._database.write(work)

    async def finish_game(self, game: Game, running: RunningGame | None = None) -> int | None:
        """Store a game that has ended, enter it on the leaderboards, and return its rank.

        The rank is the place of its score, from 1, among the best scores of all other players in its mode and
        alphabet: of all time, for a daily of its day. It is None if the game may be on no leaderboard. Finishing a
        game again changes nothing.

        Raises:
            GameMoved: if ``running`` was taken over by another process.
            PlayerDeleted: if its player has deleted all their data.
        """
        finished_at = game.finished_at or datetime.now(UTC)
        finished = msgspec.structs.replace(game, finished_at=finished_at)
        period: Period = "day" if game.mode == DAILY_MODE else "all"
        board_at = standings.get_board_time(game, finished_at)
        board = standings.name_board(game.mode, game.alphabet, period, board_at)

        def work(connection: Connection) -> int | None:
            try:
                if running:
                    delete_running_game(connection, running)
            except GameMoved:
                stored = find_game(connection, game.id)
                if stored is None or stored.finished_at is None:
                    raise
            if finish_game(connection, finished):
                is_ranked = standings.enter_game(connection, finished, finished_at)
            else:
                is_ranked = standings.may_enter(connection, finished)
            if not is_ranked:
                return None
            return standings.find_rank(connection, board, game.player, game.score, format_time(finished_at))

        return await self._database.write(work)

    async def has_place(self, player: str) -> bool:
        """Return whether a player is on any leaderboard."""
        query = "SELECT 1 FROM standings WHERE player = ? LIMIT 1"
        return await self._database.read(
            lambda connection: connection.execute(query, (player,)).fetchone() is not None
        )

    async def get_game(self, game_id: str) -> tuple[Game, list[Round]] | None:
        """Return a game, running or finished, with its rounds in order; None if there is no game with this id."""
        if not can_be_id(game_id):
            return None

        def work(connection: Connection) -> tuple[Game, list[Round]] | None:
            game = find_game(connection, game_id)
            if game is None:
                return None
            rows = connection.execute("SELECT * FROM rounds WHERE game = ? ORDER BY number", (game_id,))
            return game, [parse_round(row) for row in rows]

        return await self._database.read(work)

    async def read_leaderboard(
        self, mode: str, alphabet: str, period: Period, limit: int, player: str, now: datetime
    ) -> tuple[list[Entry], Entry | None]:
        """Return the best ``limit`` games of the period of ``now``, one per player, and the player's own place.

        Higher scores come first; of equal scores, the earlier one. Hidden games are left out, and the hidden names
        of others are replaced.
        """
        board = standings.name_board(mode, alphabet, period, now)
        return await self._database.read(
            lambda connection: (
                standings.list_leaders(connection, board, limit, player),
                standings.find_place(connection, board, player),
            )
        )

    async def read_counts(self) -> Counts:
        """Return how much is stored."""
        return await self._database.read(read_counts)

    async def read_rounds(self, player: str | None = None) -> AsyncIterator[Round]:
        """Yield all rounds, or all of a player, in the order in which they were stored.

        All that were stored before the call are among them; those that are stored meanwhile may be.
        """
        after = 0
        while page := await self._database.read(partial(read_page, player=player, after=after)):
            for sequence, round_ in page:
                after = sequence
                yield round_
