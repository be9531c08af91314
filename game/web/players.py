"""Who plays: a random id in a signed cookie, no accounts."""

from __future__ import annotations

import contextlib
import hashlib
import re
import uuid
from dataclasses import dataclass
from typing import Final

from itsdangerous import BadSignature, Signer
from werkzeug.datastructures import Headers
from werkzeug.http import dump_cookie

from game.services import get_services

COOKIE: Final = "inkrush_player"

_YEAR: Final = 365 * 24 * 60 * 60  # seconds
_SECURE: Final = ("https", "wss")
# Found by hand: a general parser fails on what other servers of the same host left in the header.
_VALUE: Final = re.compile(rf'(?:^|[;\s]){COOKIE}="?([0-9a-f]{{32}}\.[\w-]+)', re.ASCII)


@dataclass(frozen=True, slots=True)
class Player:
    """A player.

    Attributes:
        id: 32 hexadecimal digits.
        fresh: whether the id was made just now, so that the answer has to carry its cookie.
    """

    id: str
    fresh: bool


class Players:
    """Reads and signs the cookies of players."""

    def __init__(self, secret_key: str) -> None:
        self._signer = Signer(secret_key, salt="inkrush.player", digest_method=hashlib.sha256)

    def of(self, headers: Headers) -> Player:
        """Return the player named by the Cookie header, or a new one where it names none or was forged."""
        for value in _VALUE.findall("; ".join(headers.getlist("Cookie"))):
            with contextlib.suppress(BadSignature):
                return Player(self._signer.unsign(value).decode("ascii"), fresh=False)
        return new_player()

    def cookie(self, player: Player, *, secure: bool) -> str:
        """Return the value of the Set-Cookie header that keeps ``player``; ``secure`` for HTTPS alone."""
        return dump_cookie(
            COOKIE,
            self._signer.sign(player.id).decode("ascii"),
            max_age=_YEAR,
            secure=secure,
            httponly=True,
            samesite="Lax",
        )

    def farewell(self, *, secure: bool) -> str:
        """Return the value of the Set-Cookie header that has a browser forget who it was."""
        return dump_cookie(COOKIE, max_age=0, expires=0, secure=secure, httponly=True, samesite="Lax")


def new_player() -> Player:
    """Return somebody who was never here before."""
    return Player(uuid.uuid4().hex, fresh=True)


def player_of(headers: Headers) -> Player:
    """Return who sent a request or opened a socket with ``headers``, as the running server knows them."""
    return get_services().players.of(headers)


def player_cookie(player: Player, scheme: str) -> str:
    """Return the value of the Set-Cookie header for an answer over ``scheme``: http, https, ws or wss."""
    return get_services().players.cookie(player, secure=scheme in _SECURE)


def farewell_cookie(scheme: str) -> str:
    """Return the value of the Set-Cookie header that ends the cookie, for an answer over ``scheme``."""
    return get_services().players.farewell(secure=scheme in _SECURE)
