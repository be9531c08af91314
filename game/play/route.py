"""The play socket, ``/play/v1``: the handshake; what follows is a `Connection`'s."""

from __future__ import annotations

import logging
from random import SystemRandom
from typing import Final

import msgspec
from quart import Blueprint, Response, websocket

from game import metrics
from game.play import records
from game.play.connection import Connection
from game.play.protocol import Close, Join
from game.play.rate_limit import TooManySockets
from game.play.session import GameSession
from game.rules.challenge import Challenge
from game.rules.prompts import shuffle_prompts
from game.services import Services, get_services
from game.web.errors import ErrorBody, ErrorDetail
from game.web.origin import is_foreign
from game.web.players import player_cookie, player_of
from recognition.alphabets import get_characters

blueprint: Final = Blueprint("play", __name__)

_log = logging.getLogger(__name__)


@blueprint.websocket("/play/v1")
async def play() -> Response | None:
    """Serve a player, unless a page of another site opened the socket or the address has too many."""
    shared = get_services()
    if is_foreign(websocket.headers, shared.settings.allowed_origins):
        return _refused(403, "foreign_origin", "Pages of other sites may not play here.")
    player = player_of(websocket.headers)
    try:
        with shared.seats.addresses.one_more(websocket.remote_addr or ""):
            cookie = {"Set-Cookie": player_cookie(player, websocket.scheme)} if player.fresh else None
            await websocket.accept(cookie)
            await _serve(shared, player.id)
    except TooManySockets:
        return _refused(429, "too_many_sockets", "Too many games are being played from your address right now.")
    return None


async def _serve(shared: Services, player: str) -> None:
    async def open_game(join: Join, name: str) -> GameSession:
        played = records.make_game_info(player, name, shared.guesser.model)
        order = shuffle_prompts(get_characters(join.alphabet), SystemRandom())
        challenge = Challenge(join.mode, join.alphabet, order)
        await shared.store.start_game(records.make_game(played, challenge, 0, is_finished=False))
        metrics.GAMES_STARTED.labels(join.mode).inc()
        return GameSession(played, challenge, shared.guesser, shared.store)

    # The object itself: tasks that outlast the handshake's context use it.
    socket = websocket._get_current_object()  # type: ignore[attr-defined]
    try:
        await Connection(socket, player, shared.seats, open_game).run()
    except Exception:
        _log.exception("A play socket broke.")
        await socket.close(Close.FAILED, "internal error")


def _refused(status: int, code: str, message: str) -> Response:
    body = msgspec.json.encode(ErrorBody(ErrorDetail(code, message)))
    return Response(body, status, content_type="application/json")
