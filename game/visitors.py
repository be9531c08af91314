"""The player behind the current request, and the cookie that makes them one."""

from __future__ import annotations

from typing import TypeVar, cast

from quart import Response, g, request
from werkzeug.wrappers import Response as WerkzeugResponse

from game.players import Player, player_cookie, player_of

AnyResponse = TypeVar("AnyResponse", Response, WerkzeugResponse)


def visitor() -> Player:
    """Return who sent the current request; one without a cookie gets it with the answer."""
    if "visitor" not in g:
        g.visitor = player_of(request.headers)
    return cast("Player", g.visitor)


async def give_cookie(answer: AnyResponse) -> AnyResponse:
    """Add the cookie of a visitor who is new."""
    player: Player | None = g.get("visitor")
    if player is not None and player.fresh:
        answer.headers.add("Set-Cookie", player_cookie(player, request.scheme))
    return answer
