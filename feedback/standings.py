"""The leaderboards: the best game of each player, by mode, alphabet and period."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from feedback.database_rows import format_time, parse_entry, parse_game
from feedback.moderation.hidden import choose_shown_name, is_hidden, read_hidden_names
from feedback.records import ALPHABETS, BOARD_MODES, DAILY_MODE, Entry, Game, Period
from feedback.sql import Connection, Row

BUCKET: Final = 8
"""How many scores share a row of ``standing_counts``. The triggers that count know the number too."""


def name_board(mode: str, alphabet: str, period: Period, at: datetime) -> str:
    """Return the name of the board of the period of ``at``. Days are UTC, weeks are ISO weeks."""
    moment = at.astimezone(UTC)
    span = {"day": moment.date().isoformat(), "week": f"{moment:%G-W%V}", "all": "all"}[period]
    return f"{mode}/{alphabet}/{span}"


def get_board_time(game: Game, finished_at: datetime) -> datetime:
    """Return the moment whose boards a game is entered on. A daily counts for the day it began."""
    return game.started_at if game.mode == DAILY_MODE else finished_at


def may_enter(connection: Connection, game: Game) -> bool:
    """Return whether a game may be on boards: it has points and a board, and is neither ``unranked`` nor hidden.

    That stays so until the transaction ends.
    """
    if game.mode not in BOARD_MODES or game.score <= 0 or game.unranked is not None:
        return False
    lock_player(connection, game.player)
    return not is_hidden(connection, game.player, game.id)


def enter_game(connection: Connection, game: Game, finished_at: datetime) -> bool:
    """Put a finished game on its boards if it is the player's best there. Of equal scores, the earlier one stays.

    Returns:
        whether it may be on boards, as `may_enter` says it.
    """
    if not may_enter(connection, game):
        return False
    periods: tuple[Period, ...] = ("day", "week", "all")
    counts_at = get_board_time(game, finished_at)
    connection.executemany(
        "INSERT INTO standings (board, player, score, at, game) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (board, player) DO UPDATE SET score = excluded.score, at = excluded.at, game = excluded.game "
        "WHERE excluded.score > standings.score "
        "OR excluded.score = standings.score AND excluded.at < standings.at",
        [
            (
                name_board(game.mode, game.alphabet, period, counts_at),
                game.player,
                game.score,
                format_time(finished_at),
                game.id,
            )
            for period in periods
        ],
    )
    return True


def enter_games_again(connection: Connection, player: str) -> None:
    """Make all places of a player anew from their games, after something was hidden or shown."""
    lock_player(connection, player)
    connection.execute("DELETE FROM standings WHERE player = ?", (player,))
    rows = connection.execute("SELECT * FROM games WHERE player = ? AND finished_at IS NOT NULL", (player,))
    for game in map(parse_game, rows.fetchall()):
        if game.finished_at is not None:
            enter_game(connection, game, game.finished_at)


def lock_player(connection: Connection, player: str) -> None:
    """Let others who change this player's places or hide something of theirs wait for this transaction."""
    connection.execute("UPDATE players SET first_seen = first_seen WHERE id = ?", (player,))


def find_rank(connection: Connection, board: str, player: str, score: int, at: str) -> int:
    """Return the place, from 1, that a player's score has among the best scores of all others.

    It counts the players of the buckets above, and those ahead within the bucket. One statement does it, so that
    all of it is seen at the same moment.
    """
    (ahead,) = connection.execute(
        "SELECT (SELECT coalesce(sum(players), 0) FROM standing_counts WHERE board = :board AND bucket > :bucket) "
        "- (SELECT count(*) FROM standings WHERE board = :board AND player = :player AND score >= :ceiling) "
        "+ (SELECT count(*) FROM standings "
        "WHERE board = :board AND score > :score AND score < :ceiling AND player <> :player) "
        "+ (SELECT count(*) FROM standings "
        "WHERE board = :board AND score = :score AND at <= :at AND (at < :at OR player < :player) "
        "AND player <> :player)",
        {
            "board": board,
            "player": player,
            "score": score,
            "at": at,
            "bucket": score // BUCKET,
            "ceiling": (score // BUCKET + 1) * BUCKET,
        },
    ).fetchone()
    return int(ahead) + 1


def list_leaders(connection: Connection, board: str, limit: int, viewer: str) -> list[Entry]:
    """Return the first ``limit`` places of a board, with the names that the player ``viewer`` may see."""
    rows = connection.execute(
        "SELECT games.* FROM (SELECT * FROM standings WHERE board = ? ORDER BY score DESC, at, player LIMIT ?) "
        "AS best JOIN games ON games.id = best.game ORDER BY best.score DESC, best.at, best.player",
        (board, limit),
    ).fetchall()
    names = read_hidden_names(connection)
    return [
        parse_entry(
            row,
            place,
            row["name"] if row["player"] == viewer else choose_shown_name(row["name"], row["player"], names),
        )
        for place, row in enumerate(rows, 1)
    ]


def list_bests(connection: Connection, player: str) -> list[Row]:
    """Return the rows of a player's best games, of all time, by mode and alphabet."""
    now = datetime.now(UTC)  # the boards of all time have the same names at any time
    boards = [name_board(mode, alphabet, "all", now) for mode in sorted(BOARD_MODES) for alphabet in ALPHABETS]
    condition = f"standings.player = ? AND standings.board IN ({', '.join('?' for _ in boards)})"
    query = f"SELECT games.* FROM standings JOIN games ON games.id = standings.game WHERE {condition}"  # noqa: S608
    return connection.execute(f"{query} ORDER BY standings.board", (player, *boards)).fetchall()


def find_place(connection: Connection, board: str, player: str) -> Entry | None:
    """Return the player's own place on a board, or None if they have none."""
    row = connection.execute(
        "SELECT games.*, standings.at FROM standings JOIN games ON games.id = standings.game "
        "WHERE standings.board = ? AND standings.player = ?",
        (board, player),
    ).fetchone()
    return row and parse_entry(row, find_rank(connection, board, player, row["score"], row["at"]), row["name"])
