"""Notifications through PostgreSQL: LISTEN and NOTIFY, on two connections of their own.

NOTIFY takes a lock of the whole server when its transaction is committed, so it is never part of one that writes
data. What is published within a tick is packed into as few NOTIFYs as hold it. A packet begins with the id of its
process and a number, so that others see when one is missing.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, Final

import psycopg

from feedback.notifications import Count, Hear
from feedback.postgresql.connection import Address, explain_error

_CHANNEL: Final = "inkrush"
_LISTEN: Final = "LISTEN inkrush"
_NOTIFY: Final = "SELECT pg_notify(%s, packet) FROM unnest(%s::text[]) AS packets (packet)"
_PACKET_BYTES: Final = 7_900
"""PostgreSQL takes less than 8,000, and a packet has a head."""
_TICK_SECONDS: Final = 0.03
_PATIENCE_SECONDS: Final = 5.0
"""How long a NOTIFY may take before the connection counts as dead."""
_RETRY_SECONDS: Final = 1.0
_MOST_WAITING: Final = 4_000
"""Messages that wait to be sent. While the server is away, older ones are dropped."""
_MOST_SENDERS: Final = 1_000
"""Processes whose packets are counted at a time. Beyond it, all are forgotten: nobody says which have ended."""

_log = logging.getLogger(__name__)


class PostgresqlNotifications:
    """As `feedback.notifications.Notifications` says.

    Args:
        url: the address of the database.
        sender: the id of this process.
        count: is told what was sent, received and lost.
    """

    def __init__(self, url: str, sender: str, count: Count) -> None:
        self._address = Address(url)
        self._sender = sender
        self._count = count
        self._subscribers: list[tuple[Hear, Callable[[], None]]] = []
        self._waiting: deque[str] = deque()
        self._is_due = asyncio.Event()
        self._sent = 0  # packets so far, also those that were lost
        self._heard: dict[str, int] = {}  # the number of the newest packet of each other process
        self._is_away = False

    def subscribe(self, hear: Hear, note_gap: Callable[[], None]) -> None:
        """Pass on what other processes publish, and say when some of it may have been missed."""
        self._subscribers.append((hear, note_gap))

    def publish(self, message: str) -> None:
        """Send a message of one line to all other processes, soon.

        Raises:
            ValueError: if it has several lines or is too long.
        """
        if "\n" in message or len(message.encode()) > _PACKET_BYTES:
            raise ValueError("A notification must have one line, which fits in a packet.")
        if len(self._waiting) >= _MOST_WAITING:
            self._waiting.popleft()
            self._lose(1)
        self._waiting.append(message)
        self._is_due.set()

    async def run(self) -> None:
        """Send and receive until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_on(self._send))
            group.create_task(self._keep_on(self._listen))

    async def _keep_on(self, work: Callable[[psycopg.AsyncConnection[Any]], Any]) -> None:
        """Do ``work`` on a connection, and again on another one when that is lost."""
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **self._address.parameters, autocommit=True
                ) as connection:
                    self._note_away(None)
                    await work(connection)
            except (psycopg.Error, OSError, TimeoutError) as error:
                self._note_away(error)
            except Exception:
                _log.exception("Notifications failed.")  # they are tried again all the same
            await asyncio.sleep(_RETRY_SECONDS)

    async def _send(self, connection: psycopg.AsyncConnection[Any]) -> None:
        while True:
            await self._is_due.wait()
            await asyncio.sleep(_TICK_SECONDS)
            self._is_due.clear()
            messages = list(self._waiting)
            self._waiting.clear()
            packets = [f"{self._sender} {self._take_number()}\n{text}" for text in pack(messages, _PACKET_BYTES)]
            try:
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await connection.execute(_NOTIFY, (_CHANNEL, packets))
            except BaseException:
                # They may have arrived all the same, so they are not sent again. The next packet's number tells.
                self._lose(len(messages))
                self._is_due.set()
                raise
            self._count("sent", len(messages))

    async def _listen(self, connection: psycopg.AsyncConnection[Any]) -> None:
        await connection.execute(_LISTEN)
        self._heard.clear()
        self._note_gaps()
        async for notification in connection.notifies():
            self._take(notification.payload)

    def _take(self, packet: str) -> None:
        head, *messages = packet.split("\n")
        sender, _, number = head.partition(" ")
        if sender == self._sender or not number.isdecimal():
            return
        if sender in self._heard and int(number) != self._heard[sender] + 1:
            self._note_gaps()
        if len(self._heard) > _MOST_SENDERS:
            self._heard.clear()
        self._heard[sender] = int(number)
        messages = [message for message in messages if message]
        self._count("received", len(messages))
        for message in messages:
            for hear, _ in self._subscribers:
                try:
                    hear(message)
                except Exception:  # others must be heard all the same
                    _log.exception("A notification could not be used.")

    def _note_gaps(self) -> None:
        for _, note_gap in self._subscribers:
            note_gap()

    def _take_number(self) -> int:
        self._sent += 1
        return self._sent

    def _lose(self, messages: int) -> None:
        self._sent += 1
        self._count("lost", messages)

    def _note_away(self, error: Exception | None) -> None:
        if error is not None and not self._is_away:
            reason = str(explain_error(error, self._address)) if str(error) else "no answer in time"
            _log.warning("This server and others do not hear of each other for now: %s", reason)
        elif error is None and self._is_away:
            _log.warning("This server and others hear of each other again.")
        self._is_away = error is not None


def pack(messages: Iterable[str], most_bytes: int) -> list[str]:
    """Join messages, a line each, into as few texts as hold them in order; into an empty one if there are none."""
    texts, size = [""], 0
    for message in messages:
        length = len(message.encode()) + 1
        if size + length > most_bytes + 1:
            texts.append("")
            size = 0
        texts[-1] += f"\n{message}" if size else message
        size += length
    return texts
