"""What is sent to a client, in which order, and when it is given up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable

import pytest

from game.play.protocol import Close, Guess, Pong, Verdict
from game.play.send_queue import SendQueue
from game.rules import tuning


class Wire:
    """A socket that may be congested."""

    def __init__(self) -> None:
        self.sent: list[dict[str, object]] = []
        self.closes: list[int] = []
        self.open = asyncio.Event()
        self.open.set()

    async def receive(self) -> str:
        raise NotImplementedError

    def send(self, messages: Iterable[bytes], /) -> None:
        self.sent += map(json.loads, messages)

    @property
    def is_congested(self) -> bool:
        return not self.open.is_set()

    async def drain(self) -> None:
        await self.open.wait()

    async def close(self, code: int, reason: str = "", /) -> None:
        assert reason
        await self.open.wait()
        self.closes.append(code)


def guess(seen: int) -> Guess:
    return Guess(1, seen, [("7", 0.9)], "model-1")


def verdict() -> Verdict:
    return Verdict(
        round=1, id="a", outcome="hit", target="7", label="7", confidence=0.9, model="model-1", points=10, combo=1,
        score=10, bonus_ms=0, remaining_ms=1, duration_ms=1,
    )  # fmt: skip


async def test_messages_keep_their_order_and_the_newest_guess_wins() -> None:
    outbox, wire = SendQueue(), Wire()
    for number in range(3):
        outbox.post(guess(number))
        outbox.post(Pong(number))
    outbox.close(Close.DONE, "done")
    outbox.post(Pong(9))
    await outbox.run(wire)
    assert [message["type"] for message in wire.sent] == ["pong"] * 3
    assert [message["nonce"] for message in wire.sent] == [0, 1, 2]
    assert wire.closes == [1000]


async def test_only_the_newest_guess_is_sent_to_a_slow_client() -> None:
    outbox, wire = SendQueue(), Wire()
    wire.open.clear()
    running = asyncio.create_task(outbox.run(wire))
    for seen in range(1, 50):
        outbox.post(guess(seen))
        await asyncio.sleep(0)
    wire.open.set()
    while len(wire.sent) < 2:
        await asyncio.sleep(0)
    assert [message["seen"] for message in wire.sent] == [1, 49]
    outbox.abandon()
    await running
    assert wire.closes == []


async def test_a_verdict_drops_the_waiting_guess() -> None:
    outbox, wire = SendQueue(), Wire()
    outbox.post(guess(1))
    outbox.post(verdict())
    running = asyncio.create_task(outbox.run(wire))
    while not wire.sent:
        await asyncio.sleep(0)
    outbox.post(guess(2))
    while len(wire.sent) < 2:
        await asyncio.sleep(0)
    assert [message["type"] for message in wire.sent] == ["verdict", "guess"]
    outbox.abandon()
    await running


async def test_a_client_is_given_up_when_a_send_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "SEND_SECONDS", 0.05)
    outbox, wire = SendQueue(), Wire()
    wire.open.clear()
    outbox.post(Pong(1))
    await outbox.run(wire)
    assert outbox.is_closed
    assert wire.closes == []


async def test_a_client_that_lets_everything_pile_up_is_closed() -> None:
    outbox, wire = SendQueue(), Wire()
    for number in range(1000):
        outbox.post(Pong(number))
    assert outbox.is_closed
    await outbox.run(wire)
    assert len(wire.sent) < 300
    assert wire.closes == [4010]


async def test_the_first_reason_to_close_counts() -> None:
    outbox, wire = SendQueue(), Wire()
    outbox.close(Close.TAKEN_OVER, "elsewhere")
    outbox.close(Close.DONE, "done")
    await outbox.run(wire)
    assert wire.closes == [4001]


async def test_a_slow_client_gets_the_newest_state_of_a_room_and_of_each_rival() -> None:
    queue, wire = SendQueue(), Wire()
    for number in range(1_000):
        queue.post_room(b'{"room":%d}' % number)
        queue.post_rival(number % 60, b'{"seat":%d,"score":%d}' % (number % 60, number))
    queue.close(Close.DONE, "done")
    await queue.run(wire)
    *rivals, room = wire.sent
    assert room == {"room": 999}
    newest = {message["seat"]: message["score"] for message in rivals}
    assert newest == {number % 60: number for number in range(940, 1_000)}
    assert len(rivals) <= 128
