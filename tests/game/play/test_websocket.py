"""The bounded connection under a real Hypercorn: nothing lost, nothing piled up, nothing left open."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import hypercorn.asyncio
from hypercorn.config import Config
from quart import Quart, websocket
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from game.play.websocket import QUEUED_MESSAGES, BoundedWebsocketConnection, Disconnected

Handler = Callable[[], Awaitable[None]]


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    app = Quart(__name__)
    app.asgi_websocket_class = BoundedWebsocketConnection
    app.websocket("/")(handler)
    listener = socket.create_server(("127.0.0.1", 0))
    address = f"127.0.0.1:{listener.getsockname()[1]}"
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.loglevel = "WARNING"
    stop = asyncio.Event()

    async def until_stopped() -> None:
        await stop.wait()

    async with asyncio.TaskGroup() as group:
        group.create_task(hypercorn.asyncio.serve(app, config, shutdown_trigger=until_stopped))
        try:
            yield address
        finally:
            stop.set()


async def test_everything_sent_before_a_close_is_received() -> None:
    received: list[str | bytes] = []
    left = asyncio.Event()

    async def handler() -> None:
        await asyncio.sleep(0.2)
        with contextlib.suppress(Disconnected):
            while True:
                received.append(await websocket.receive())
        with contextlib.suppress(Disconnected):
            await websocket.receive()
            raise AssertionError("A connection that is gone must stay gone")
        left.set()

    async with serving(handler) as address, asyncio.timeout(60):
        async with connect(f"ws://{address}/", proxy=None, compression=None) as client:
            for number in range(200):
                await client.send(str(number))
        await left.wait()
    assert received == [str(number) for number in range(200)]


async def test_empty_messages_are_messages() -> None:
    async def handler() -> None:
        for _ in range(4):
            await websocket.send(repr(await websocket.receive()))

    async with serving(handler) as address, connect(f"ws://{address}/", proxy=None, compression=None) as client:
        for message in ("", b"", "a", b"b"):
            await client.send(message)
        assert [await client.recv() for _ in range(4)] == ["''", "b''", "'a'", "b'b'"]


async def test_a_handler_that_does_not_read_slows_its_client_down() -> None:
    go_on = asyncio.Event()
    sent = 0
    size = 100_000

    async def handler() -> None:
        await websocket.accept()
        await go_on.wait()

    async with serving(handler) as address, connect(f"ws://{address}/", proxy=None, compression=None) as client:

        async def pour() -> None:
            nonlocal sent
            with contextlib.suppress(ConnectionClosed):
                while True:
                    await client.send(b"x" * size)
                    sent += 1

        pouring = asyncio.create_task(pour())
        unchanged = before = 0
        while unchanged < 20:
            await asyncio.sleep(0.02)
            unchanged = unchanged + 1 if sent == before > 0 else 0
            before = sent
        # The queue, Hypercorn's own of ten, and what the kernel holds in its buffers.
        assert QUEUED_MESSAGES <= sent < QUEUED_MESSAGES + 10 + 150
        go_on.set()
        await pouring


async def test_a_client_that_never_stops_sending_is_closed_anyway() -> None:
    async def handler() -> None:
        await websocket.receive()
        await websocket.close(1008)

    async with serving(handler) as address, asyncio.timeout(60):
        host, port = address.split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(
            b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        await reader.readuntil(b"\r\n\r\n")

        async def pour() -> None:
            with contextlib.suppress(ConnectionError):
                while True:
                    writer.write(b"\x81\x82\0\0\0\0hi" * 1000)
                    await writer.drain()

        pouring = asyncio.create_task(pour())
        with contextlib.suppress(ConnectionError):
            while await reader.read(1000):
                pass
        await pouring
        writer.close()
