"""GET /api/games/<id>: a finished game, to be seen again and shared."""

from __future__ import annotations

from typing import Final

from quart import Blueprint, Response
from quart_schema import document_response

from feedback.records import Game, Round
from game.api.schemas import FinishedGame, GameRound
from game.services import get_services
from game.web.bodies import respond
from game.web.errors import ApiError
from game.web.openapi import document_errors

blueprint: Final = Blueprint("games", __name__)


@blueprint.get("/api/games/<game_id>")
@document_response(FinishedGame)
@document_errors(404, 503)
async def game(game_id: str) -> Response:
    """Get a finished game with its drawings."""
    found = await get_services().store.get_game(game_id)
    if found is None or found[0].finished_at is None:
        raise ApiError(404, "game_not_found", "There is no finished game of this id.")
    return respond(_answered(*found))


def _answered(played: Game, rounds: list[Round]) -> FinishedGame:
    return FinishedGame(
        game=played.id,
        player=played.name,
        mode=played.mode,
        alphabet=played.alphabet,
        score=played.score,
        hits=played.hits,
        prompts=played.prompts,
        accuracy=played.accuracy,
        best_combo=played.best_combo,
        at=played.started_at,
        model=played.model,
        rounds=[_round(number, drawn) for number, drawn in enumerate(rounds, 1)],
    )


def _round(number: int, drawn: Round) -> GameRound:
    return GameRound(
        round=drawn.number or number,
        id=drawn.id,
        target=drawn.target,
        outcome=drawn.outcome,
        label=drawn.predicted,
        confidence=drawn.confidence,
        points=drawn.points,
        duration_ms=drawn.duration_ms,
        drawing=drawn.drawing or [],
    )
