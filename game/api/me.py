"""GET /api/me/rounds and DELETE /api/me: a player downloads or deletes their own data."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from quart import Blueprint, Response, request
from quart_schema import document_querystring, document_response

from feedback.export import FORMATS, Format
from feedback.line import Line
from feedback.records import Round
from game.api.schemas import DeletedMe, MyRoundsQuery
from game.rules import tuning
from game.services import get_services
from game.web.bodies import read_query, respond
from game.web.limits import limit_calls
from game.web.openapi import document_errors
from game.web.visitors import forget_visitor, get_player

blueprint: Final = Blueprint("me", __name__)

_LINES_AT_ONCE: Final = 20  # half a millisecond of work


@blueprint.get("/api/me/rounds")
@document_querystring(MyRoundsQuery)
@document_response(Line)
@document_errors(422, 503)
@limit_calls(tuning.HEAVY)
async def my_rounds() -> Response:
    """Download your rounds.

    One round a line, oldest first. Your cookie tells which rounds are yours; without one there are none.
    """
    query = read_query(MyRoundsQuery, "There is no such format")
    file_format = FORMATS[query.format]
    rounds = get_services().store.read_rounds(get_player(request.headers).id)
    # The first round is read before the response begins: if the store fails, the status can still say so.
    first = await anext(rounds, None)
    response = Response(_write_lines(file_format, first, rounds), content_type=file_format.media_type)
    response.timeout = None  # however slow the connection
    response.headers["Content-Disposition"] = f'attachment; filename="inkrush-rounds.{query.format}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.delete("/api/me")
@document_response(DeletedMe)
@document_errors(403, 503)
@limit_calls(tuning.STORES)
async def delete_me() -> Response:
    """Delete your data.

    This deletes your rounds, your games and your places on the leaderboards. A game that you are playing ends, and
    your cookie is removed. It cannot be undone.
    """
    player = get_player(request.headers)
    rounds = games = 0
    if not player.is_new:
        rounds, games = await get_services().store.delete_player(player.id)
        get_services().games.end_games_of(player.id)
    forget_visitor()
    return respond(DeletedMe(rounds=rounds, games=games))


async def _write_lines(
    file_format: Format, first: Round | None, rest: AsyncIterator[Round]
) -> AsyncIterator[bytes]:
    """Yield the file in pieces. Everybody else gets a turn after each of them, however fast the client reads."""
    lines = [file_format.header]
    if first is not None:
        lines.append(file_format.encode(first))
    async for round_ in rest:
        if len(lines) >= _LINES_AT_ONCE:
            yield b"".join(lines)
            lines = []
            await asyncio.sleep(0)
        lines.append(file_format.encode(round_))
    yield b"".join(lines)
