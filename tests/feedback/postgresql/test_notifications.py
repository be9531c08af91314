"""Notifications between processes, through a real PostgreSQL server that fails."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.postgresql.notifications import PostgresqlNotifications, pack
from tests.postgresql import Cluster

pytestmark = pytest.mark.slow


class Process:
    """What one process hears."""

    def __init__(self, url: str, name: str) -> None:
        self.heard: list[str] = []
        self.gaps = 0
        self.counts: Counter[str] = Counter()
        self.notifications = PostgresqlNotifications(url, name, self.count)
        self.notifications.subscribe(self.heard.append, self.note_gap)

    def count(self, kind: str, number: int) -> None:
        self.counts[kind] += number

    def note_gap(self) -> None:
        self.gaps += 1


async def until(is_true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_true():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def running(*processes: Process) -> AsyncIterator[None]:
    """Run the processes, once all of them listen."""
    tasks = [asyncio.create_task(process.notifications.run()) for process in processes]
    try:
        await until(lambda: all(process.gaps for process in processes))
        yield
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def cut_connections(cluster: Cluster, database: str) -> None:
    cluster.execute(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"  # noqa: S608
    )


async def test_others_hear_everything_in_order_in_few_packets(cluster: Cluster) -> None:
    url = cluster.create_database()
    one, other, third = (Process(url, name) for name in ("one", "other", "third"))
    async with running(one, other, third):
        messages = [f"{number} " + "é" * (number % 500) for number in range(1_000)]
        for message in messages:
            one.notifications.publish(message)
        third.notifications.publish("third")
        await until(lambda: len(other.heard) > len(messages) and len(third.heard) == len(messages))
    assert [message for message in other.heard if message != "third"] == third.heard == messages
    assert one.heard == ["third"]
    assert [process.gaps for process in (one, other, third)] == [1, 1, 1]
    assert (one.counts, other.counts["received"]) == ({"sent": 1_000, "received": 1}, 1_001)


async def test_a_lost_connection_is_a_gap_and_is_made_again(cluster: Cluster) -> None:
    url = cluster.create_database()
    one, other = Process(url, "one"), Process(url, "other")
    async with running(one, other):
        await asyncio.to_thread(cut_connections, cluster, url.rpartition("/")[2])
        one.notifications.publish("lost")  # on a connection of which it is not known that it is gone
        await until(lambda: one.gaps == other.gaps == 2)
        while "again" not in other.heard:
            one.notifications.publish("again")
            await asyncio.sleep(0.05)
    assert one.counts["lost"] >= 1


async def test_a_server_that_hangs_holds_up_nobody_and_what_was_lost_is_a_gap(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("feedback.postgresql.notifications._MOST_WAITING", 10)
    url = cluster.create_database()
    one, other = Process(url, "one"), Process(url, "other")
    async with running(one, other):
        cluster.pause()
        try:
            with monkeypatch.context() as patched:  # later, a busy server has its usual time
                patched.setattr("feedback.postgresql.notifications._PATIENCE_SECONDS", 0.2)
                one.notifications.publish("first")
                await until(lambda: one.counts["lost"] == 1)
            for number in range(15):
                one.notifications.publish(str(number))
            assert one.counts["lost"] == 6
        finally:
            cluster.resume()
        await until(lambda: "14" in other.heard and other.gaps == 2)
    assert [message for message in other.heard if message != "first"] == [str(number) for number in range(5, 15)]


@pytest.mark.parametrize("message", ["two\nlines", "é" * 4_000])
async def test_what_fits_in_no_packet_is_refused(message: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        PostgresqlNotifications("postgresql://nobody@127.0.0.1:1/none", "one", lambda *_: None).publish(message)


@given(st.lists(st.text(st.characters(blacklist_characters="\n", blacklist_categories=["Cs"]), min_size=1)))
def test_packets_hold_all_messages_in_order_and_none_could_hold_more(messages: list[str]) -> None:
    most = 100
    fitting = [message for message in messages if len(message.encode()) <= most]
    packets = pack(fitting, most)
    assert [line for packet in packets for line in packet.split("\n") if line] == fitting
    assert all(len(packet.encode()) <= most for packet in packets)
    for packet, following in pairwise(packets):
        assert len(f"{packet}\n{following.split(chr(10))[0]}".encode()) > most
