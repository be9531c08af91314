"""Floods of connections and play sockets. See `tests.bench.flooder`, which runs them."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Final

Opened = tuple[asyncio.StreamReader, asyncio.StreamWriter, str]
"""The streams of a play socket, and the status of its handshake."""

HANDSHAKE: Final = (
    b"GET /play/v1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
MESSAGES_PER_SECOND: Final = 24
"""Just below the limit of a connection."""

_FINAL_TEXT: Final = 0x81
_MASKED: Final = 0x80


def make_frame(message: object) -> bytes:
    """Return a message as a client's frame, masked with zeros. Text is sent as it is, other messages as JSON."""
    content = (message if isinstance(message, str) else json.dumps(message)).encode()
    length = len(content)
    size = [_MASKED | length] if length < 126 else [_MASKED | 126, *length.to_bytes(2, "big")]
    return bytes([_FINAL_TEXT, *size]) + bytes(4) + content


JOIN: Final = make_frame({"type": "join", "mode": "practice", "alphabet": "digits", "name": "Flood"})
INK: Final = make_frame({"type": "ink", "round": 1, "stroke": 0, "points": [100, 900, 16, 500, 50, 16]})
UNDO: Final = make_frame({"type": "undo", "round": 1})
CLEAR: Final = make_frame({"type": "clear", "round": 1})
NO_JSON: Final = make_frame("{" * 4000)


async def open_socket(address: tuple[str, int], local: str) -> Opened:
    """Open a play socket. Return its streams and the status of the handshake."""
    reader, writer = await asyncio.open_connection(*address, local_addr=(local, 0))
    writer.write(HANDSHAKE)
    head = await reader.readuntil(b"\r\n\r\n")
    return reader, writer, head.split()[1].decode()


async def play_at_the_limit(
    address: tuple[str, int], local: str, messages: list[bytes], statuses: Counter[str]
) -> None:
    """Join a game and send ``messages`` in turn, as many as are allowed, until the connection ends."""
    reader, writer, status = await open_socket(address, local)
    statuses[status] += 1
    if status != "101":
        await reader.read()
        writer.close()
        return
    draining = asyncio.create_task(_discard(reader))
    try:
        writer.write(JOIN)
        number = 0
        while not draining.done():
            writer.write(messages[number % len(messages)])
            await writer.drain()
            number += 1
            statuses["messages"] += 1
            await asyncio.sleep(1 / MESSAGES_PER_SECOND)
    finally:
        draining.cancel()
        writer.close()


async def skip_at_the_limit(address: tuple[str, int], local: str, statuses: Counter[str]) -> None:
    """Join a practice game and skip each round at once: each is stored."""
    skips = [make_frame({"type": "skip", "round": number}) for number in range(1, 2000)]
    await play_at_the_limit(address, local, skips, statuses)


async def _discard(reader: asyncio.StreamReader) -> None:
    while await reader.read(65536):
        pass
