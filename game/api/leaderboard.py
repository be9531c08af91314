"""GET /api/leaderboard: the best games."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import msgspec
from quart import Blueprint, Response, request
from quart_schema import document_querystring, document_response

from game.api.schemas import Leaderboard, LeaderboardQuery
from game.rules import tuning
from game.services import get_services
from game.web.bodies import read_query, respond
from game.web.limits import limit_calls
from game.web.openapi import document_errors
from game.web.visitors import get_player
from recognition.alphabets import get_characters

blueprint: Final = Blueprint("leaderboard", __name__)


@blueprint.get("/api/leaderboard")
@document_querystring(LeaderboardQuery)
@document_response(Leaderboard)
@document_errors(422, 503)
@limit_calls(tuning.READS)
async def leaderboard() -> Response:
    """Get a leaderboard.

    Each player is listed once, with their best game. Of two equal scores, the earlier one ranks higher. The
    response has an ETag, so whoever asks again and again gets a 304 until the board changes.
    """
    query = read_query(LeaderboardQuery, "This leaderboard does not exist", skips_empty=True)
    get_characters(query.alphabet)
    entries, yours = await get_services().store.read_leaderboard(
        query.mode,
        query.alphabet,
        query.period,
        query.limit,
        get_player(request.headers).id,
        datetime.now(UTC),
    )
    board = {"entries": entries, "you": yours}
    response = respond(msgspec.convert(board, Leaderboard, from_attributes=True))
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers.add("Vary", "Cookie")  # `you` is the one who asks
    await response.add_etag(weak=True)  # it stands for the compressed board too
    return await response.make_conditional(request)
