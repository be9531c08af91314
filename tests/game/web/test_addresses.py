"""What one address may have open and send, and which hosts are valid."""

from __future__ import annotations

import asyncio
import resource
from ipaddress import ip_network

import pytest
from quart import Quart

from game.rules import tuning
from game.rules.tuning import Rate, limit_address
from game.web.addresses import ConnectionLimits, has_valid_host
from tests.game.conftest import Client, TestClock, error_of

HERE, THERE = "192.0.2.1", "192.0.2.2"
PROXY = ip_network("10.0.0.0/8")


async def test_an_address_may_have_so_many_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "CONNECTIONS_PER_ADDRESS", 3)
    limits = ConnectionLimits([PROXY])
    assert [limits.open(HERE) for _ in range(4)] == [True, True, True, False]
    assert limits.open(THERE)
    limits.close(HERE)
    assert limits.open(HERE)
    assert not limits.open(HERE)


async def test_the_connections_of_a_proxy_are_those_of_many_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "CONNECTIONS_PER_ADDRESS", 3)
    limits = ConnectionLimits([PROXY])
    assert all(limits.open("10.1.2.3") for _ in range(20))
    assert all(limits.open(None) for _ in range(20))
    assert all(limits.open("::ffff:10.1.2.3") for _ in range(20))


async def test_an_address_may_not_connect_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "CONNECTIONS", limit_address("connections", Rate(5, 0.001)))
    limits = ConnectionLimits([])
    for _ in range(5):
        assert limits.open(HERE)
        limits.close(HERE)
    assert not limits.open(HERE)
    assert limits.open(THERE)


async def test_connections_leave_files_for_the_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1024, 1024))
    limits = ConnectionLimits([])
    opened = sum(limits.open(f"192.0.2.{n % 200}") for n in range(1024))
    assert 512 <= opened <= 1024 - 200


async def test_an_address_may_send_so_many_requests(
    client: Client, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "REQUESTS", limit_address("requests", Rate(3, 0.5)))
    for path in ("/", "/healthz", "/static/img/icon.svg"):
        assert (await client.get(path)).status_code == 200
    for path in ("/", "/healthz", "/nothing"):
        refused = await client.get(path)
        assert await error_of(refused, 429) == "too_many_requests"
        assert refused.headers["Retry-After"] == "2"
    clock.now_ms += 2_000
    assert (await client.get("/")).status_code == 200


async def test_many_refused_requests_are_answered_slowly_or_lose_their_connection(
    app: Quart, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "REQUESTS", limit_address("requests", Rate(1, 0.001)))
    monkeypatch.setattr(tuning, "REFUSALS_PER_SECOND", 1e4)
    assert clock.now_ms == 0
    answers = await asyncio.gather(*(app.test_client().get("/") for _ in range(tuning.REFUSALS_PER_ADDRESS + 10)))
    closed = [answer for answer in answers if answer.headers.get("Connection") == "close"]
    assert [answer.status_code for answer in answers].count(429) == len(answers) - 1
    assert len(closed) == 9


async def test_an_address_may_open_so_many_play_sockets(
    app: Quart, clock: TestClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert clock.now_ms == 0
    monkeypatch.setattr(tuning, "HANDSHAKES", limit_address("games", Rate(1, 0.001)))
    async with app.test_client().websocket("/play/v1") as socket:
        await socket.send("{}")
        await socket.receive()
    with pytest.raises(Exception, match="429"):
        async with app.test_client().websocket("/play/v1") as socket:
            await socket.receive()


VALID = ["", "x", "play.example.com", "play.example.com:8443", "x:", "127.0.0.1:80", "[::1]", "[::1]:8000", "a_b."]
NOT_VALID = ["a b", "a/b", "x@y", "x:port", "x:123456", "a..b", ".", "a" * 64, "x" * 300, "ä"]


@pytest.mark.parametrize("host", VALID)
def test_a_host(host: str) -> None:
    assert has_valid_host([(b"host", host.encode())])


@pytest.mark.parametrize("host", [*NOT_VALID, "[", "[::1", "[x]"])
def test_what_is_no_host(host: str) -> None:
    assert not has_valid_host([(b"host", host.encode())])


@pytest.mark.parametrize("host", NOT_VALID)
async def test_a_request_to_what_is_no_host_is_refused(client: Client, host: str) -> None:
    assert await error_of(await client.get("/healthz", headers={"Host": host}), 400) == "bad_host"
