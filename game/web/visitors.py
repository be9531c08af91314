"""The player behind the current request or socket, and the player's cookie."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager, suppress
from typing import Final, TypeVar, cast

from quart import Response, g, request, websocket
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response as WerkzeugResponse

from feedback.errors import StoreError
from game.play.admission import Admission
from game.play.rate_limit import AddressFull, Caller, TooManyCalls, make_address_key
from game.rules import tuning
from game.rules.tuning import CallLimit
from game.services import get_services
from game.web.errors import ApiError
from game.web.origin import check_origin
from game.web.players import Player, make_cookie, make_expired_cookie, make_player, read_player

AnyResponse = TypeVar("AnyResponse", Response, WerkzeugResponse)

_SECURE: Final = ("https", "wss")


def get_player(headers: Headers) -> Player:
    """Return who sent a request or opened a socket with ``headers``."""
    return read_player(get_services().cookie_signer, headers)


def get_visitor() -> Player:
    """Return who sent the current request. A new player gets a cookie with the response."""
    if "visitor" not in g:
        g.visitor = get_player(request.headers)
    return cast("Player", g.visitor)


async def welcome_visitor() -> None:
    """Have the response set a new cookie if there is none, or if its player has deleted everything."""
    with suppress(StoreError):
        if not get_visitor().is_new and await get_services().store.is_player_deleted(get_visitor().id):
            g.visitor = make_player()


def become_player(player: str) -> None:
    """Have the response set the cookie of ``player``, in place of any other."""
    g.visitor = Player(player, is_new=True)


def forget_visitor() -> None:
    """Have the response take the cookie away."""
    g.visitor = None


async def give_cookie(response: AnyResponse) -> AnyResponse:
    """Set the cookie of a visitor who is new, or end the cookie of one who leaves for good."""
    player: Player | None = g.get("visitor")
    secure = request.scheme in _SECURE
    if player is not None and player.is_new:
        response.headers.add("Set-Cookie", make_cookie(get_services().cookie_signer, player, secure=secure))
    elif player is None and "visitor" in g:
        response.headers.add("Set-Cookie", make_expired_cookie(secure=secure))
    return response


@asynccontextmanager
async def admit_player() -> AsyncIterator[Admission]:
    """Admit the client of the current socket while it is open.

    Raises:
        ApiError: 403 for a page of another site, 429 if the address has too many sockets open.
    """
    services = get_services()
    check_origin(websocket.headers, services.settings.allowed_origins)
    player = get_player(websocket.headers)
    secure = websocket.scheme in _SECURE
    cookie = {"Set-Cookie": make_cookie(services.cookie_signer, player, secure=secure)} if player.is_new else {}
    address = make_address_key(websocket.remote_addr)

    async def count_ranked() -> bool:
        if not await services.store.has_place(player.id):
            try:
                await services.limits.count(tuning.NEWCOMERS, Caller(None, address))
            except TooManyCalls:
                return False
        return True

    caller = Caller(None if player.is_new else player.id, address)

    async def count_call(limit: CallLimit) -> None:
        await services.limits.count(limit, caller)

    def count_room_try() -> AbstractContextManager[None]:
        return services.limits.count_try(tuning.ROOM_TRIES, caller, "no_such_room")

    try:
        async with services.limits.count_socket(address):
            yield Admission(player.id, cookie, count_ranked, count_call, count_room_try)
    except AddressFull as error:
        message = "Too many games are being played from your address right now."
        raise ApiError(429, "too_many_sockets", message) from error
