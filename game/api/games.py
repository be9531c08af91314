"""GET /api/games/<id>: a finished game, to replay and to share."""

from __future__ import annotations

from typing import Final

from quart import Blueprint, Response, request
from quart_schema import document_response

from feedback.records import Game, Round
from game.api.schemas import FinishedGame, GameRound
from game.rules import tuning
from game.services import get_services
from game.web.bodies import respond
from game.web.errors import ApiError
from game.web.limits import limit_calls
from game.web.openapi import document_errors
from game.web.visitors import get_player

blueprint: Final = Blueprint("games", __name__)


@blueprint.get("/api/games/<game_id>")
@document_response(FinishedGame)
@document_errors(404, 503)
@limit_calls(tuning.READS)
async def game(game_id: str) -> Response:
    """Get a finished game with its drawings."""
    store = get_services().store
    stored = await store.get_game(game_id)
    if stored is None or stored[0].finished_at is None:
        raise ApiError(404, "game_not_found", "There is no finished game with this id.")
    name = await store.moderation.choose_shown_name(stored[0], get_player(request.headers).id)
    return respond(_make_finished_game(*stored, name))


def _make_finished_game(game: Game, rounds: list[Round], name: str) -> FinishedGame:
    return FinishedGame(
        game=game.id,
        player=name,
        mode=game.mode,
        alphabet=game.alphabet,
        score=game.score,
        hits=game.hits,
        prompts=game.prompts,
        accuracy=game.accuracy,
        best_combo=game.best_combo,
        at=game.started_at,
        model=game.model,
        unranked=game.unranked,
        rounds=[_make_game_round(number, round_) for number, round_ in enumerate(rounds, 1)],
    )


def _make_game_round(number: int, round_: Round) -> GameRound:
    return GameRound(
        round=round_.number or number,
        id=round_.id,
        target=round_.target,
        outcome=round_.outcome,
        label=round_.predicted,
        confidence=round_.confidence,
        points=round_.points,
        duration_ms=round_.duration_ms,
        drawing=round_.drawing or [],
    )
