"""The running games: they outlive a lost connection, and are found again by a token."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from game.play.protocol import Close, ProtocolError
from game.play.rate_limit import Addresses
from game.play.send_queue import SendQueue
from game.play.session import GameSession
from game.rules import tuning

_TOKEN_BYTES: Final = 24

_log = logging.getLogger(__name__)


class GameRegistry:
    """Runs games and knows who is connected.

    Attributes:
        addresses: counts the sockets of each address.
    """

    def __init__(self) -> None:
        self.addresses = Addresses()
        self._games: dict[str, GameSession] = {}  # by the token that resumes each
        self._tasks: dict[asyncio.Task[None], GameSession] = {}
        self._connected: set[SendQueue] = set()
        self._nobody = asyncio.Event()
        self._nobody.set()
        self._draining = False

    @contextmanager
    def connected(self, outbox: SendQueue) -> Iterator[None]:
        """Close ``outbox`` if the server stops while this lasts."""
        self._connected.add(outbox)
        self._nobody.clear()
        if self._draining:
            outbox.close(Close.RESTARTING, "the server restarts")
        try:
            yield
        finally:
            self._connected.discard(outbox)
            if not self._connected:
                self._nobody.set()

    def start(self, game: GameSession, outbox: SendQueue) -> None:
        """Have a new game played by the client of ``outbox``.

        Raises:
            ProtocolError: ``restarting``, if the server is about to stop.
        """
        if self._draining:
            raise ProtocolError("restarting", "The server is restarting. Please try again in a moment.")
        task = asyncio.create_task(game.run())
        self._tasks[task] = game
        task.add_done_callback(self._ended)
        game.arrive(outbox, self._new_token(game))

    def resume(self, token: str, player: str, outbox: SendQueue) -> GameSession:
        """Connect a client to the game that ``token`` was given for; the token is of no use after that.

        Raises:
            ProtocolError: ``cannot_resume``, if there is no such game any more, or it is another player's.
        """
        game = self._games.get(token)
        if game is None or game.has_ended or game.played.player != player:
            raise ProtocolError("cannot_resume", "This game cannot be resumed. Please start a new one.")
        del self._games[token]
        game.arrive(outbox, self._new_token(game))
        return game

    def end_games_of(self, player: str) -> None:
        """End the games of a player who has deleted everything; nothing more of them can be stored."""
        for game in self._tasks.values():
            if game.played.player == player:
                game.stop()

    async def drain(self) -> None:
        """Have every game stored as it stands and every socket closed; nothing new is taken on from now."""
        self._draining = True
        for game in self._tasks.values():
            game.stop()
        try:
            async with asyncio.timeout(tuning.DRAIN_SECONDS):
                while self._tasks:
                    await asyncio.wait(self._tasks)
        except TimeoutError:
            _log.error("Stopped with %d games not stored.", len(self._tasks))
            for task in self._tasks:
                task.cancel()
        for outbox in self._connected:
            outbox.close(Close.RESTARTING, "the server restarts")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(tuning.GOODBYE_SECONDS):
                await self._nobody.wait()

    def _new_token(self, game: GameSession) -> str:
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        self._games[token] = game
        return token

    def _ended(self, task: asyncio.Task[None]) -> None:
        game = self._tasks.pop(task)
        self._games = {token: seated for token, seated in self._games.items() if seated is not game}
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("A game broke.", exc_info=error)
