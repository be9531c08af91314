"""An HTTP client that costs little: one connection that stays open, and the times of its calls."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Final, NamedTuple

from tests.serving import HOST

_TIMEOUT_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Call:
    """A call, and the name that it has in the result."""

    name: str
    path: str
    method: str = "GET"
    body: bytes = b""
    media_type: str = "application/json"


class Response(NamedTuple):
    """A response.

    Attributes:
        status: of HTTP.
        body: whole.
        first_seconds: from sending the call to the first bytes of the response.
        seconds: to its last byte.
    """

    status: int
    body: bytes
    first_seconds: float
    seconds: float


class HttpClient:
    """One browser: an address of this machine's own (127.0.0.0/8), and a connection.

    Attributes:
        cookie: as a Cookie header holds it; the server may set it.
    """

    def __init__(self, port: int, address: str, cookie: str = "") -> None:
        self.cookie = cookie
        self._port = port
        self._address = address
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, call: Call) -> Response:
        """Send a call and return its response.

        Raises:
            OSError: if the connection breaks.
            asyncio.IncompleteReadError: if it ends before the response.
        """
        if self._streams is None:
            self._streams = await asyncio.open_connection(
                HOST, self._port, local_addr=(self._address, 0), limit=1 << 20
            )
        reader, writer = self._streams
        cookie = f"Cookie: {self.cookie}\r\n" if self.cookie else ""
        more = f"Content-Type: {call.media_type}\r\nContent-Length: {len(call.body)}\r\n" if call.body else ""
        begin = time.perf_counter()
        writer.write(f"{call.method} {call.path} HTTP/1.1\r\nHost: x\r\n{cookie}{more}\r\n".encode() + call.body)
        try:
            async with asyncio.timeout(_TIMEOUT_SECONDS):
                received = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                head = received.lower()
                first_seconds = time.perf_counter() - begin
                body = await _read_body(reader, head)
        except BaseException:  # the rest of the response would be taken for the next one's
            self.close()
            raise
        if "connection: close" in head:
            self.close()
        if (start := head.find("set-cookie: ")) >= 0:
            self.cookie = received[start:].partition(" ")[2].partition(";")[0]
        return Response(int(head.split()[1]), body, first_seconds, time.perf_counter() - begin)

    def close(self) -> None:
        """Close the connection. The next call opens another one."""
        if self._streams:
            self._streams[1].close()
            self._streams = None


async def _read_body(reader: asyncio.StreamReader, head: str) -> bytes:
    if "transfer-encoding: chunked" not in head:
        return await reader.readexactly(int(head.partition("content-length: ")[2].partition("\r\n")[0]))
    chunks = []
    while size := int(await reader.readuntil(b"\r\n"), 16):
        chunks.append((await reader.readexactly(size + 2))[:-2])
    await reader.readuntil(b"\r\n")
    return b"".join(chunks)
