"""Uploaded pictures that are read again."""

from __future__ import annotations

import asyncio

import pytest

from feedback.errors import PlayerDeleted
from feedback.records import Round
from feedback.store import Store, open_store
from feedback.uploads import Upload
from tests.feedback.making import a_round

pytestmark = pytest.mark.both_engines


def make_rounds(count: int) -> list[Round]:
    return [a_round(source="upload") for _ in range(count)]


async def list_ids(store: Store) -> set[str]:
    return {round_.id async for round_ in store.read_rounds()}


async def test_a_later_reading_replaces_the_rounds_of_the_earlier_one_and_of_its_marks(store: Store) -> None:
    other, first, mark, second = make_rounds(2), make_rounds(3), make_rounds(1), make_rounds(2)
    await store.uploads.replace(Upload("ada", "other", 1), other)
    assert await store.uploads.replace(Upload("ada", "page", 1), first)
    assert await store.uploads.replace(Upload("ada", "page", 1, mark=5), mark)
    await store.give_feedback(first[0].id, "ada", "7")
    await store.delete_round(first[1].id, "ada")
    assert await store.uploads.replace(Upload("ada", "page", 2), second)
    assert await list_ids(store) == {round_.id for round_ in other + second}
    assert (await store.read_counts()).labeled == 0
    assert (await store.import_rounds(first + mark)).deleted == 4


async def test_of_two_readings_the_later_one_stays_whichever_is_stored_first(store: Store, url: str) -> None:
    elsewhere = await open_store(url)
    batches = [make_rounds(2) for _ in range(6)]
    await asyncio.gather(
        *(
            (store, elsewhere)[attempt % 2].uploads.replace(Upload("ada", "page", attempt + 1), batches[attempt])
            for attempt in (3, 5, 0, 4, 1, 2)
        )
    )
    await elsewhere.close()
    assert await list_ids(store) == {round_.id for round_ in batches[-1]}


async def test_what_is_outdated_is_not_stored(store: Store) -> None:
    current = make_rounds(1)
    assert not await store.uploads.replace(Upload("ada", "page", 1, mark=1), make_rounds(1))
    await store.uploads.replace(Upload("ada", "page", 2), current)
    for upload in (Upload("ada", "page", 1), Upload("ada", "page", 2), Upload("ada", "page", 1, mark=1)):
        assert not await store.uploads.replace(upload, make_rounds(1))
    assert await list_ids(store) == {current[0].id}


async def test_a_mark_that_is_sent_again_is_stored_once(store: Store) -> None:
    await store.uploads.replace(Upload("ada", "page", 1), [])
    first, again = make_rounds(1), make_rounds(1)
    for rounds in (first, again):
        await store.uploads.replace(Upload("ada", "page", 1, mark=3), rounds)
    assert await list_ids(store) == {again[0].id}


async def test_a_reading_that_was_stopped_leaves_nothing_before_or_after_it_is_stored(store: Store) -> None:
    await store.uploads.replace(Upload("ada", "page", 1), make_rounds(2))
    await store.uploads.drop(Upload("bob", "page", 2))
    assert len(await list_ids(store)) == 2
    await store.uploads.drop(Upload("ada", "page", 2))
    assert not await store.uploads.replace(Upload("ada", "page", 2), make_rounds(2))
    assert await list_ids(store) == set()


async def test_deleting_a_player_deletes_the_names_of_their_pictures(store: Store) -> None:
    await store.uploads.replace(Upload("ada", "page", 1), make_rounds(1))
    await store.delete_player("ada")
    rows = await store.database.read(lambda connection: connection.execute("SELECT 1 FROM uploads").fetchall())
    assert rows == []
    with pytest.raises(PlayerDeleted):
        await store.uploads.replace(Upload("ada", "page", 2), [])
