"""The play socket, ``/play/v1``: the handshake. After it, a `Connection` serves the client."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Final, Protocol

from quart import Blueprint, websocket

from game.play.admission import Admission
from game.play.connection import Connection
from game.play.protocol import Close
from game.play.registry import GameRegistry
from game.play.websocket import BoundedWebsocketConnection, get_connection

_log: Final = logging.getLogger(__name__)


Admit = Callable[[], AbstractAsyncContextManager[Admission]]
"""Admits the client of the current socket while it is open, or raises the error that refuses the handshake."""


class PlayServices(Protocol):
    """What games need from the running server."""

    @property
    def games(self) -> GameRegistry:
        """Where games run."""


def make_blueprint(admit: Admit, get_services: Callable[[], PlayServices]) -> Blueprint:
    """Return the route of the play socket.

    Args:
        admit: the web's side of the handshake: origin, cookie, sockets of an address.
        get_services: returns the services of the app that handles the current socket.
    """
    blueprint = Blueprint("play", __name__)

    @blueprint.websocket("/play/v1")
    async def play() -> None:
        async with admit() as admission:
            await websocket.accept(admission.headers)
            await _serve(get_connection(websocket.scope), get_services(), admission)

    return blueprint


async def _serve(socket: BoundedWebsocketConnection, services: PlayServices, admission: Admission) -> None:
    try:
        await Connection(socket, admission, services.games).run()
    except Exception:
        _log.exception("A play socket broke.")
        await socket.close(Close.FAILED, "internal error")
