"""GET /api/me/rounds and DELETE /api/me: what is kept of whoever asks, to take along and to delete."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import msgspec
from quart import Blueprint, Response, request
from quart_schema import document_querystring, document_response

from feedback.export import FORMATS, Format
from feedback.line import Line
from feedback.records import Round
from game.api.schemas import DeletedMe, MyRoundsQuery
from game.services import get_services
from game.web.bodies import explain_error, respond
from game.web.errors import ApiError
from game.web.openapi import document_errors
from game.web.visitors import forget_visitor, get_player

blueprint: Final = Blueprint("me", __name__)


@blueprint.get("/api/me/rounds")
@document_querystring(MyRoundsQuery)
@document_response(Line)
@document_errors(422, 503)
async def my_rounds() -> Response:
    """Get everything you drew.

    A round a line, oldest first, known by your cookie; nothing where there is none.
    """
    try:
        asked = msgspec.convert(dict(request.args), MyRoundsQuery)
    except msgspec.ValidationError as error:
        raise ApiError(422, "invalid_query", f"There is no such format: {explain_error(error)}.") from error
    written = FORMATS[asked.format]
    rounds = get_services().store.read_rounds(get_player(request.headers).id)
    # The first one is read before the answer begins, so that a store that fails is still told as such.
    first = await anext(rounds, None)
    answer = Response(_lines(written, first, rounds), content_type=written.media_type)
    answer.timeout = None  # however slow the connection
    answer.headers["Content-Disposition"] = f'attachment; filename="inkrush-rounds.{asked.format}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.delete("/api/me")
@document_response(DeletedMe)
@document_errors(403, 503)
async def delete_me() -> Response:
    """Delete everything that is kept of you.

    Your rounds, games and places on the boards, known by your cookie, which ends with the answer. A game that you
    are in ends too. It cannot be undone.
    """
    player = get_player(request.headers)
    rounds = games = 0
    if not player.is_new:
        rounds, games = await get_services().store.delete_player(player.id)
        get_services().games.end_games_of(player.id)
    forget_visitor()
    return respond(DeletedMe(rounds=rounds, games=games))


async def _lines(written: Format, first: Round | None, rest: AsyncIterator[Round]) -> AsyncIterator[bytes]:
    yield written.header
    if first is not None:
        yield written.encode(first)
    async for kept in rest:
        yield written.encode(kept)
