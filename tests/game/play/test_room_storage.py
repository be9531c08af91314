"""Rooms in a real store, with several people at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from feedback.store import Store, open_store
from game.play.room_snapshot import make_snapshot
from game.play.room_storage import RoomStorage
from game.rules.moves import Refused
from game.rules.room import Person
from tests.game.making import a_room

ADA = Person("ada")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await open_store(f"sqlite:///{tmp_path}/inkrush.db")
    yield opened
    await opened.close()


@pytest.fixture
def storage(store: Store) -> RoomStorage:
    return RoomStorage(store.rooms)


@pytest.fixture
async def duel(storage: RoomStorage) -> str:
    """Return the code of a duel that Ada has made."""
    room = a_room("ada", kind="duel", code="", duration_ms=0, seed="")
    return (await storage.create(room)).code


async def start(storage: RoomStorage, code: str) -> None:
    await storage.take_seat(code, "ada", "Ada", "game of ada")
    await storage.change(code, lambda room, now_ms: room.start(ADA, now_ms - 10_000))


async def test_nobody_loses_their_seat_to_another(storage: RoomStorage, duel: str) -> None:
    async def join(player: str) -> int:
        _, seat = await storage.take_seat(duel, player, player, f"game of {player}")
        assert seat is not None
        return seat.number

    players = [f"p{number}" for number in range(10)]
    seats = await asyncio.gather(*(join(player) for player in [*players, *players]))
    assert sorted(seats[:10]) == list(range(1, 11))
    assert seats[:10] == seats[10:]
    with pytest.raises(Refused, match="full"):
        await join("late")


async def test_the_first_who_wants_a_rematch_makes_it(storage: RoomStorage, duel: str) -> None:
    with pytest.raises(Refused) as refused:
        await storage.make_rematch(duel)
    assert refused.value.code == "not_over"
    await start(storage, duel)
    codes = {(await storage.make_rematch(duel)).room.next for _ in range(3)}
    assert len(codes) == 1
    following = await storage.read(codes.pop() or "")
    before = await storage.read(duel)
    assert following.room.is_host(ADA)
    assert following.room.seed != before.room.seed
    assert following.room.get_state(following.now_ms) == "waiting"
    assert before.expires_at_ms - following.expires_at_ms > 28 * 24 * 3_600_000


async def test_a_player_who_deletes_their_data_is_gone(store: Store, storage: RoomStorage, duel: str) -> None:
    await start(storage, duel)
    await store.delete_player("ada")
    now = await storage.read(duel)
    assert make_snapshot(now, {}, you=None, is_host=False).players == []
    changed = await storage.change(duel, lambda room, _: room.finish_seat(1))
    assert [seat.player for seat in changed.room.seats] == [""]


async def test_a_room_that_is_not_there_is_refused(storage: RoomStorage, duel: str) -> None:
    await storage.delete(duel)
    for code in (duel, "", "0OO0O", "\0"):
        for call in (storage.read, storage.make_rematch, storage.delete):
            with pytest.raises(Refused) as refused:
                await call(code)
            assert refused.value.code == "no_such_room"
