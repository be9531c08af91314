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
from game.api.bodies import explained, respond
from game.api.schemas import DeletedMe, MyRoundsQuery
from game.errors import ApiError
from game.openapi import fails
from game.players import player_of
from game.services import services
from game.visitors import part_with_visitor

blueprint: Final = Blueprint("me", __name__)


@blueprint.get("/api/me/rounds")
@document_querystring(MyRoundsQuery)
@document_response(Line)
@fails(422, 503)
async def my_rounds() -> Response:
    """Get everything you drew.

    A round a line, oldest first, known by your cookie; nothing where there is none.
    """
    try:
        asked = msgspec.convert(dict(request.args), MyRoundsQuery)
    except msgspec.ValidationError as error:
        raise ApiError(422, "invalid_query", f"There is no such format: {explained(error)}.") from error
    written = FORMATS[asked.format]
    rounds = services().store.rounds(player_of(request.headers).id)
    # The first one is read before the answer begins, so that a store that fails is still told as such.
    first = await anext(rounds, None)
    answer = Response(_lines(written, first, rounds), content_type=written.media_type)
    answer.timeout = None  # however slow the connection
    answer.headers["Content-Disposition"] = f'attachment; filename="inkrush-rounds.{asked.format}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.delete("/api/me")
@document_response(DeletedMe)
@fails(403, 503)
async def delete_me() -> Response:
    """Delete everything that is kept of you.

    Your rounds, games and places on the boards, known by your cookie, which ends with the answer. A game that you
    are in ends too. It cannot be undone.
    """
    player = player_of(request.headers)
    rounds = games = 0
    if not player.fresh:
        rounds, games = await services().store.delete_player(player.id)
        services().seats.end_games_of(player.id)
    part_with_visitor()
    return respond(DeletedMe(rounds=rounds, games=games))


async def _lines(written: Format, first: Round | None, rest: AsyncIterator[Round]) -> AsyncIterator[bytes]:
    yield written.head
    if first is not None:
        yield written.line(first)
    async for kept in rest:
        yield written.line(kept)
