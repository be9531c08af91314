"""The bounded connection under a real Hypercorn, which reads the frames or leaves that to the connection.

Nothing is lost, nothing piles up, nothing is left open.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import hypercorn.asyncio
import pytest
from hypercorn.asyncio import run
from hypercorn.asyncio.tcp_server import TCPServer
from hypercorn.config import Config
from quart import Quart, websocket
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from game.hypercorn_patches.transports import OpenServer
from game.play.websocket import QUEUED_MESSAGES, BoundedWebsocketConnection, Disconnected, get_connection

pytestmark = pytest.mark.slow

Handler = Callable[[], Awaitable[None]]


@pytest.fixture(autouse=True, params=[TCPServer, OpenServer], ids=["hypercorn reads", "the connection reads"])
def choose_reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "TCPServer", request.param)


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


async def test_fragments_and_pings_between_ordinary_messages_keep_their_order() -> None:
    async def handler() -> None:
        for _ in range(4):
            await websocket.send(repr(await websocket.receive()))

    async with serving(handler) as address, connect(f"ws://{address}/", proxy=None, compression=None) as client:
        await client.send("before")
        await (await client.ping())
        await client.send(iter(("frag", "ment")))
        await client.send("after")
        await (await client.ping())
        await client.send(b"bytes")
        assert [await client.recv() for _ in range(4)] == ["'before'", "'fragment'", "'after'", "b'bytes'"]


async def test_a_handler_can_send_many_messages_at_once_and_close_with_its_own_code() -> None:
    texts = [f"{number} é" for number in range(100)]

    async def handler() -> None:
        await websocket.accept()
        connection = get_connection(websocket.scope)
        await connection.receive()
        connection.send(text.encode() for text in texts)
        if connection.is_congested:
            await connection.drain()
        await connection.close(4001, "enough")

    async with serving(handler) as address, connect(f"ws://{address}/", proxy=None, compression=None) as client:
        await client.send("go")
        assert [await client.recv() for _ in texts] == texts
        with pytest.raises(ConnectionClosed) as end:
            await client.recv()
        assert end.value.rcvd
        assert (end.value.rcvd.code, end.value.rcvd.reason) == (4001, "enough")


async def test_draining_waits_for_a_client_that_does_not_read_until_it_is_gone() -> None:
    is_held_up = asyncio.Event()
    is_over = asyncio.Event()

    async def handler() -> None:
        await websocket.accept()
        connection = get_connection(websocket.scope)
        while True:
            connection.send([b"x" * 60_000])
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.2):
                    await connection.drain()
                    continue
            break
        is_held_up.set()
        with contextlib.suppress(Disconnected):
            await connection.receive()
        is_over.set()

    async with serving(handler) as address, asyncio.timeout(60):
        host, port = address.split(":")
        _, writer = await asyncio.open_connection(host, int(port), limit=1000)
        writer.write(
            b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        await is_held_up.wait()
        writer.transport.abort()
        await is_over.wait()


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
