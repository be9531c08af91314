"""Connections: too many are refused, and slow clients do not keep them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from game.hypercorn_patches import connections
from game.rules import tuning
from tests.game.hosting import ANSWER_SECONDS, Host, hosted

pytestmark = pytest.mark.slow

GET = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /api/recognize HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"


@pytest.fixture
async def host(tmp_path: Path) -> AsyncIterator[Host]:
    async with hosted(tmp_path) as running:
        yield running


async def open_connection(host: Host) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", host.port)


async def read_all(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(ANSWER_SECONDS):
        return await reader.read()


async def test_one_connection_too_many_is_refused_until_another_ends(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "CONNECTIONS_PER_ADDRESS", 2)
    opened = [await open_connection(host) for _ in range(2)]
    for reader, writer in opened:
        writer.write(GET)
        await reader.readuntil(b"\r\n\r\n")
    reader, writer = await open_connection(host)
    assert (await read_all(reader)).startswith(b"HTTP/1.1 503 ")
    writer.close()
    for _, writer in opened:
        writer.close()
    async with asyncio.timeout(ANSWER_SECONDS):
        while True:
            reader, writer = await open_connection(host)
            writer.write(GET.replace(b"Host: x", b"Host: x\r\nConnection: close"))
            status = await reader.readline()
            writer.close()
            if b" 200 " in status:
                break


async def test_a_body_that_never_ends_is_given_up(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "BODY_SECONDS", 0)
    reader, writer = await open_connection(host)
    writer.write(POST + b"{")
    answer = await read_all(reader)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"request_timeout"' in answer
    writer.close()


async def test_a_body_that_lay_ready_while_the_server_stood_still_is_taken(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "BODY_SECONDS", -100.0)
    reader, writer = await open_connection(host)
    writer.write(POST)
    for _ in range(10):
        writer.write(b" " * 100)
        await writer.drain()
    assert b" 400 " in await reader.readline()  # a body of spaces is no JSON
    writer.close()


async def test_a_client_that_does_not_read_is_cut_off(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_STUCK_SECONDS", 0.1)
    monkeypatch.setattr(connections, "_CLOSE_SECONDS", 0.1)
    reader, writer = await open_connection(host)
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    request = b"GET /static/img/icon.svg HTTP/1.1\r\nHost: x\r\n\r\n"
    with pytest.raises(ConnectionError):
        async with asyncio.timeout(ANSWER_SECONDS):
            while True:
                writer.write(request * 100)
                await writer.drain()
                await asyncio.sleep(0)
    del reader
