"""One client's socket: its messages are rate-limited, decoded and passed to its game."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from feedback.errors import AlreadyPlayed, PlayerDeleted, StoreError
from feedback.records import BOARD_MODES
from game import metrics
from game.play.admission import Admission
from game.play.clock import Clock, read_monotonic_ms
from game.play.protocol import Close, Error, Finish, Join, Ping, Pong, Request, decode
from game.play.rate_limit import TokenBucket, TooManyCalls
from game.play.registry import GameRegistry
from game.play.room_requests import RoomRequest, Watch
from game.play.room_view import RoomView
from game.play.send_queue import SendQueue, Socket
from game.play.session import GameSession
from game.play.websocket import Disconnected
from game.rules import tuning
from game.rules.modes import DUEL
from game.rules.moves import Refused, SkipRound
from game.rules.names import clean_name
from game.rules.ranking import CROWD
from game.rules.room import Person
from game.rules.tuning import Rate
from game.steady_loop import read_standstill_ms

_WATCH_SECONDS: Final = 1.0


class Connection:
    """Serves one client until it leaves or is closed.

    Args:
        socket: the server's end of the websocket, accepted.
        admission: who the client is.
        registry: where games run.
    """

    def __init__(
        self,
        socket: Socket,
        admission: Admission,
        registry: GameRegistry,
        clock: Clock = read_monotonic_ms,
    ) -> None:
        self._socket = socket
        self._player = admission.player
        self._admission = admission
        self._registry = registry
        self._clock = clock
        self._queue = SendQueue()
        self._rate = TokenBucket(Rate(tuning.MESSAGES_AT_ONCE, tuning.MESSAGES_PER_SECOND), clock())
        self._standstill_ms = read_standstill_ms()
        self._skips = TokenBucket(tuning.SKIPS, clock())
        self._session: GameSession | None = None
        self._view: RoomView | None = None  # of a room in which this client does not play
        self._bad_messages = 0
        self._messages_after_over = 0
        self._join_by_ms = clock() + round(1000 * tuning.JOIN_SECONDS)
        self._silent_at: float | None = self._find_silent_time()  # None while a message is taken
        self._watching: asyncio.TimerHandle

    async def run(self) -> None:
        """Serve the client; returns when it has left or its socket is closed."""
        with self._registry.track(self._queue), metrics.SOCKETS.track_inprogress():
            sending = asyncio.create_task(self._queue.run(self._socket))
            reading = asyncio.create_task(self._read())
            self._watch_silence()
            try:
                await asyncio.wait({sending, reading}, return_when=asyncio.FIRST_COMPLETED)
                if reading.done() and reading.exception() is None:
                    # Messages already posted must still be sent, above all the reason for a close.
                    await asyncio.wait({sending})
            finally:
                self._watching.cancel()
                sending.cancel()
                reading.cancel()
                await asyncio.wait({sending, reading})
                if self._session:
                    self._session.disconnect(self._queue)
                if self._view:
                    self._view.leave()
            for task in (reading, sending):
                if not task.cancelled():
                    task.result()
            await self._linger()

    async def _read(self) -> None:
        while not self._queue.is_closed:
            self._silent_at = self._find_silent_time()
            try:
                data = await self._socket.receive()
            except Disconnected:
                self._queue.abandon()
            else:
                self._silent_at = None
                await self._take(data)

    @property
    def _has_joined(self) -> bool:
        """Whether the client plays a game or watches a room."""
        return self._session is not None or self._view is not None

    def _find_silent_time(self) -> float:
        """Return when the client has been silent for too long, on the clock of the event loop."""
        seconds = tuning.SILENCE_SECONDS if self._has_joined else max(0, self._join_by_ms - self._clock()) / 1000
        return asyncio.get_running_loop().time() + seconds

    def _watch_silence(self) -> None:
        """Close the connection once its client has been silent for too long.

        A message moves that time, but not the timer: a timer for each message would cost more than the message.
        """
        loop = asyncio.get_running_loop()
        if self._silent_at is None:  # a message is being taken right now
            self._watching = loop.call_later(_WATCH_SECONDS, self._watch_silence)
        elif loop.time() < self._silent_at:
            self._watching = loop.call_at(self._silent_at, self._watch_silence)
        else:
            self._close_silent()

    def _close_silent(self) -> None:
        if self._session and self._session.is_over:
            self._queue.close(Close.DONE, "the game is over")
        else:
            self._queue.close(Close.SILENT, "silent for too long" if self._has_joined else "no game was joined")

    async def _take(self, data: str | bytes) -> None:
        at_ms = self._clock()
        if (standstill_ms := read_standstill_ms()) != self._standstill_ms:
            # What a client has sent while this process stood still arrives all at once.
            self._rate.extend(standstill_ms - self._standstill_ms)
            self._standstill_ms = standstill_ms
        if not self._rate.allows(at_ms):
            limit = f"A client may send at most {tuning.MESSAGES_PER_SECOND} messages a second."
            self._post_refusal(Refused("too_fast", limit))
            self._queue.close(Close.TOO_FAST, "too many messages")
            return
        try:
            request = decode(data)
        except Refused as refused:
            self._post_refusal(refused)
            self._count_bad_message(refused)
            return
        try:
            await self._follow(request, at_ms)
        except Refused as refused:
            self._post_refusal(refused)
            if refused.code == "no_such_room":  # nobody may try many codes
                self._count_bad_message(refused)

    def _count_bad_message(self, refused: Refused) -> None:
        self._bad_messages += 1
        if refused.code == "too_large":
            self._queue.close(Close.TOO_LARGE, "message too large")
        elif self._bad_messages >= tuning.BAD_MESSAGES:
            self._queue.close(Close.BAD_MESSAGES, "too many bad messages")

    def _count_message_after_over(self) -> None:
        self._messages_after_over += 1
        self._post_refusal(Refused("game_over", "This game is over."))
        is_in_room = self._session and self._session.seat  # where a client waits for the next one
        if self._messages_after_over >= tuning.MESSAGES_AFTER_OVER and not is_in_room:
            self._queue.close(Close.DONE, "the game is over")

    async def _follow(self, request: Request, at_ms: int) -> None:
        if isinstance(request, RoomRequest):
            await self._follow_in_room(request)
        elif self._session and self._session.is_over and not (self._session.seat and isinstance(request, Ping)):
            self._count_message_after_over()
        elif isinstance(request, Ping):
            self._queue.post(Pong(request.nonce))
        elif isinstance(request, Join | Watch):
            await self._enter(request)
        elif self._session:
            if isinstance(request, SkipRound) and not self._skips.allows(at_ms):
                raise Refused("too_fast", "Please take a moment before the next skip.")
            if isinstance(request, Finish):
                self._session.finish(self._queue)
            else:
                await self._session.take(self._queue, request, at_ms)
        elif self._view:
            raise Refused("not_playing", "You only watch this room.")
        else:
            raise Refused("not_joined", "Join a game first.")

    async def _follow_in_room(self, request: RoomRequest) -> None:
        place = self._view or (self._session and self._session.seat)
        if not place:
            raise Refused("not_in_room", "Join or watch a room first.")
        version = place.live.version
        async with _refuse_failures():
            await self._registry.follow(place.live, place.person, request)
        if place.live.version == version:  # otherwise, all are told
            place.live.tell_again(self._queue)

    async def _enter(self, request: Join | Watch) -> None:
        if self._has_joined:
            raise Refused("already_joined", "This connection has a game already.")
        self._join_by_ms = self._clock() + round(1000 * tuning.JOIN_SECONDS)
        async with _refuse_failures():
            if isinstance(request, Watch):
                await self._admission.count_call(tuning.ROOM_READS)
                person = Person(self._player, request.host_token)
                with self._admission.count_room_try():
                    self._view = await self._registry.watch_room(request.room, person, self._queue)
            else:
                await self._join(request)

    async def _join(self, join: Join) -> None:
        if join.resume is not None:
            self._session = await self._registry.resume(join.resume, self._player, self._queue)
        elif join.room is not None or join.mode == DUEL:
            await self._admission.count_call(tuning.NEW_ROOMS if join.room is None else tuning.ROOM_READS)
            with self._admission.count_room_try():
                name = await self._choose_name(join)
                place = await self._registry.join_room(join.room, join.alphabet, name, self._player, self._queue)
            if isinstance(place, RoomView):
                self._view = place
            else:
                self._session = place
        else:
            name = clean_name(join.name, self._player)
            is_crowd = join.mode in BOARD_MODES and not await self._admission.count_ranked()
            unranked = CROWD if is_crowd else None
            self._session = await self._registry.start(join, name, self._player, self._queue, unranked)

    async def _choose_name(self, join: Join) -> str:
        """Return the name that a player chooses for a room; empty if they choose none or it would not be used.

        Raises:
            Refused: ``bad_name``; ``no_such_room``.
        """
        if join.name is None or not join.name.strip():
            return ""
        try:
            return clean_name(join.name, self._player)
        except Refused:
            if join.room is None or await self._registry.takes_name(join.room, self._player):
                raise
            return ""

    def _post_refusal(self, refused: Refused) -> None:
        metrics.MESSAGES_REFUSED.labels(refused.code).inc()
        self._queue.post(Error(refused.code, str(refused), refused.game))

    async def _linger(self) -> None:
        """Read and ignore messages until the client has seen the close.

        A connection that ends with unread bytes is reset, and the reset may overtake what was sent last.
        """
        with contextlib.suppress(TimeoutError, Disconnected):
            async with asyncio.timeout(tuning.LINGER_SECONDS):
                while True:
                    await self._socket.receive()


@asynccontextmanager
async def _refuse_failures() -> AsyncIterator[None]:
    """Raise what the store refuses as `Refused`."""
    try:
        yield
    except StoreError:
        message = "The server cannot save games right now. Please try again in a moment."
        raise Refused("store_unavailable", message) from None
    except TooManyCalls as error:
        message = f"Too many rooms in a short time. Please try again in {error.seconds} s."
        raise Refused("too_many_requests", message) from None
    except PlayerDeleted as error:
        raise Refused("player_deleted", str(error)) from None
    except AlreadyPlayed as error:
        raise Refused("already_played", str(error), error.game) from None
