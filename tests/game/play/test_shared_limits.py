"""Limits that two workers share, with the counts in a real PostgreSQL."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from feedback.postgresql import shared_counts
from feedback.postgresql.shared_counts import PostgresqlSharedCounts
from game.play import shared_limits
from game.play.rate_limit import AddressFull, AddressLimit, Caller, CallLimits, TooManyCalls
from game.play.shared_limits import SharedLimits
from game.rules.tuning import CallLimit, Rate
from tests.game.conftest import TestClock
from tests.postgresql import Cluster

# So slow that no call is given back during a test.
LIMIT = CallLimit("calls", player=Rate(4, 0.001), address=Rate(10, 0.001))
ADA = Caller("ada", "1")
MOST_SOCKETS = 20


class Worker(SharedLimits):
    """The limits of one worker."""

    def __init__(self, name: str, url: str) -> None:
        self.database = url.rpartition("/")[2]
        self.counts = PostgresqlSharedCounts(url)
        self.here = CallLimits(TestClock())
        super().__init__(self.here, AddressLimit(MOST_SOCKETS), self.counts, name, "secret")

    async def takes(self, caller: Caller, limit: CallLimit = LIMIT) -> bool:
        with contextlib.suppress(TooManyCalls):
            await self.count(limit, caller)
            return True
        return False


@pytest.fixture
async def workers(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[Worker]]:
    monkeypatch.setattr(shared_counts, "_PATIENCE_SECONDS", 60)  # a busy machine must not fail a test
    url = cluster.create_store()
    workers = [Worker(name, url) for name in ("first", "second")]
    yield workers
    for worker in workers:
        await worker.close()
        await worker.counts.close()


async def test_a_player_has_one_limit_at_all_workers(workers: list[Worker]) -> None:
    first, second = workers
    assert [await worker.takes(ADA) for worker in (first, second, first, second)] == [True] * 4
    assert not await first.takes(ADA)
    assert not await second.takes(ADA)
    assert await second.takes(Caller("bob", "2"))


async def test_calls_at_the_same_time_do_not_pass_the_limit(workers: list[Worker]) -> None:
    callers = [Caller(f"player {number}", "1") for number in range(15)]
    taken = await asyncio.gather(*(worker.takes(caller) for caller in callers for worker in workers))
    assert sum(taken) == LIMIT.address.at_once


async def test_a_refused_call_counts_for_nobody(workers: list[Worker]) -> None:
    first, second = workers
    for _ in range(20):
        await first.takes(ADA)
        await second.takes(ADA)
    others = [await worker.takes(Caller(None, "1")) for _ in range(4) for worker in workers]
    assert sum(others) == LIMIT.address.at_once - LIMIT.player.at_once


async def test_whoever_is_refused_learns_when_to_try_again(workers: list[Worker]) -> None:
    first, second = workers
    slow = CallLimit("slow calls", player=Rate(1, 0.1), address=Rate(9, 1))
    await first.count(slow, ADA)
    with pytest.raises(TooManyCalls) as refused:
        await second.count(slow, ADA)
    assert 8 <= refused.value.seconds <= 10


async def test_a_flood_is_refused_without_the_database(workers: list[Worker]) -> None:
    first, second = workers
    for _ in range(LIMIT.player.at_once):
        await first.takes(ADA)
    assert not await second.takes(ADA)
    with pytest.raises(TooManyCalls):
        second.here.check(LIMIT, ADA)


async def test_what_was_stored_at_one_worker_counts_at_the_other(workers: list[Worker]) -> None:
    first, second = workers
    first.spend(LIMIT, ADA, 3)
    await first.close()
    await second.check(LIMIT, ADA)
    await second.check(LIMIT, ADA)
    first.spend(LIMIT, ADA, 3)
    await first.close()
    with pytest.raises(TooManyCalls):
        await second.check(LIMIT, ADA)


async def test_a_limit_that_is_not_shared_holds_for_each_worker(workers: list[Worker]) -> None:
    limit = LIMIT._replace(is_shared=False)
    taken = [await worker.takes(ADA, limit) for _ in range(5) for worker in workers]
    assert sum(taken) == 2 * LIMIT.player.at_once


async def test_without_the_database_each_worker_goes_by_its_own_count(
    workers: list[Worker], cluster: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = workers
    assert await first.takes(ADA)
    cluster.execute("ALTER TABLE call_counts RENAME TO call_counts_away", first.database)
    try:
        assert [await second.takes(ADA) for _ in range(5)] == [True] * 4 + [False]
    finally:
        cluster.execute("ALTER TABLE call_counts_away RENAME TO call_counts", first.database)
    assert "not shared with other workers" in caplog.text


async def test_a_database_that_hangs_holds_up_nobody_for_long(
    workers: list[Worker], cluster: Cluster, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = workers
    assert await first.takes(ADA)
    assert await second.takes(ADA)
    monkeypatch.setattr(shared_counts, "_PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(shared_counts, "_AWAY_SECONDS", 0)
    cluster.pause()
    try:
        assert await first.takes(ADA)
        assert await second.takes(ADA)
        await first.counts.close()  # returns although nobody has answered
    finally:
        cluster.resume()
    monkeypatch.setattr(shared_counts, "_PATIENCE_SECONDS", 60)
    assert await second.takes(Caller("bob", "2"))
    assert "shared with other workers again" in caplog.text


async def test_the_sockets_of_an_address_are_counted_at_all_workers(
    workers: list[Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_limits, "_FEW_SOCKETS", 1)
    first, second = workers
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(MOST_SOCKETS // 2):
            await stack.enter_async_context(first.count_socket("1"))
            await stack.enter_async_context(second.count_socket("1"))
        for worker in workers:
            with pytest.raises(AddressFull):
                await stack.enter_async_context(worker.count_socket("1"))
        await stack.enter_async_context(first.count_socket("2"))
    monkeypatch.setattr(shared_limits, "_PUBLISH_SECONDS", 0.01)
    publishing = asyncio.create_task(first.run())
    async with asyncio.timeout(30):
        # The second hears that the first has closed all of its own.
        while not await has_room(second, MOST_SOCKETS):
            await asyncio.sleep(0.01)
    publishing.cancel()


async def has_room(worker: Worker, sockets: int) -> bool:
    async with contextlib.AsyncExitStack() as stack:
        with contextlib.suppress(AddressFull):
            for _ in range(sockets):
                await stack.enter_async_context(worker.count_socket("1"))
            return True
    return False
