"""Rooms in the store: changed by several at once, deleted in time, and free of players who deleted their data."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from feedback.errors import PlayerDeleted
from feedback.rooms import StoredRoom, StoredSeat
from feedback.store import Store, open_store

pytestmark = pytest.mark.both_engines

DAY = timedelta(days=1)
ADA, BOB = StoredSeat(1, "ada", "Ada", "Quiet Otter"), StoredSeat(2, "bob", "", "Happy Fox")


def a_room(code: str = "CDFHJ", state: str = "0", lifetime: timedelta = DAY) -> StoredRoom:
    return StoredRoom(code, state, [], lifetime)


async def seat(store: Store, *seats: StoredSeat) -> StoredRoom:
    changed = await store.rooms.change("CDFHJ", lambda room: [room._replace(seats=[*room.seats, *seats])])
    assert changed is not None
    return changed


async def test_a_room_is_stored_once_and_read_with_the_time(store: Store) -> None:
    assert await store.rooms.read("CDFHJ") is None
    assert await store.rooms.create(a_room())
    assert not await store.rooms.create(a_room(state="another"))
    changed = await seat(store, BOB, ADA)
    stored = await store.rooms.read("CDFHJ")
    assert stored is not None
    assert (stored.state, stored.seats, stored.version) == ("0", [ADA, BOB], changed.version)
    assert stored.now_ms >= changed.now_ms > 1_700_000_000_000
    assert timedelta() < stored.lifetime <= DAY


async def test_no_change_is_lost(store: Store, url: str) -> None:
    await store.rooms.create(a_room())
    other = await open_store(url) if url.startswith("postgresql") else store

    def count(room: StoredRoom) -> list[StoredRoom]:
        return [room._replace(state=str(int(room.state) + 1))]

    await asyncio.gather(
        *(rooms.change("CDFHJ", count) for rooms in (store.rooms, other.rooms) for _ in range(20))
    )
    stored = await store.rooms.read("CDFHJ")
    assert stored is not None
    assert (stored.state, stored.version) == ("40", 40)
    if other is not store:
        await other.close()


async def test_a_refused_change_changes_nothing_and_a_taken_code_is_chosen_anew(store: Store) -> None:
    await store.rooms.create(a_room())
    await store.rooms.create(a_room("KMNPR"))
    codes = iter(["KMNPR", "TVWXY"])

    def refuse(_: StoredRoom) -> list[StoredRoom]:
        raise ValueError

    with pytest.raises(ValueError):
        await store.rooms.change("CDFHJ", refuse)
    assert (await seat(store)).version == 0

    await store.rooms.change("CDFHJ", lambda room: [room._replace(state="1"), a_room(next(codes), "next")])
    following = await store.rooms.read("TVWXY")
    assert following is not None
    assert following.state == "next"
    assert await store.rooms.change("FFFFF", refuse) is None


async def test_rooms_are_deleted_by_hand_and_in_time(store: Store) -> None:
    await store.rooms.create(a_room())
    await seat(store, ADA)
    for number in range(120):
        await store.rooms.create(a_room(f"old {number}", lifetime=-DAY))
    assert await store.rooms.read("old 1") is None
    assert not await store.rooms.delete("old 1")
    assert await store.rooms.delete_expired() == 120
    assert await store.rooms.delete("CDFHJ")
    assert await store.rooms.read("CDFHJ") is None
    await store.delete_player("ada")  # nothing refers to the player any more


async def test_a_deleted_player_has_no_seat(store: Store) -> None:
    await store.rooms.create(a_room())
    version = (await seat(store, ADA, BOB)).version
    await store.delete_player("ada")
    stored = await store.rooms.read("CDFHJ")
    assert stored is not None
    assert stored.seats == [BOB]
    assert stored.version > version
    with pytest.raises(PlayerDeleted):
        await seat(store, ADA)


async def test_a_player_is_connected_to_one_server_that_is_alive(store: Store) -> None:
    await store.rooms.create(a_room())
    version = (await seat(store, ADA, BOB)).version
    for server in ("one", "two"):
        await store.running_games.renew_server(server, "here/1")

    async def list_connected() -> frozenset[int]:
        stored = await store.rooms.read("CDFHJ")
        assert stored is not None
        return stored.connected

    await store.rooms.connect("CDFHJ", 1, "one")
    await store.rooms.connect("CDFHJ", 2, "two")
    assert (await seat(store)).version == version + 2
    assert await list_connected() == {1, 2}
    await store.rooms.connect("CDFHJ", 1, "two")
    await store.rooms.disconnect("CDFHJ", 1, "one")  # the player was faster at another server
    assert await list_connected() == {1, 2}
    await store.rooms.disconnect("CDFHJ", 1, "two")
    assert await list_connected() == {2}
    await store.running_games.delete_server("two")
    assert await list_connected() == frozenset()
