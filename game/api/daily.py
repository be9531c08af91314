"""GET /api/me/daily: today's dailies, and the player's streak."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final

from quart import Blueprint, Response, request
from quart_schema import document_response

from feedback.dailies import get_day
from game.api.my_schemas import DailyTryBody, MyDaily, StreakBody
from game.rules import tuning
from game.rules.streak import Streak, compute_streak
from game.services import get_services
from game.web.bodies import respond
from game.web.limits import limit_calls
from game.web.openapi import document_errors
from game.web.visitors import get_player

blueprint: Final = Blueprint("daily", __name__)


@blueprint.get("/api/me/daily")
@document_response(MyDaily)
@document_errors(503)
@limit_calls(tuning.READS)
async def daily() -> Response:
    """Get today's dailies, and your streak."""
    now = datetime.now(UTC)
    day, store, player = get_day(now), get_services().store, get_player(request.headers).id
    tries = await store.dailies.list_tries(player, day)
    next_day = datetime.combine(day + timedelta(days=1), time(), UTC)
    return respond(
        MyDaily(
            day=day,
            ends_in_ms=(next_day - now) // timedelta(milliseconds=1),
            tries=[
                DailyTryBody(
                    alphabet=each.alphabet, game=each.game, score=each.score, is_finished=each.is_finished
                )
                for each in tries
            ],
            streak=make_streak_body(compute_streak(await store.dailies.list_days(player), day)),
        )
    )


def make_streak_body(streak: Streak) -> StreakBody:
    """Return a streak as it is sent."""
    return StreakBody(**streak._asdict())
