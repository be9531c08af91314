"""GET /api/me/progress, /api/me/drawings and /api/examples: how a player's characters are read, and written."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Final, TypeVar

from quart import Blueprint, Response, request
from quart_schema import document_querystring, document_response

from feedback.dailies import get_day
from feedback.progress import RecentGame
from game.api.daily import make_streak_body
from game.api.my_schemas import (
    CharacterProgressBody,
    DayProgress,
    Examples,
    ExamplesQuery,
    FiguresBody,
    MisreadAs,
    MyDrawing,
    MyDrawings,
    MyDrawingsQuery,
    MyGame,
    MyProgress,
)
from game.rules import tuning
from game.rules.progress import CharacterProgress, Figures, ProgressSummary, summarize_progress
from game.rules.streak import Streak, compute_streak
from game.services import get_services
from game.web.bodies import read_query, respond
from game.web.errors import ApiError
from game.web.limits import limit_calls
from game.web.openapi import document_errors
from game.web.visitors import get_player
from recognition.alphabets import CLASSES
from recognition.explain.gallery import load_bundled_gallery

blueprint: Final = Blueprint("progress", __name__)

_GAMES: Final = 20

Query = TypeVar("Query", MyDrawingsQuery, ExamplesQuery)


@blueprint.get("/api/me/progress")
@document_response(MyProgress)
@document_errors(503)
@limit_calls(tuning.HEAVY)
async def progress() -> Response:
    """Get how your characters are read, your streak, your best games and your newest ones."""
    store, player = get_services().store, get_player(request.headers).id
    stored = await store.progress.read(player, _GAMES)
    streak = compute_streak(await store.dailies.list_days(player), get_day(datetime.now(UTC)))
    summary = await asyncio.to_thread(summarize_progress, stored.rounds)
    games, bests = ([_make_game(game) for game in games] for games in (stored.games, stored.bests))
    return respond(_make_progress(len(stored.rounds), summary, streak, bests, games))


@blueprint.get("/api/me/drawings")
@document_querystring(MyDrawingsQuery)
@document_response(MyDrawings)
@document_errors(422, 503)
@limit_calls(tuning.READS)
async def drawings() -> Response:
    """Get your newest drawings of a character: those taken for another one, or those that were hits."""
    query = _read_drawings_query(MyDrawingsQuery)
    stored = await get_services().store.progress.list_drawings(
        get_player(request.headers).id,
        query.character,
        query.limit,
        are_understood=query.which == "understood",
    )
    return respond(
        MyDrawings(
            character=query.character,
            drawings=[
                MyDrawing(
                    round=own.round,
                    at=own.at,
                    label=own.predicted,
                    confidence=own.confidence,
                    drawing=own.drawing,
                )
                for own in stored
            ],
        )
    )


@blueprint.get("/api/examples")
@document_querystring(ExamplesQuery)
@document_response(Examples)
@document_errors(422)
@limit_calls(tuning.READS)
async def examples() -> Response:
    """Get how others write a character, stroke by stroke."""
    query = _read_drawings_query(ExamplesQuery)
    gallery = await asyncio.to_thread(load_bundled_gallery)
    usual = await asyncio.to_thread(gallery.find_usual, query.character)
    return respond(
        Examples(
            character=query.character,
            drawings=[[stroke.T.tolist() for stroke in drawing] for drawing in usual[: query.count]],
        )
    )


def _read_drawings_query(kind: type[Query]) -> Query:
    query = read_query(kind, "These drawings do not exist")
    if len(query.character) != 1 or query.character not in CLASSES:
        raise ApiError(422, "invalid_query", "A character is one digit or letter: 0-9, A-Z or a-z.")
    return query


def _make_progress(
    rounds: int, summary: ProgressSummary, streak: Streak, bests: list[MyGame], games: list[MyGame]
) -> MyProgress:
    return MyProgress(
        rounds=rounds,
        overall=_make_figures(summary.overall),
        characters=[_make_character(character) for character in summary.characters],
        days=[DayProgress(day=date.fromisoformat(day), **figures._asdict()) for day, figures in summary.days],
        streak=make_streak_body(streak),
        bests=bests,
        games=games,
    )


def _make_character(progress: CharacterProgress) -> CharacterProgressBody:
    misread_as = None
    if progress.misread_as is not None:
        misread_as = MisreadAs(label=progress.misread_as, count=progress.misreadings)
    return CharacterProgressBody(
        character=progress.character,
        **progress.figures._asdict(),
        ms_per_hit=progress.ms_per_hit,
        misread_as=misread_as,
        trend=[_make_figures(figures) for figures in progress.trend],
    )


def _make_figures(figures: Figures) -> FiguresBody:
    return FiguresBody(**figures._asdict())


def _make_game(game: RecentGame) -> MyGame:
    return MyGame(
        game=game.id,
        mode=game.mode,
        alphabet=game.alphabet,
        score=game.score,
        hits=game.hits,
        prompts=game.prompts,
        at=game.at,
    )
