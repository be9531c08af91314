"""WebSocket frames (RFC 6455, section 5), of the ordinary kinds: whole text messages and pings.

`FrameTransport` reads and writes them on a connection whose handshake an ASGI server has made. Whatever else
arrives, such as a close, a fragment, or something that is wrong, it leaves to that server, together with
everything that follows.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from typing import Final, NamedTuple, cast

_LARGEST: Final = 16 * 1024  # bytes of a message; a larger one is left to the ASGI server, which refuses it
_FINAL: Final = 0x80
_MASKED: Final = 0x80
_TEXT: Final = _FINAL | 0x1
_PING: Final = _FINAL | 0x9
_PONG: Final = _FINAL | 0xA
_LONGEST_CONTROL: Final = 125
_TWO_BYTES: Final = 126  # this length says that the true one is in the next two bytes
_MASK_BYTES: Final = 4
_MOST_CONTROLS: Final = 3  # pings and pongs between two messages; the ASGI server limits the rate of more


class Frame(NamedTuple):
    """An ordinary frame from a client.

    Attributes:
        kind: its first byte.
        payload: its content, unmasked.
        end: where the next frame begins.
    """

    kind: int
    payload: bytes
    end: int


class UnusualFrame(Exception):
    """A frame that is not ordinary, or is not a valid one."""


def parse_frame(data: bytes, start: int) -> Frame | None:
    """Return the frame of a client that begins at ``start``, or None if it is not complete.

    Raises:
        UnusualFrame: if it is neither a whole text message of moderate size nor a ping or pong. It may be
            incomplete then.
    """
    if len(data) < start + 2:
        return None
    kind, length = data[start], data[start + 1] & ~_MASKED
    begin = start + 2
    if not data[start + 1] & _MASKED:
        raise UnusualFrame
    if kind == _TEXT:
        if length == _TWO_BYTES:
            begin += 2
            if len(data) < begin:
                return None
            length = int.from_bytes(data[begin - 2 : begin], "big")
            if length < _TWO_BYTES or length > _LARGEST:
                raise UnusualFrame
        elif length > _TWO_BYTES:
            raise UnusualFrame
    elif kind not in (_PING, _PONG) or length > _LONGEST_CONTROL:
        raise UnusualFrame
    begin += _MASK_BYTES
    end = begin + length
    if len(data) < end:
        return None
    return Frame(kind, _mask(data[begin:end], data[begin - _MASK_BYTES : begin]), end)


def make_frame(kind: int, payload: bytes) -> bytes:
    """Return a frame of a server, which is not masked."""
    length = len(payload)
    if length < _TWO_BYTES:
        return bytes((kind, length)) + payload
    if length < 1 << 16:
        return bytes((kind, _TWO_BYTES)) + length.to_bytes(2, "big") + payload
    return bytes((kind, _TWO_BYTES + 1)) + length.to_bytes(8, "big") + payload


def _mask(data: bytes, key: bytes) -> bytes:
    """Return ``data`` masked or unmasked: each byte combined with one of the key's four (section 5.3)."""
    length = len(data)
    keys = key * (length // _MASK_BYTES + 1)
    return (int.from_bytes(data, "big") ^ int.from_bytes(keys[:length], "big")).to_bytes(length, "big")


class FrameTransport(asyncio.Protocol):
    """Reads and writes the frames of one connection, in place of the ASGI server that made its handshake.

    Args:
        reader, writer: the connection, as the ASGI server uses it.
        take: takes a message; returns whether it can take another. After False, nothing is read until `resume`.
    """

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, take: Callable[[str], bool]
    ) -> None:
        self._writer = writer
        self._transport = cast("asyncio.Transport", writer.transport)
        self._take = take
        self._server = cast("asyncio.StreamReaderProtocol", self._transport.get_protocol())
        self._received = b""
        self._is_reading = True
        self._is_writing_paused = False
        self._controls_left = _MOST_CONTROLS
        self.is_active = not _has_unread(reader)
        """Whether it still has the connection. If not, the ASGI server reads and writes."""
        if self.is_active:
            self._transport.set_protocol(self)

    @property
    def is_congested(self) -> bool:
        """Whether the client is slow to read what was sent to it."""
        return self._is_writing_paused

    def send(self, messages: Iterable[bytes]) -> None:
        """Send text messages, all at once. Never waits."""
        if not self._transport.is_closing():
            self._transport.write(b"".join([make_frame(_TEXT, message) for message in messages]))

    async def drain(self) -> None:
        """Wait while the connection is congested; returns at once when it is gone."""
        with contextlib.suppress(ConnectionError):
            await self._writer.drain()

    def resume(self) -> None:
        """Go on after ``take`` has returned False."""
        if not self._is_reading:
            self._is_reading = True
            self._take_received()
            if self._is_reading and self.is_active:
                self._transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        """Take every complete message."""
        self._received += data
        self._take_received()
        if not self._is_reading:
            self._transport.pause_reading()

    def eof_received(self) -> bool | None:
        """Tell the ASGI server that nothing more comes."""
        return self._server.eof_received()

    def connection_lost(self, error: Exception | None) -> None:
        """Tell the ASGI server that the connection is gone."""
        self._is_writing_paused = False
        self._server.connection_lost(error)

    def pause_writing(self) -> None:
        """Note that the client is slow."""
        self._is_writing_paused = True
        self._server.pause_writing()

    def resume_writing(self) -> None:
        """Note that the client has caught up."""
        self._is_writing_paused = False
        self._server.resume_writing()

    def give_back(self) -> None:
        """Let the ASGI server read and write from now on."""
        if self.is_active:
            self.is_active = False
            self._is_reading = True
            self._transport.set_protocol(self._server)
            self._transport.resume_reading()
            if self._received:
                self._server.data_received(self._received)

    def _take_received(self) -> None:
        start = 0
        try:
            while self._is_reading and (frame := parse_frame(self._received, start)):
                if frame.kind == _TEXT:
                    text = frame.payload.decode()
                    self._controls_left = _MOST_CONTROLS
                    self._is_reading = self._take(text)
                else:
                    self._take_control(frame)
                start = frame.end
        except (UnusualFrame, UnicodeDecodeError):
            self._received = self._received[start:]
            self.give_back()
        else:
            self._received = self._received[start:]

    def _take_control(self, frame: Frame) -> None:
        self._controls_left -= 1
        if self._controls_left < 0:
            raise UnusualFrame
        if frame.kind == _PING:
            self._transport.write(make_frame(_PONG, frame.payload))


def _has_unread(reader: asyncio.StreamReader) -> bool:
    """Return whether something has arrived that the ASGI server has not read. Only it can go on then."""
    return bool(reader._buffer)  # type: ignore[attr-defined]  # there is no public way to see it
