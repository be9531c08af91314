"""Ends the games that nobody came back to after their server had stopped, with the rounds that are stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

import msgspec

from feedback import standings
from feedback.database_rows import finish_game, format_time, parse_game, read_drawing
from feedback.game_scores import sum_rounds
from feedback.records import RANKED_MODES, ROOM_MODE, Drawing, Game, Outcome
from feedback.sql import Connection

_BATCH: Final = 20  # games in one transaction, so that other writers get their turn
_PLACES: Final = 4  # of the accuracy, as the game itself rounds it


class StoredResult(msgspec.Struct, frozen=True):
    """What its game's figures, and whether it is ranked, depend on in a stored round."""

    at: datetime
    outcome: Outcome | None
    points: int | None
    target: str | None
    duration_ms: int | None
    drawing: Drawing | None


Judge = Callable[[list[StoredResult]], str | None]
"""Returns why a game with these rounds stays off the leaderboards; None if it may be on them."""


def finish_game_from_rounds(game: Game, results: Iterable[StoredResult], judge: Judge) -> Game:
    """Return a game as it stood after its last stored round, and ended then.

    The figures are those that the game itself would have: only a skip ends a series of hits. A game without rounds
    ended when it began.
    """
    rounds = list(results)
    score = sum_rounds((result.outcome, result.points) for result in rounds)
    return msgspec.structs.replace(
        game,
        finished_at=rounds[-1].at if rounds else game.started_at,
        score=score.points,
        hits=score.hits,
        prompts=score.rounds,
        accuracy=round(score.hits / score.rounds, _PLACES) if rounds else 0.0,
        best_combo=score.best_combo,
        unranked=game.unranked or (judge(rounds) if game.mode in RANKED_MODES else None),
    )


def finish_some_games(
    connection: Connection, before: datetime, judge: Judge, rooms_before: datetime | None = None
) -> int:
    """Finish some games that no server has run since before a moment, and put them on the boards.

    A game's server was last seen then, or it has released the game then and nobody has resumed it. For games that
    are played in rooms, whose players may come back until the end, that moment is ``rooms_before``.

    Returns:
        how many; 0 if there are no more.
    """
    games = connection.execute(
        "SELECT games.*, running_games.epoch FROM games LEFT JOIN running_games ON running_games.game = games.id "
        "LEFT JOIN servers ON servers.id = running_games.server "
        "WHERE games.finished_at IS NULL AND games.started_at < :before "
        "AND coalesce(servers.seen_at, running_games.updated_at, games.started_at) "
        "< CASE WHEN games.mode = :room_mode THEN :rooms_before ELSE :before END "
        "ORDER BY games.started_at DESC LIMIT :most",
        {
            "before": format_time(before),
            "rooms_before": format_time(rooms_before or before),
            "room_mode": ROOM_MODE,
            "most": _BATCH,
        },
    ).fetchall()
    for row in games:
        if row["epoch"] is not None:
            key = row["id"], row["epoch"]
            deleted = connection.execute("DELETE FROM running_games WHERE game = ? AND epoch = ?", key)
            if not deleted.rowcount:
                continue  # its player has come back meanwhile
        finished = finish_game_from_rounds(parse_game(row), _read_results(connection, row["id"]), judge)
        if finish_game(connection, finished) and finished.finished_at is not None:
            standings.enter_game(connection, finished, finished.finished_at)
    return len(games)


def _read_results(connection: Connection, game: str) -> list[StoredResult]:
    rows = connection.execute(
        "SELECT at, outcome, points, target, duration_ms, drawing FROM rounds WHERE game = ? ORDER BY number",
        (game,),
    )
    return [
        StoredResult(
            datetime.fromisoformat(row["at"]),
            row["outcome"],
            row["points"],
            row["target"],
            row["duration_ms"],
            read_drawing(row["drawing"]),
        )
        for row in rows
    ]
