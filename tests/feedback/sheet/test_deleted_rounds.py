"""Rounds that a player deletes leave the Sheet too, and nothing else does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from feedback.sheet.mirror import Mirror
from feedback.sheet.settings import SheetSettings
from feedback.store import Store
from tests.feedback.making import a_round
from tests.feedback.sheet.command_line import run_command
from tests.feedback.sheet.conftest import QUICK
from tests.feedback.sheet.contents import read_cell, read_ids, read_stored_ids
from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator
from tests.sheets.faults import Fault

pytestmark = pytest.mark.slow


async def test_rows_of_deleted_rounds_are_removed(store: Store, mirror: Mirror, sheets: SheetsEmulator) -> None:
    await store.add_rounds(a_round(player="ada" if number % 3 else "bob") for number in range(60))
    await mirror.sync()
    with sheets.by_hand(KEY, "Rounds") as hand:
        hand.sort("H")
        hand.type("B5", "4")
        hand.copy_row(6, 9)
        hand.insert_row(12, "somebody's row")
    labels = {row[0]: row[1] for row in sheets.rows(KEY, "Rounds")[1:] if len(row) > 1 and row[1]}
    await store.delete_player("ada")
    await mirror.sync()
    left = await read_stored_ids(store)
    assert len(left) == 20
    assert sorted(read_ids(sheets)) == sorted([*left, "somebody's row"])
    for round_id, label in labels.items():
        if round_id in left:
            assert read_cell(sheets, round_id, "label") == label
    await store.add_round(a_round(player="bob"))
    await mirror.sync()
    assert sorted(read_ids(sheets)) == sorted([*await read_stored_ids(store), "somebody's row"])


@pytest.mark.parametrize("fault", [Fault.TIMEOUT_AFTER, Fault.TIMEOUT_BEFORE, Fault.LATE, Fault.RESET_BEFORE])
async def test_a_deletion_that_fails_is_tried_again(
    store: Store, mirror: Mirror, sheets: SheetsEmulator, fault: Fault
) -> None:
    await store.add_rounds(a_round(player="ada" if number % 2 else "bob") for number in range(10))
    await mirror.sync()
    await store.delete_player("ada")
    sheets.faults.next(fault, "batchUpdate")
    await mirror.sync()
    sheets.land()
    await asyncio.sleep(QUICK.late)
    await mirror.sync()
    assert sheets.faults.struck[fault] == 1
    assert sorted(read_ids(sheets)) == await read_stored_ids(store)


async def test_a_row_that_arrives_after_its_round_was_deleted(
    store: Store, mirror: Mirror, settings: SheetSettings, sheets: SheetsEmulator
) -> None:
    await store.add_rounds(a_round() for _ in range(3))
    row = [(await read_stored_ids(store))[0]]
    patient = Mirror(store, settings, replace(QUICK, late=60))
    await patient.sync()
    await store.delete_player("ada")
    await patient.sync()
    assert read_ids(sheets) == []
    with sheets.by_hand(KEY, "Rounds") as hand:  # as a request does that was held up on the way
        hand.insert_row(2, *row)
    await asyncio.sleep(QUICK.late)
    await mirror.sync()
    assert read_ids(sheets) == []
    assert await mirror.journal.deletions.find_pending() == (set(), None)


async def test_a_round_deleted_while_it_is_being_sent(
    store: Store, mirror: Mirror, sheets: SheetsEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.add_rounds([*(a_round() for _ in range(5)), *(a_round(player="bob") for _ in range(5))])
    mark_sending = mirror.journal.mark_sending

    async def delete_first(rounds: object) -> None:
        await store.delete_player("ada")
        await mark_sending(rounds)  # type: ignore[arg-type]

    monkeypatch.setattr(mirror.journal, "mark_sending", delete_first)
    await mirror.sync()
    assert sorted(read_ids(sheets)) == await read_stored_ids(store)
    assert len(read_ids(sheets)) == 5


async def test_a_server_removes_them_by_itself(
    store: Store, new_mirror: Callable[[], Mirror], sheets: SheetsEmulator
) -> None:
    await store.add_rounds(a_round() for _ in range(5))
    mirror = new_mirror()
    await mirror.sync()
    assert len(read_ids(sheets)) == 5
    running = asyncio.create_task(mirror.run())
    await store.delete_player("ada")
    async with asyncio.timeout(120):
        while read_ids(sheets) or (await mirror.journal.deletions.find_pending())[0]:
            await asyncio.sleep(0.05)
    running.cancel()


async def test_reconcile_removes_rows_that_people_brought_back(
    store: Store, mirror: Mirror, sheets: SheetsEmulator
) -> None:
    await store.add_rounds([a_round(), a_round(player="bob")])
    await mirror.sync()
    (round_,) = [each async for each in store.read_rounds("ada")]
    await store.delete_player("ada")
    await mirror.sync()
    await asyncio.sleep(QUICK.late)
    await mirror.sync()
    with sheets.by_hand(KEY, "Rounds") as hand:
        hand.insert_row(3, round_.id)
    dry = await run_command(store, sheets, "reconcile", "--dry-run")
    assert "1 rows of rounds that their players deleted found: Rounds row 3" in dry.out
    assert round_.id in read_ids(sheets)
    repaired = await run_command(store, sheets, "reconcile")
    assert "1 rows of rounds that their players deleted repaired" in repaired.out
    assert read_ids(sheets) == await read_stored_ids(store)
