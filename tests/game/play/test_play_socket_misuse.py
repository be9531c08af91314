"""The play socket under clients that do not keep to the protocol, or stall, or meet a server in trouble."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from feedback.errors import StoreError
from game.rules import tuning
from game.rules.tuning import Rate
from tests.game.hosting import ANSWER_SECONDS, Client, Host, hosted, open_client

pytestmark = pytest.mark.slow

INK = {"type": "ink", "round": 1, "stroke": 0, "points": [10, 20, 0]}


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("", "bad_json"),
        (b"", "not_text"),
        (b"\x00\xff", "not_text"),
        ("not json", "bad_json"),
        ("[" * 5000, "bad_message"),
        ('{"type":"dance"}', "unknown_type"),
        ('{"type":"skip","round":"1"}', "bad_message"),
        (json.dumps({**INK, "points": [10, 20]}), "bad_points"),
        (json.dumps({**INK, "points": [-1, 20, 0]}), "off_square"),
        (json.dumps({**INK, "points": ["10", 20, 0]}), "bad_message"),
        (json.dumps({**INK, "round": 2}), "wrong_round"),
        ('{"type":"join","mode":"sprint","alphabet":"digits"}', "already_joined"),
    ],
)
async def test_a_bad_message_is_answered_and_the_game_goes_on(
    client: Client, sent: str | bytes, code: str
) -> None:
    await client.join()
    await client.next("prompt")
    await client.connection.send(sent)
    assert await client.refusal() == code
    await client.send(**INK)
    assert (await client.next("guess"))["seen"] == 1


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"type": "skip", "round": 1}, "not_joined"),
        ({"type": "start"}, "not_in_room"),
        ({"type": "join", "mode": "duel", "alphabet": "digits", "room": "7"}, "no_such_room"),
        ({"type": "watch", "room": "CDFHJ"}, "no_such_room"),
        ({"type": "join", "mode": "chess", "alphabet": "digits"}, "unknown_mode"),
        ({"type": "join", "mode": "sprint", "alphabet": "greek"}, "unknown_alphabet"),
        ({"type": "join", "mode": "sprint", "alphabet": "digits", "name": "\x01\x02"}, "bad_name"),
        ({"type": "join", "mode": "sprint", "alphabet": "digits", "name": "x" * 21}, "bad_name"),
        ({"type": "join", "mode": "sprint", "alphabet": "digits", "resume": "forged"}, "cannot_resume"),
    ],
)
async def test_a_refused_join_may_be_tried_again(client: Client, message: dict[str, Any], code: str) -> None:
    await client.send(**message)
    assert await client.refusal() == code
    assert await client.join()


async def test_pings_are_answered_with_and_without_a_game(client: Client) -> None:
    await client.send(type="ping", nonce=41)
    assert await client.receive() == {"type": "pong", "nonce": 41}
    await client.join()
    await client.send(type="ping", nonce=42)
    assert (await client.next("pong"))["nonce"] == 42


async def test_too_much_ink_is_refused_and_may_be_taken_back(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "MESSAGES_AT_ONCE", 1000)
    async with await open_client(host) as client:
        await client.join("practice")
        for number in range(tuning.MAX_STROKES + 1):
            await client.send(type="ink", round=1, stroke=number, points=[1, 1, 0])
        assert await client.refusal() == "too_much_ink"
        await client.send(type="clear", round=1)
        await client.send(**INK)
        guess = await client.next("guess")
        while guess["seen"] != 1:
            guess = await client.next("guess")


async def test_8192_bytes_are_taken_and_8193_are_not(client: Client) -> None:
    await client.join()
    text = json.dumps(INK)
    await client.connection.send(text + " " * (tuning.MESSAGE_BYTES - len(text)))
    await client.next("guess")
    await client.connection.send(text + " " * (tuning.MESSAGE_BYTES - len(text) + 1))
    assert await client.refusal() == "too_large"
    assert await client.closed() == 1009


async def test_a_huge_message_is_closed(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    # Hypercorn refuses this one itself; the connection ends when its client is found silent.
    monkeypatch.setattr(tuning, "JOIN_SECONDS", 1.0)
    async with await open_client(host) as client:
        await client.connection.send("x" * 10**6)
        assert await client.closed() == 1009


async def test_skips_without_a_pause_are_refused(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is a stored round, so a flood of them would fill the disk."""
    monkeypatch.setattr(tuning, "SKIPS", Rate(3, 0.001))
    async with await open_client(host) as client:
        await client.join("practice")
        for number in range(1, 4):
            await client.send(type="skip", round=number)
            await client.next("verdict")
        await client.send(type="skip", round=4)
        assert await client.refusal() == "too_fast"
        await client.send(type="ping", nonce=1)
        assert (await client.next("pong"))["nonce"] == 1


async def test_twenty_bad_messages_are_enough(client: Client) -> None:
    await client.join()
    for _ in range(tuning.BAD_MESSAGES):
        await client.connection.send("not json")
    for _ in range(tuning.BAD_MESSAGES):
        assert await client.refusal() == "bad_json"
    assert await client.closed() == 4002


async def test_a_flood_is_closed_and_disturbs_nobody(host: Host) -> None:
    async with await open_client(host) as other, await open_client(host) as flood:
        await other.join()
        await flood.join()

        async def pour() -> None:
            for number in range(10_000):
                await flood.send(type="ping", nonce=number)

        pouring = asyncio.create_task(pour())
        codes = []
        for _ in range(100):
            message = await flood.receive()
            if message["type"] == "error":
                codes.append(message["code"])
                break
        assert codes == ["too_fast"]
        assert await flood.closed() == 1008
        await asyncio.wait({pouring})
        pouring.exception()
        await other.send(type="skip", round=1)
        assert (await other.next("verdict"))["outcome"] == "skip"


async def test_a_client_that_never_joins_is_closed(
    client: Client, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "JOIN_SECONDS", 0.3)
    async with await open_client(host) as idle:
        for number in range(3):
            await idle.send(type="ping", nonce=number)
        assert await idle.closed() == 4008
    assert await client.join()


@pytest.mark.slow
async def test_a_silent_client_is_closed_and_may_resume(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "SILENCE_SECONDS", 1.0)
    now = asyncio.get_running_loop().time
    async with await open_client(host) as client:
        welcome = await client.join()
        until = now() + 1.5 * tuning.SILENCE_SECONDS
        while now() < until:
            await client.send(type="ping", nonce=1)
            await client.next("pong")
            await asyncio.sleep(0.05)
        assert await client.closed() == 4008
    async with await open_client(host, client.cookie) as again:
        assert (await again.join(resume=welcome["token"]))["game"] == welcome["game"]


@pytest.mark.slow
async def test_a_client_that_does_not_read_is_given_up(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "SEND_SECONDS", 0.3)
    monkeypatch.setattr(tuning, "MESSAGES_PER_SECOND", 10**9)
    reader, writer = await asyncio.open_connection("127.0.0.1", host.port, limit=1024)
    writer.write(
        b"GET /play/v1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    await reader.readuntil(b"\r\n\r\n")
    reader._transport.pause_reading()  # type: ignore[attr-defined]
    frame = _frame('{"type":"no"}')

    async def pour() -> None:
        while True:
            writer.write(frame * 100)
            await writer.drain()

    pouring = asyncio.create_task(pour())
    monkeypatch.setattr(tuning, "BAD_MESSAGES", 10**9)
    try:
        async with asyncio.timeout(ANSWER_SECONDS), await open_client(host) as other:
            await other.join()
            while len(host.services.games._queues) > 1:
                await other.send(type="ping", nonce=1)
                assert (await other.next("pong"))["nonce"] == 1
                await asyncio.sleep(0.1)
    finally:
        pouring.cancel()
        writer.transport.abort()


def _frame(text: str) -> bytes:
    """Return a client's frame, masked with zeros."""
    data = text.encode()
    return bytes([0x81, 0x80 | len(data), 0, 0, 0, 0]) + data


async def test_a_store_that_fails_delays_the_verdict_and_loses_nothing(
    client: Client, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    await client.join()
    await client.next("prompt")
    store = host.services.store
    add_round, failures = store.running_games.add_round, 3

    async def failing(*arguments: Any) -> None:
        nonlocal failures
        failures -= 1
        if failures >= 0:
            raise StoreError("The disk is full.")
        await add_round(*arguments)

    monkeypatch.setattr(store.running_games, "add_round", failing)
    await client.send(type="skip", round=1)
    assert await client.refusal() == "store_unavailable"
    verdict = await client.next("verdict")
    assert await store.get_round(verdict["id"]) is not None
    prompt = await client.next("prompt")
    assert (prompt["round"], prompt["remaining_ms"]) == (2, verdict["remaining_ms"])


async def test_a_store_that_fails_for_too_long_ends_the_game_without_a_verdict(
    client: Client, host: Host, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tuning, "STORE_SECONDS", 0.2)
    await client.join()

    async def failing(*_: Any) -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(host.services.store.running_games, "add_round", failing)
    await client.send(type="skip", round=1)
    assert await client.refusal() == "store_unavailable"
    assert await client.refusal() == "game_lost"
    assert await client.closed() == 1011
    assert "The disk is full." in caplog.text


async def test_no_game_starts_on_a_store_that_fails(
    client: Client, host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(*_: Any) -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as broken:
        broken.setattr(host.services.store, "start_game", failing)
        await client.send(type="join", mode="sprint", alphabet="digits")
        assert await client.refusal() == "store_unavailable"
    assert await client.join()


async def test_a_failing_model_means_that_the_drawing_is_not_understood(
    client: Client, host: Host, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("no such tensor")

    await client.join()
    with monkeypatch.context() as patch:
        patch.setattr(type(host.services.recognizer), "recognize_batch", broken)
        await client.send(**INK)
        await client.send(type="skip", round=1)
        verdict = await client.next("verdict")
    assert (verdict["outcome"], verdict["label"]) == ("skip", None)
    assert "no such tensor" in caplog.text
    await client.send(**{**INK, "round": 2})
    assert (await client.next("guess"))["round"] == 2


async def test_a_server_that_stops_stores_every_game_and_says_so(tmp_path: Path) -> None:
    async with hosted(tmp_path) as host:
        store = host.services.store
        playing = await open_client(host)
        waiting = await open_client(host)
        welcome = await playing.join()
        await playing.send(type="skip", round=1)
        await playing.next("verdict")
        await host.services.games.drain()
        assert await playing.refusal() == "restarting"
        assert await playing.closed() == 1012
        assert await waiting.closed() == 1012
        found = await store.get_game(welcome["game"])
        assert found is not None
        game, rounds = found
        assert game.finished_at is None
        assert [round_.outcome for round_ in rounds] == ["skip"]
        late = await open_client(host)
        assert await late.closed() == 1012
