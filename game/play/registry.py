"""The running games. They outlive a lost connection, and a token resumes them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from game.play.protocol import Close
from game.play.rate_limit import AddressLimit
from game.play.send_queue import SendQueue
from game.play.session import GameSession
from game.rules import tuning
from game.rules.moves import Refused

_TOKEN_BYTES: Final = 24

_log = logging.getLogger(__name__)


class GameRegistry:
    """Runs games and knows who is connected.

    Attributes:
        addresses: counts the sockets of each address.
        not_stored: how many games could not be stored when the server stopped.
    """

    def __init__(self) -> None:
        self.addresses = AddressLimit(tuning.SOCKETS_PER_ADDRESS)
        self.not_stored = 0
        self._sessions: dict[str, GameSession] = {}  # by the token that resumes each
        self._tasks: dict[asyncio.Task[None], GameSession] = {}
        self._queues: set[SendQueue] = set()  # of everybody who is connected
        self._nobody_is_connected = asyncio.Event()
        self._nobody_is_connected.set()
        self._is_draining = False

    @contextmanager
    def track(self, queue: SendQueue) -> Iterator[None]:
        """Count a client as connected while this lasts, and close its ``queue`` if the server stops meanwhile."""
        self._queues.add(queue)
        self._nobody_is_connected.clear()
        if self._is_draining:
            queue.close(Close.RESTARTING, "the server restarts")
        try:
            yield
        finally:
            self._queues.discard(queue)
            if not self._queues:
                self._nobody_is_connected.set()

    def start(self, session: GameSession, queue: SendQueue) -> None:
        """Run a new game for the client of ``queue``.

        Raises:
            Refused: ``restarting``, if the server is about to stop.
        """
        if self._is_draining:
            raise Refused("restarting", "The server is restarting. Please try again in a moment.")
        task = asyncio.create_task(session.run())
        self._tasks[task] = session
        task.add_done_callback(self._forget)
        session.connect(queue, self._make_token(session))

    def resume(self, token: str, player: str, queue: SendQueue) -> GameSession:
        """Connect a client to the game that ``token`` was given for. The token cannot be used again.

        Raises:
            Refused: ``cannot_resume``, if that game is gone or belongs to another player.
        """
        session = self._sessions.get(token)
        if session is None or session.has_ended or session.info.player != player:
            raise Refused("cannot_resume", "This game cannot be resumed. Please start a new one.")
        del self._sessions[token]
        session.connect(queue, self._make_token(session))
        return session

    def end_games_of(self, player: str) -> None:
        """End the games of a player who has deleted everything; nothing more of theirs can be stored."""
        for session in self._tasks.values():
            if session.info.player == player:
                session.stop()

    async def drain(self) -> None:
        """Store every game as it stands, close every socket, and start nothing new from now on."""
        is_first, self._is_draining = not self._is_draining, True
        for session in self._tasks.values():
            session.stop()
        try:
            async with asyncio.timeout(tuning.DRAIN_SECONDS):
                while self._tasks:
                    await asyncio.wait(self._tasks)
        except TimeoutError:
            self.not_stored += len(self._tasks)
            for task in self._tasks:
                task.cancel()
        if is_first and self.not_stored:
            _log.error(
                "Stopped with %d games not stored. The next start ends them with the rounds that are stored.",
                self.not_stored,
            )
        for queue in self._queues:
            queue.close(Close.RESTARTING, "the server restarts")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(tuning.GOODBYE_SECONDS):
                await self._nobody_is_connected.wait()

    def _make_token(self, session: GameSession) -> str:
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        self._sessions[token] = session
        return token

    def _forget(self, task: asyncio.Task[None]) -> None:
        ended_session = self._tasks.pop(task)
        self._sessions = {
            token: session for token, session in self._sessions.items() if session is not ended_session
        }
        if self._is_draining and ended_session.is_lost:
            self.not_stored += 1
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("A game broke.", exc_info=error)
