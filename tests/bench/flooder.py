"""Floods of HTTP calls on a server of our own: ``python -m tests.bench.flooder NAME ADDRESS PORT SECONDS``.

Each flood is what one client at one address can do. It prints a line when it begins, and at the end, as JSON, how
many responses had which status. It runs on the loopback only, from an address of its own, so that the server can
tell it from other clients.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Final

from tests.bench.socket_flooder import (
    CLEAR,
    INK,
    NO_JSON,
    UNDO,
    open_socket,
    play_at_the_limit,
    skip_at_the_limit,
)
from tests.recognition.page.paper import encode_picture, write_page
from tests.serving import HOST
from tests.strokes import load_fixture

_CONNECTIONS: Final = 16
_UPLOADS: Final = 9
_LARGE_FORMS: Final = 4
_SLOW_BODIES: Final = 200
_SLOW_FORMS: Final = 8
_LARGE: Final = 15 << 20  # bytes, within the limit of a picture
_POINTS: Final = 4096
_DRIP_SECONDS: Final = 0.1
_IDLE: Final = 3_000
_GAMES: Final = 40

_FORM_TYPE: Final = "multipart/form-data; boundary=cut"


class Flood:
    """One flood, until the clock reads ``until`` (`time.monotonic`). It counts the statuses of the responses."""

    def __init__(self, address: str, port: int, until: float) -> None:
        self.statuses: Counter[str] = Counter()
        self._address = address
        self._port = port
        self._until = until

    async def recognize(self) -> None:
        """Store drawings as fast as the server responds."""
        await self._repeat(_CONNECTIONS, _make_request("/api/recognize", "application/json", _make_drawing()))

    async def explain(self) -> None:
        """Ask to explain drawings that are as large as they may be, and refused in the end."""
        across = [[500 * (n % 2) + n % 7, n % 1000] for n in range(_POINTS)]
        body = json.dumps({"strokes": [across]}).encode()
        await self._repeat(_CONNECTIONS, _make_request("/api/explain", "application/json", body))

    async def uploads(self) -> None:
        """Upload a page of writing, again and again."""
        page = write_page(load_fixture(), "Hand\n4711").picture
        await self._repeat(_UPLOADS, _make_request("/api/upload", _FORM_TYPE, _make_form(encode_picture(page))))

    async def forms(self) -> None:
        """Upload large forms with a picture that cannot be read."""
        await self._repeat(_LARGE_FORMS, _make_request("/api/upload", _FORM_TYPE, _make_form(bytes(_LARGE))))

    async def cookies(self) -> None:
        """Store drawings, each as a new player."""
        await asyncio.gather(*(self._run(self._store_as_new_players) for _ in range(_CONNECTIONS)))

    async def pages(self) -> None:
        """Ask for pages and files as fast as the server responds."""
        requests = [_make_get(path) for path in (b"/", b"/play", b"/static/img/icon.svg", b"/api/leaderboard")]
        await asyncio.gather(*(self._repeat(_CONNECTIONS // 4, request) for request in requests))

    async def connections(self) -> None:
        """Open connections as fast as the server takes them, and close them."""

        async def connect() -> None:
            while True:
                _, writer = await self._connect()
                self.statuses["connections"] += 1
                writer.close()

        await asyncio.gather(*(self._run(connect) for _ in range(_CONNECTIONS)))

    async def idle(self) -> None:
        """Hold as many idle connections as the server lets, and send a byte of a head now and then."""
        await asyncio.gather(*(self._run(self._drip_head) for _ in range(_IDLE)))

    async def handshakes(self) -> None:
        """Open play sockets and leave, again and again."""

        async def open_and_leave() -> None:
            _, writer, status = await open_socket((HOST, self._port), self._address)
            self.statuses[status] += 1
            writer.close()

        async def repeat() -> None:
            while True:
                await open_and_leave()

        await asyncio.gather(*(self._run(repeat) for _ in range(_CONNECTIONS)))

    async def ink(self) -> None:
        """Draw in many games at the highest rate."""
        await self._play([INK])

    async def undo(self) -> None:
        """Draw, undo and clear in many games at the highest rate."""
        await self._play([INK, UNDO, INK, CLEAR])

    async def skips(self) -> None:
        """Skip round after round in many games: each is stored."""
        here = (HOST, self._port)
        skip = partial(skip_at_the_limit, here, self._address, self.statuses)
        await asyncio.gather(*(self._run(skip) for _ in range(_GAMES)))

    async def invalid(self) -> None:
        """Send what is no JSON in many games."""
        await self._play([NO_JSON])

    async def _play(self, messages: list[bytes]) -> None:
        play = partial(play_at_the_limit, (HOST, self._port), self._address, messages, self.statuses)
        await asyncio.gather(*(self._run(play) for _ in range(_GAMES)))

    async def _drip_head(self) -> None:
        reader, writer = await self._connect()
        self.statuses["connections"] += 1
        try:
            writer.write(b"GET / HTTP/1.1\r\nX: ")
            while not reader.at_eof():
                writer.write(b"a")
                await writer.drain()
                with suppress(TimeoutError):
                    async with asyncio.timeout(1):
                        await reader.read(1)
        finally:
            writer.close()

    async def slow(self) -> None:
        """Send bodies, a few bytes at a time, and some large ones that never end."""
        small = _make_request("/api/recognize", "application/json", bytes(100_000))
        large = _make_request("/api/upload", _FORM_TYPE, bytes(_LARGE))
        drips = [self._run(lambda: self._drip(small, 10)) for _ in range(_SLOW_BODIES)]
        await asyncio.gather(*drips, *(self._run(lambda: self._drip(large, 200_000)) for _ in range(_SLOW_FORMS)))

    async def _repeat(self, connections: int, request: bytes) -> None:
        async def repeat() -> None:
            reader, writer = await self._connect()
            try:
                while True:
                    await self._send(reader, writer, request)
            finally:
                writer.close()

        await asyncio.gather(*(self._run(repeat) for _ in range(connections)))

    async def _store_as_new_players(self) -> None:
        reader, writer = await self._connect()
        try:
            while True:
                head = await self._send(reader, writer, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", is_counted=False)
                cookie = head.partition("set-cookie: ")[2].partition(";")[0]
                body = _make_drawing()
                request = _make_request("/api/recognize", "application/json", body, f"Cookie: {cookie}\r\n")
                await self._send(reader, writer, request)
        finally:
            writer.close()

    async def _drip(self, request: bytes, step: int) -> None:
        _, writer = await self._connect()
        try:
            for start in range(0, len(request) - step, step):
                writer.write(request[start : start + step])
                await writer.drain()
                await asyncio.sleep(_DRIP_SECONDS)
        finally:
            writer.close()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(HOST, self._port, local_addr=(self._address, 0))

    async def _send(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        request: bytes,
        *,
        is_counted: bool = True,
    ) -> str:
        """Send a request, read its response, and return its head in lower case."""
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        await reader.readexactly(int(head.partition("content-length: ")[2].partition("\r\n")[0]))
        if is_counted:
            self.statuses[head.split()[1]] += 1
        return head

    async def _run(self, client: Callable[[], Awaitable[None]]) -> None:
        """Run a client until the flood ends. If its connection is closed, it comes again."""
        while (left := self._until - time.monotonic()) > 0:
            try:
                async with asyncio.timeout(left):
                    await client()
            except TimeoutError:
                return
            except (OSError, asyncio.IncompleteReadError):
                self.statuses["closed"] += 1
                await asyncio.sleep(_DRIP_SECONDS)


def _make_drawing() -> bytes:
    return json.dumps({"strokes": load_fixture().get("7")[0].place(), "alphabet": "digits"}).encode()


def _make_form(picture: bytes) -> bytes:
    head = b'--cut\r\nContent-Disposition: form-data; name="image"; filename="page.png"\r\n\r\n'
    return head + picture + b"\r\n--cut--\r\n"


def _make_request(path: str, content_type: str, body: bytes, more: str = "") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}{more}\r\n".encode() + body


def _make_get(path: bytes) -> bytes:
    return b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n" % path


FLOODS: Final = {
    "recognize": Flood.recognize,
    "forms": Flood.forms,
    "uploads": Flood.uploads,
    "explain": Flood.explain,
    "cookies": Flood.cookies,
    "slow": Flood.slow,
    "pages": Flood.pages,
    "connections": Flood.connections,
    "idle": Flood.idle,
    "handshakes": Flood.handshakes,
    "ink": Flood.ink,
    "undo": Flood.undo,
    "skips": Flood.skips,
    "invalid": Flood.invalid,
}


def main() -> None:
    """Flood, and print the statuses."""
    name, address, port, seconds = sys.argv[1:]
    load_fixture()
    sys.stdout.write("Flooding\n")
    sys.stdout.flush()
    flood = Flood(address, int(port), time.monotonic() + float(seconds))
    asyncio.run(FLOODS[name](flood))
    sys.stdout.write(json.dumps(flood.statuses) + "\n")


if __name__ == "__main__":
    main()
