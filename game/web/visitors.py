"""The player behind the current request, and the cookie that makes them one."""

from __future__ import annotations

from contextlib import suppress
from typing import TypeVar, cast

from quart import Response, g, request
from werkzeug.wrappers import Response as WerkzeugResponse

from feedback.errors import StoreError
from game.services import get_services
from game.web.players import Player, farewell_cookie, new_player, player_cookie, player_of

AnyResponse = TypeVar("AnyResponse", Response, WerkzeugResponse)


def get_visitor() -> Player:
    """Return who sent the current request; one without a cookie gets it with the answer."""
    if "visitor" not in g:
        g.visitor = player_of(request.headers)
    return cast("Player", g.visitor)


async def welcome_visitor() -> None:
    """Have the answer carry a new cookie where there is none, or where its player has deleted everything."""
    with suppress(StoreError):
        if not get_visitor().fresh and await get_services().store.is_player_deleted(get_visitor().id):
            g.visitor = new_player()


def forget_visitor() -> None:
    """Have the answer take the cookie away."""
    g.visitor = None


async def give_cookie(answer: AnyResponse) -> AnyResponse:
    """Add the cookie of a visitor who is new, or end that of one who leaves for good."""
    player: Player | None = g.get("visitor")
    if player is not None and player.fresh:
        answer.headers.add("Set-Cookie", player_cookie(player, request.scheme))
    elif player is None and "visitor" in g:
        answer.headers.add("Set-Cookie", farewell_cookie(request.scheme))
    return answer
