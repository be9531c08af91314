"""Codes that carry a player to another device."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from feedback.errors import PlayerDeleted
from feedback.store import Store, open_store
from tests.feedback.making import a_round

pytestmark = pytest.mark.both_engines

TEN_MINUTES = timedelta(minutes=10)


async def test_a_code_is_good_once_however_many_claim_it(store: Store, url: str) -> None:
    other = await open_store(url)
    expires_at = await store.link_codes.add("ada", "hash", TEN_MINUTES)
    assert timedelta(minutes=9) < expires_at - datetime.now(UTC) < timedelta(minutes=11)
    claims = [(store, other)[number % 2].link_codes.claim("hash") for number in range(8)]
    assert sorted(await asyncio.gather(*claims), key=str) == [None] * 7 + ["ada"]
    await other.close()


async def test_a_new_code_replaces_the_one_before(store: Store) -> None:
    await store.link_codes.add("ada", "old", TEN_MINUTES)
    await store.link_codes.add("ada", "new", TEN_MINUTES)
    await store.link_codes.add("bob", "bob's", TEN_MINUTES)
    assert await store.link_codes.claim("old") is None
    assert await store.link_codes.claim("new") == "ada"
    assert await store.link_codes.claim("bob's") == "bob"


async def test_an_expired_code_is_not_good_and_is_deleted(store: Store) -> None:
    await store.link_codes.add("ada", "hash", timedelta(0))
    assert await store.link_codes.claim("hash") is None
    await store.link_codes.add("bob", "bob's", TEN_MINUTES)
    rows = await store.database.read(
        lambda connection: connection.execute("SELECT hash FROM link_codes").fetchall()
    )
    assert [row["hash"] for row in rows] == ["bob's"]


async def test_a_player_who_has_deleted_everything_cannot_be_carried_over(store: Store) -> None:
    await store.add_round(a_round())
    await store.link_codes.add("ada", "hash", TEN_MINUTES)
    await store.delete_player("ada")
    assert await store.link_codes.claim("hash") is None
    with pytest.raises(PlayerDeleted):
        await store.link_codes.add("ada", "hash", TEN_MINUTES)
    assert await store.link_codes.claim("hash") is None
