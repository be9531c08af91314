"""Several reads run at the same time, each on a connection of its own."""

from __future__ import annotations

import asyncio
import threading

import pytest

from feedback.errors import StoreError
from feedback.sql import Connection
from feedback.sqlite.readers import READERS
from feedback.store import Store
from tests.feedback.making import a_round


async def test_a_long_read_does_not_hold_up_the_others(store: Store) -> None:
    release = threading.Event()

    def wait(_: Connection) -> bool:
        return release.wait(60)

    long = [asyncio.ensure_future(store.database.read(wait)) for _ in range(READERS - 1)]
    for _ in range(20):
        assert (await store.read_counts()).rounds == 0
    release.set()
    assert await asyncio.gather(*long) == [True] * (READERS - 1)


async def test_a_read_sees_what_was_written_before(store: Store) -> None:
    for number in range(50):
        await store.add_round(a_round())
        seen = await asyncio.gather(*(store.read_counts() for _ in range(2 * READERS)))
        assert {counts.rounds for counts in seen} == {number + 1}


async def test_no_reader_can_write(store: Store) -> None:
    def write(connection: Connection) -> None:
        connection.execute("INSERT INTO players VALUES ('x', 'x')")

    results = await asyncio.gather(
        *(store.database.read(write) for _ in range(2 * READERS)), return_exceptions=True
    )
    assert {type(result) for result in results} == {StoreError}
    with pytest.raises(StoreError, match="read-only"):
        await store.database.read(write)
