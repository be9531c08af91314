"""Rounds that are committed late are neither left out of the Sheet nor sent twice."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import Callable

import pytest

from feedback.ids import make_id
from feedback.sheet.mirror import Mirror
from feedback.sheet.settings import SheetSettings
from feedback.store import Store
from tests.feedback.making import a_round
from tests.feedback.postgresql.late_commit import open_transaction
from tests.feedback.sheet.conftest import QUICK
from tests.feedback.sheet.contents import read_ids
from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator

_WRITE = """
import asyncio, sys
from feedback.store import open_store
from tests.feedback.making import a_round

async def main():
    store = await open_store(sys.argv[1])
    for _ in range(15):
        await asyncio.gather(*(store.add_round(a_round(player=sys.argv[2])) for _ in range(10)))
    await store.close()

asyncio.run(main())
"""


@pytest.fixture
def new_mirror(store: Store) -> Callable[[str], Mirror]:
    return lambda host: Mirror(store, SheetSettings(spreadsheet=KEY, emulator=host), QUICK)


async def read_sequences(store: Store) -> list[int]:
    return await store.database.read(
        lambda connection: [row[0] for row in connection.execute("SELECT sequence FROM rounds ORDER BY sequence")]
    )


async def test_the_settled_sequence_stops_before_an_open_transaction(store: Store, url: str) -> None:
    await store.add_rounds(a_round() for _ in range(3))
    assert await store.database.read_settled_sequence() == 3
    with open_transaction(url, a_round(player="bob")):
        await store.add_rounds(a_round() for _ in range(3))
        assert await store.database.read_settled_sequence() == 3
    assert await store.database.read_settled_sequence() == 7
    assert await read_sequences(store) == [1, 2, 3, 4, 5, 6, 7]


async def test_a_transaction_that_is_undone_does_not_hold_it_up(store: Store, url: str) -> None:
    with pytest.raises(RuntimeError), open_transaction(url, a_round(player="bob")):
        await store.add_round(a_round())
        raise RuntimeError
    assert await store.database.read_settled_sequence() == 2


async def test_a_round_that_is_committed_late_reaches_the_sheet(
    store: Store, url: str, new_mirror: Callable[[str], Mirror]
) -> None:
    with SheetsEmulator(quota_per_minute=None) as sheets:
        sheets.create(KEY)
        first, late, others = a_round(), a_round(player="bob"), [a_round() for _ in range(3)]
        await store.add_round(first)
        mirror = new_mirror(sheets.host)
        await mirror.sync()
        with open_transaction(url, late):
            await store.add_rounds(others)
            await mirror.sync()
            assert read_ids(sheets) == [first.id]
        await mirror.sync()
        assert read_ids(sheets) == [round_.id for round_ in (first, late, *others)]


async def test_a_new_journal_waits_for_rounds_that_are_committed_late(
    store: Store, url: str, new_mirror: Callable[[str], Mirror]
) -> None:
    """It starts after the last round that is in the Sheet already."""
    with SheetsEmulator(quota_per_minute=None) as sheets:
        sheets.create(KEY)
        late, there = a_round(player="bob"), a_round()
        mirror = new_mirror(sheets.host)
        with open_transaction(url, late):
            await store.add_round(there)
            assert await mirror.journal.database.take_lease(60)
            adopting = asyncio.ensure_future(mirror.journal.adopt_rounds([there.id]))
            done, _ = await asyncio.wait([adopting], timeout=0.2)
            assert not done
        await adopting
        assert await mirror.journal.read_states() == {late.id: "unsent", there.id: "kept"}


async def test_what_two_processes_write_is_mirrored_once(
    store: Store, url: str, new_mirror: Callable[[str], Mirror]
) -> None:
    with SheetsEmulator(quota_per_minute=None) as sheets:
        sheets.create(KEY)
        running = asyncio.create_task(new_mirror(sheets.host).run())
        writers = [subprocess.Popen([sys.executable, "-c", _WRITE, url, make_id()]) for _ in range(2)]
        assert [await asyncio.to_thread(writer.wait, 120) for writer in writers] == [0, 0]
        stored = {round_.id async for round_ in store.read_rounds()}
        assert len(stored) == 300
        async with asyncio.timeout(60):
            while "Rounds" not in sheets.titles(KEY) or len(read_ids(sheets)) < len(stored):
                await asyncio.sleep(0.05)
        running.cancel()
        assert Counter(read_ids(sheets)) == Counter(stored)
