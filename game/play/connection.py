"""One client's connection: what it sends is limited, read and handed to its game."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from feedback.errors import PlayerDeleted, StoreError
from game import metrics
from game.play.protocol import Close, Error, Incoming, Join, Ping, Pong, ProtocolError, decode
from game.play.rate_limit import MessageRate
from game.play.registry import GameRegistry
from game.play.send_queue import SendQueue, Socket
from game.play.session import Clock, GameSession, monotonic_ms
from game.play.websocket import Disconnected
from game.rules import tuning
from game.rules.names import clean_name

Opener = Callable[[Join, str], Awaitable[GameSession]]


class Connection:
    """Serves one client until it leaves or is closed.

    Args:
        socket: its end of the websocket, accepted.
        player: the id of whoever plays.
        seats: where games run.
        open_game: makes the game that a join asks for, under a name; may raise `StoreError` or `PlayerDeleted`.
    """

    def __init__(
        self, socket: Socket, player: str, seats: GameRegistry, open_game: Opener, clock: Clock = monotonic_ms
    ) -> None:
        self._socket = socket
        self._player = player
        self._seats = seats
        self._open_game = open_game
        self._clock = clock
        self._outbox = SendQueue()
        self._rate = MessageRate(clock())
        self._game: GameSession | None = None
        self._bad_messages = 0
        self._after_over = 0
        self._join_by_ms = clock() + round(1000 * tuning.JOIN_SECONDS)

    async def run(self) -> None:
        """Serve the client; returns when it has left or its socket is closed."""
        with self._seats.connected(self._outbox), metrics.SOCKETS.track_inprogress():
            sending = asyncio.create_task(self._outbox.run(self._socket))
            reading = asyncio.create_task(self._read())
            try:
                await asyncio.wait({sending, reading}, return_when=asyncio.FIRST_COMPLETED)
                if reading.done() and reading.exception() is None:
                    # What is posted by now, the reason of a close above all, is still to be sent.
                    await asyncio.wait({sending})
            finally:
                sending.cancel()
                reading.cancel()
                await asyncio.wait({sending, reading})
                if self._game:
                    self._game.depart(self._outbox)
            for task in (reading, sending):
                if not task.cancelled():
                    task.result()
            await self._linger()

    async def _read(self) -> None:
        while not self._outbox.is_closed:
            try:
                async with asyncio.timeout(self._patience()):
                    data = await self._socket.receive()
            except Disconnected:
                self._outbox.abandon()
            except TimeoutError:
                self._give_up()
            else:
                await self._take(data)

    def _patience(self) -> float:
        if self._game:
            return tuning.SILENCE_SECONDS
        return max(0, self._join_by_ms - self._clock()) / 1000

    def _give_up(self) -> None:
        if self._game and self._game.is_over:
            self._outbox.close(Close.DONE, "the game is over")
        else:
            self._outbox.close(Close.SILENT, "silent for too long" if self._game else "no game was joined")

    async def _take(self, data: str | bytes) -> None:
        at_ms = self._clock()
        if not self._rate.allows(at_ms):
            message = f"More than {tuning.MESSAGES_PER_SECOND} messages a second are too many."
            self._refuse(ProtocolError("too_fast", message))
            self._outbox.close(Close.TOO_FAST, "too many messages")
            return
        try:
            decoded = decode(data)
        except ProtocolError as error:
            self._refuse(error)
            self._count_bad(error)
            return
        try:
            await self._follow(decoded, at_ms)
        except ProtocolError as error:
            self._refuse(error)

    def _count_bad(self, error: ProtocolError) -> None:
        self._bad_messages += 1
        if error.code == "too_large":
            self._outbox.close(Close.TOO_LARGE, "message too large")
        elif self._bad_messages >= tuning.BAD_MESSAGES:
            self._outbox.close(Close.BAD_MESSAGES, "too many bad messages")

    def _count_after_over(self) -> None:
        self._after_over += 1
        self._refuse(ProtocolError("game_over", "This game is over."))
        if self._after_over >= tuning.MESSAGES_AFTER_OVER:
            self._outbox.close(Close.DONE, "the game is over")

    async def _follow(self, message: Incoming, at_ms: int) -> None:
        if self._game and self._game.is_over:
            self._count_after_over()
        elif isinstance(message, Join):
            await self._join(message)
        elif isinstance(message, Ping):
            self._outbox.post(Pong(message.nonce))
        elif self._game:
            await self._game.take(self._outbox, message, at_ms)
        else:
            raise ProtocolError("not_joined", "Join a game first.")

    async def _join(self, join: Join) -> None:
        if self._game:
            raise ProtocolError("already_joined", "This connection has a game already.")
        self._join_by_ms = self._clock() + round(1000 * tuning.JOIN_SECONDS)
        if join.resume is not None:
            self._game = self._seats.resume(join.resume, self._player, self._outbox)
            return
        name = clean_name(join.name)
        try:
            game = await self._open_game(join, name)
        except StoreError:
            message = "The server cannot keep games right now. Please try again in a moment."
            raise ProtocolError("store_unavailable", message) from None
        except PlayerDeleted as error:
            raise ProtocolError("player_deleted", str(error)) from None
        self._seats.start(game, self._outbox)
        self._game = game

    def _refuse(self, error: ProtocolError) -> None:
        metrics.MESSAGES_REFUSED.labels(error.code).inc()
        self._outbox.post(Error(error.code, str(error)))

    async def _linger(self) -> None:
        """Read on, unheard, until the client has seen the close.

        A connection that ends with unread bytes is reset, and the reset may overtake what was sent last.
        """
        with contextlib.suppress(TimeoutError, Disconnected):
            async with asyncio.timeout(tuning.LINGER_SECONDS):
                while True:
                    await self._socket.receive()
