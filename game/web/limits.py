"""Limits of HTTP calls, checked before a body is read: 429 for whoever calls more often than a person would."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import wraps
from typing import NoReturn, ParamSpec

from quart import Response, g, request

from game.play.rate_limit import AddressFull, AddressLimit, Caller, TooManyCalls, make_address_key
from game.rules import tuning
from game.rules.tuning import CallLimit
from game.services import get_services
from game.web.bodies import discard_body
from game.web.errors import ApiError
from game.web.openapi import document_errors
from game.web.visitors import get_player

P = ParamSpec("P")
View = Callable[P, Awaitable[Response]]


def limit_calls(*limits: CallLimit) -> Callable[[View[P]], View[P]]:
    """Count each call of a view toward ``limits`` before the view begins, and describe the error 429."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        async def limited(*args: P.args, **kwargs: P.kwargs) -> Response:
            for limit in limits:
                await count_call(limit)
            return await view(*args, **kwargs)

        return document_errors(429)(limited)

    return decorate


async def count_call(limit: CallLimit, caller: Caller | None = None) -> None:
    """Count the current request toward ``limit``, as a call of ``caller`` or else of whoever sent it.

    Raises:
        ApiError: 429, if there are too many.
    """
    try:
        await get_services().limits.count(limit, caller or _get_caller())
    except TooManyCalls as error:
        await _refuse(error)


@asynccontextmanager
async def count_room_try() -> AsyncIterator[None]:
    """Count what is done inside as a try of a room's code, if it is refused with ``no_such_room``.

    Raises:
        ApiError: 429, if there are too many.
    """
    try:
        with get_services().limits.count_try(tuning.ROOM_TRIES, _get_caller(), "no_such_room"):
            yield
    except TooManyCalls as error:
        await _refuse(error)


async def may_store() -> bool:
    """Return whether the player and the address of the current request may store more drawings today."""
    try:
        await get_services().limits.check(tuning.STORED_A_DAY, _get_caller())
    except TooManyCalls:
        return False
    return True


async def check_stored() -> None:
    """Refuse the current request if its player or address has stored as many drawings today as they may.

    Raises:
        ApiError: 429.
    """
    limit = tuning.STORED_A_DAY
    try:
        await get_services().limits.check(limit, _get_caller())
    except TooManyCalls as error:
        await _hold_back()
        message = (
            f"The limit of {limit.name} is reached: {limit.player.at_once:,} for a player, "
            f'{limit.address.at_once:,} for all players at one address. With "store": false, a drawing is still '
            "recognized, but not stored."
        )
        raise ApiError(429, "too_many_requests", message, error.seconds) from error


def count_stored(drawings: int) -> None:
    """Count drawings that the current request has stored."""
    get_services().limits.spend(tuning.STORED_A_DAY, _get_caller(), drawings)


def get_address() -> str:
    """Return the address of the current request, as the limits count it."""
    return make_address_key(request.remote_addr)


def _get_caller() -> Caller:
    player = get_player(request.headers)
    return Caller(None if player.is_new else player.id, get_address())


async def hold_back(refusals: AddressLimit, address: str, discard: Callable[[], Awaitable[None]]) -> bool:
    """Let a refused client wait a moment, the longer the more of its address wait, and throw its body away.

    Returns whether it has waited. If not, because too many wait already, its connection must be closed.
    """
    try:
        with refusals.count(address):
            await asyncio.sleep(
                max(tuning.REFUSAL_SECONDS, refusals.get_count(address) / tuning.REFUSALS_PER_SECOND)
            )
            await discard()
    except AddressFull:
        return False
    return True


async def _refuse(error: TooManyCalls) -> NoReturn:
    await _hold_back()
    message = f"Too many {error.limit.name} in a short time. Please try again in {error.seconds} s."
    raise ApiError(429, "too_many_requests", message, error.seconds) from error


async def _hold_back() -> None:
    g.must_close = not await hold_back(get_services().refusals, get_address(), discard_body)
