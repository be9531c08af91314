"""Frames that are read and written without the ASGI server, and those that are left to it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Event, Ping, Pong, TextMessage

from game.play.frames import FrameTransport, UnusualFrame, parse_frame

LOOP = asyncio.new_event_loop()  # never runs; asyncio's streams ask for one

TEXT = st.one_of(st.text(max_size=20), st.integers(100, 3000).map(lambda length: "é" * length))
CONTROL = st.one_of(
    st.binary(max_size=125).map(lambda data: Ping(payload=data)),
    st.binary(max_size=125).map(lambda data: Pong(payload=data)),
)
ORDINARY = st.one_of(
    TEXT.map(lambda text: [TextMessage(data=text)]),
    # Several pings in a row are ordinary, but not many.
    st.tuples(st.lists(CONTROL, max_size=3), TEXT).map(lambda both: [*both[0], TextMessage(data=both[1])]),
)
UNUSUAL = st.one_of(
    st.just(CloseConnection(code=1000, reason="bye")),
    st.binary(max_size=5).map(lambda data: BytesMessage(data=data)),
    st.just(TextMessage(data="x" * 20_000)),
    st.just(TextMessage(data="the first half", message_finished=False)),
)


def encode_as_client(event: Event) -> bytes:
    """Return the bytes of an event as another implementation of the protocol sends them."""
    return Connection(ConnectionType.CLIENT).send(event)


def decode_as_client(data: bytes) -> list[Event]:
    connection = Connection(ConnectionType.CLIENT)
    connection.receive_data(data)
    return list(connection.events())


@pytest.fixture(scope="module", autouse=True)
def close_loop() -> Iterator[None]:
    yield
    LOOP.close()


class Wire(asyncio.Transport):
    """A transport that the test reads and writes."""

    def __init__(self, protocol: asyncio.BaseProtocol) -> None:
        super().__init__()
        self.protocol = protocol
        self.written = b""
        self.is_paused = False

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self.protocol

    def is_closing(self) -> bool:
        return False

    def write(self, data: Any) -> None:
        self.written += data

    def pause_reading(self) -> None:
        self.is_paused = True

    def resume_reading(self) -> None:
        self.is_paused = False

    def receive(self, data: bytes) -> None:
        assert not self.is_paused
        assert isinstance(self.protocol, asyncio.Protocol | asyncio.StreamReaderProtocol)
        self.protocol.data_received(data)


class Writer(asyncio.StreamWriter):
    def __del__(self) -> None:
        pass  # there is no socket to close


def open_streams() -> tuple[asyncio.StreamReader, asyncio.StreamWriter, Wire]:
    reader = asyncio.StreamReader(loop=LOOP)
    server = asyncio.StreamReaderProtocol(reader, loop=LOOP)
    wire = Wire(server)
    return reader, Writer(wire, server, reader, LOOP), wire


@dataclass
class Peer:
    """A connection of which frames are read; ``most`` messages may wait at a time."""

    most: int = 1000
    messages: list[str] = field(default_factory=list)
    waiting: int = 0

    def __post_init__(self) -> None:
        self.reader, writer, self.wire = open_streams()
        self.frames = FrameTransport(self.reader, writer, self.take)

    def take(self, message: str) -> bool:
        self.messages.append(message)
        self.waiting += 1
        return self.waiting < self.most

    def receive(self, data: bytes) -> None:
        """Deliver data; whenever reading pauses, take what waits."""
        self.wire.receive(data)
        while self.wire.is_paused:
            self.waiting = 0
            self.frames.resume()

    @property
    def left_to_server(self) -> bytes:
        return bytes(self.reader._buffer)  # type: ignore[attr-defined]


def cut(data: bytes, places: list[int]) -> list[bytes]:
    ends = sorted({place % (len(data) + 1) for place in places} | {len(data)})
    return [data[start:end] for start, end in zip([0, *ends], ends, strict=False)]


@given(
    ordinary=st.lists(ORDINARY, max_size=8).map(lambda groups: [event for group in groups for event in group]),
    unusual=st.lists(UNUSUAL, max_size=2),
    places=st.lists(st.integers(0, 100_000), max_size=12),
    most=st.integers(1, 5),
)
def test_ordinary_frames_are_taken_and_the_rest_is_left_byte_by_byte(
    ordinary: list[Event], unusual: list[Event], places: list[int], most: int
) -> None:
    rest = b"".join(map(encode_as_client, unusual))
    data = b"".join(map(encode_as_client, ordinary)) + rest
    peer = Peer(most)
    for piece in cut(data, places):
        peer.receive(piece)
    assert peer.messages == [event.data for event in ordinary if isinstance(event, TextMessage)]
    assert peer.left_to_server == rest
    assert peer.frames.is_active == (not unusual)
    pongs = [event.payload for event in decode_as_client(peer.wire.written) if isinstance(event, Pong)]
    assert pongs == [event.payload for event in ordinary if isinstance(event, Ping)]


def test_a_frame_may_arrive_byte_by_byte() -> None:
    peer = Peer()
    for byte in encode_as_client(TextMessage(data="ä" * 200)):
        assert peer.messages == []
        peer.receive(bytes([byte]))
    assert peer.messages == ["ä" * 200]


@pytest.mark.parametrize(
    ("wrong", "data"),
    [
        ("not masked", b"\x81\x02hi"),
        ("a reserved bit", b"\xc1\x82\0\0\0\0hi"),
        ("an unknown opcode", b"\x83\x82\0\0\0\0hi"),
        ("a length that is longer than it has to be", b"\x81\xfe\0\x02\0\0\0\0hi"),
        ("a length that is too large", b"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
        ("a long ping", b"\x89\xfe\0\x80\0\0\0\0" + bytes(128)),
        ("a ping in pieces", b"\x09\x80\0\0\0\0"),
        ("a continuation of nothing", b"\x80\x82\0\0\0\0hi"),
    ],
)
def test_a_frame_that_breaks_the_protocol_is_left_to_the_server(wrong: str, data: bytes) -> None:
    with pytest.raises(UnusualFrame):
        parse_frame(data, 0)
    peer = Peer()
    peer.receive(encode_as_client(TextMessage(data="before")) + data)
    assert peer.messages == ["before"]
    assert peer.left_to_server == data, wrong


def test_text_that_is_not_utf8_is_left_to_the_server() -> None:
    peer = Peer()
    peer.receive(b"\x81\x82\0\0\0\0\xff\xff")
    assert peer.messages == []
    assert peer.left_to_server == b"\x81\x82\0\0\0\0\xff\xff"


def test_many_pings_are_left_to_the_server_which_limits_them() -> None:
    peer = Peer()
    ping = encode_as_client(Ping(payload=b"x"))
    peer.receive(ping * 1000)
    assert not peer.frames.is_active
    assert len(decode_as_client(peer.wire.written)) + len(peer.left_to_server) // len(ping) == 1000


def test_what_was_half_received_is_left_to_the_server_when_it_closes() -> None:
    peer = Peer()
    data = encode_as_client(TextMessage(data="hello"))
    peer.receive(data[:4])
    peer.frames.give_back()
    peer.wire.receive(data[4:])
    assert peer.left_to_server == data


def test_a_connection_with_unread_data_stays_with_the_server() -> None:
    reader, writer, wire = open_streams()
    server = wire.protocol
    wire.receive(b"\x81")
    assert not FrameTransport(reader, writer, lambda _: True).is_active
    assert wire.protocol is server


@given(st.lists(st.text(max_size=300), max_size=5))
def test_messages_are_sent_as_frames_that_others_understand(texts: list[str]) -> None:
    peer = Peer()
    texts.append("é" * 40_000)
    peer.frames.send([text.encode() for text in texts])
    received = decode_as_client(peer.wire.written)
    assert [event.data for event in received if isinstance(event, TextMessage)] == texts
