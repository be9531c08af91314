"""GET /api/games/<id>: a finished game, to replay and to share."""

from __future__ import annotations

from typing import Final

from quart import Blueprint, Response, request
from quart_schema import document_querystring, document_response

from feedback.dailies import get_day
from feedback.records import Game, Round
from game.api.schemas import FinishedGame, GameQuery, GameRound
from game.rules import tuning
from game.rules.card import make_card
from game.rules.modes import DAILY, TIMED_MODES
from game.rules.ranking import get_unranked_code
from game.rules.streak import compute_streak
from game.services import get_services
from game.web.bodies import read_query, respond
from game.web.limits import limit_calls
from game.web.openapi import document_errors
from game.web.shown_games import ShownGame, find_shown_game
from game.web.visitors import get_player

blueprint: Final = Blueprint("games", __name__)


@blueprint.get("/api/games/<game_id>")
@document_querystring(GameQuery)
@document_response(FinishedGame)
@document_errors(404, 422, 503)
@limit_calls(tuning.READS)
async def game(game_id: str) -> Response:
    """Get a finished game with its drawings.

    Others get no drawings of a game that a moderator has hidden, nor of a daily of today that they have not
    finished themselves.
    """
    query = read_query(GameQuery, "This cannot be left out")
    shown = await find_shown_game(game_id, get_player(request.headers).id)
    card = await _make_card(shown.game, shown.rounds)
    return respond(_make_finished_game(shown, card, has_drawings=query.drawings))


async def _make_card(game: Game, rounds: list[Round]) -> str | None:
    if game.mode not in TIMED_MODES:
        return None
    day, streak = get_day(game.started_at), 0
    if game.mode == DAILY:
        streak = compute_streak(await get_services().store.dailies.list_days(game.player), day).days
    outcomes = [(round_.outcome, round_.duration_ms or 0) for round_ in rounds if round_.outcome is not None]
    return make_card(day, game.alphabet, game.score, outcomes, streak)


def _make_finished_game(shown: ShownGame, card: str | None, *, has_drawings: bool) -> FinishedGame:
    game = shown.game
    rounds = [] if shown.withheld else shown.rounds
    return FinishedGame(
        game=game.id,
        player=shown.name,
        has_own_name=shown.has_own_name,
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
        card=card,
        unranked_code=get_unranked_code(game.unranked),
        withheld=shown.withheld,
        rounds=[_make_game_round(number, round_, has_drawings) for number, round_ in enumerate(rounds, 1)],
    )


def _make_game_round(number: int, round_: Round, has_drawing: bool) -> GameRound:
    return GameRound(
        round=round_.number or number,
        id=round_.id,
        target=round_.target,
        outcome=round_.outcome,
        label=round_.predicted,
        confidence=round_.confidence,
        points=round_.points,
        duration_ms=round_.duration_ms,
        drawing=(round_.drawing or []) if has_drawing else [],
    )
