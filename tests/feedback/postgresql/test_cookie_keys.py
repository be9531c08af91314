"""Servers of one database that have different keys notice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from feedback.cookie_keys import find_server_with_other_key, hash_key
from feedback.store import Store, open_store
from tests.postgresql import Cluster


@pytest.fixture
async def store(cluster: Cluster) -> AsyncIterator[Store]:
    store = await open_store(cluster.create_store())
    yield store
    await store.close()


async def start(store: Store, name: str, key: str) -> str | None:
    return await find_server_with_other_key(store.database, name, f"machine/{name}", hash_key(key))


async def test_the_same_key_is_fine_and_another_is_not(store: Store) -> None:
    assert await start(store, "1", "a key of many letters") is None
    assert await start(store, "2", "a key of many letters") is None
    assert await start(store, "3", "another of many letters") in {"machine/1", "machine/2"}


async def test_a_server_that_has_stopped_does_not_count(store: Store) -> None:
    assert await start(store, "1", "a key of many letters") is None
    await store.running_games.delete_server("1")
    assert await start(store, "2", "another of many letters") is None


async def test_a_server_that_was_not_seen_for_long_does_not_count(store: Store) -> None:
    assert await start(store, "1", "a key of many letters") is None
    long_ago = "2026-01-01T00:00:00.000000+00:00"
    await store.database.write(
        lambda connection: connection.execute("UPDATE servers SET seen_at = ?", (long_ago,))
    )
    assert await start(store, "2", "another of many letters") is None


async def test_of_servers_that_start_together_at_least_one_notices(store: Store) -> None:
    others = await asyncio.gather(*(start(store, str(number), f"key of server {number}") for number in range(8)))
    assert sum(other is not None for other in others) >= 7


def test_the_hash_does_not_repeat_the_key() -> None:
    assert "letters" not in hash_key("a key of many letters")
    assert hash_key("a key of many letters") != hash_key("a key of many letterz")
