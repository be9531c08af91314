"""Players: each is a random id in a signed cookie. There are no accounts."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import re
import uuid
from dataclasses import dataclass
from typing import Final

from itsdangerous import BadSignature, Signer
from werkzeug.datastructures import Headers
from werkzeug.http import dump_cookie

COOKIE: Final = "inkrush_player"

_YEAR: Final = 365 * 24 * 60 * 60  # seconds
# Found with a pattern, because a general parser fails on cookies that other servers on the same host have set.
_VALUE: Final = re.compile(rf'(?:^|[;\s]){COOKIE}="?([0-9a-f]{{32}}\.[\w-]+)', re.ASCII)


@dataclass(frozen=True, slots=True)
class Player:
    """A player.

    Attributes:
        id: 32 hexadecimal digits.
        is_new: whether the id was made just now, so that the response must set its cookie.
    """

    id: str
    is_new: bool


def make_player() -> Player:
    """Return a new player with a new id."""
    return Player(uuid.uuid4().hex, is_new=True)


def make_signer(secret_key: str) -> Signer:
    """Return the signer of the players' cookies."""
    return Signer(secret_key, salt="inkrush.player", digest_method=hashlib.sha256)


def read_player(signer: Signer, headers: Headers) -> Player:
    """Return the player whom the Cookie header names, or a new one if it names none or was forged."""
    for value in _VALUE.findall("; ".join(headers.getlist("Cookie"))):
        with contextlib.suppress(BadSignature):
            return Player(signer.unsign(value).decode("ascii"), is_new=False)
    return make_player()


def make_cookie(signer: Signer, player: Player, *, secure: bool) -> str:
    """Return the value of the Set-Cookie header for ``player``. A ``secure`` cookie is sent over HTTPS only."""
    return dump_cookie(
        COOKIE,
        signer.sign(player.id).decode("ascii"),
        max_age=_YEAR,
        secure=secure,
        httponly=True,
        samesite="Lax",
    )


def hash_link_code(signer: Signer, code: str) -> str:
    """Return the hash under which a link code is stored. Only the secret key can make it."""
    return hmac.new(signer.secret_key, f"inkrush link {code}".encode(), hashlib.sha256).hexdigest()


def make_expired_cookie(*, secure: bool) -> str:
    """Return the value of the Set-Cookie header that removes the cookie."""
    return dump_cookie(COOKIE, max_age=0, expires=0, secure=secure, httponly=True, samesite="Lax")
