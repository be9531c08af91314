"""A deletion that hits the wrong rows loses nothing, whatever its answer is."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from feedback.sheet.mirror import Mirror
from feedback.store import Store
from tests.feedback.making import a_round
from tests.feedback.sheet.contents import read_cell, read_ids, read_stored_ids, sync_until_sure
from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator
from tests.sheets.faults import Fault

pytestmark = pytest.mark.slow


@pytest.fixture
async def corrected(store: Store, mirror: Mirror, sheets: SheetsEmulator) -> str:
    """Write five of fifteen rounds twice, correct the label of another one, and return that round's id."""
    first = [a_round() for _ in range(10)]
    await store.add_rounds(first)
    await mirror.sync()
    await store.add_rounds(a_round() for _ in range(5))
    sheets.faults.late_requests = (100, 100)
    sheets.faults.next(Fault.LATE, "values.append")
    await mirror.sync()
    sheets.land()
    assert len(read_ids(sheets)) == 20
    with sheets.by_hand(KEY, "Rounds") as hand:
        hand.type(f"B{hand.row_of(first[0].id)}", "Q")
    return first[0].id


@pytest.mark.parametrize("fault", [Fault.CUT_SHORT, Fault.TIMEOUT_AFTER, Fault.SERVER_ERROR_AFTER, Fault.LATE])
async def test_rows_sorted_before_a_deletion_without_an_answer(
    store: Store,
    mirror: Mirror,
    new_mirror: Callable[[], Mirror],
    sheets: SheetsEmulator,
    corrected: str,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
) -> None:
    workbook = await mirror.workbook()
    delete = workbook.delete_rows

    def sort_then_delete(places: object) -> None:
        with sheets.by_hand(KEY, "Rounds") as hand:
            hand.sort("A", is_descending=True)
        sheets.faults.next(fault, "batchUpdate")
        monkeypatch.undo()
        try:
            delete(places)  # type: ignore[arg-type]
        finally:
            sheets.wait_until_given_up()
            sheets.land()
            landed.set()

    landed = threading.Event()
    monkeypatch.setattr(workbook, "delete_rows", sort_then_delete)
    task = asyncio.create_task(sync_until_sure(mirror))
    while sheets.faults.struck.total() < 2 and not task.done():
        await asyncio.sleep(0.01)
    task.cancel()  # as if the process had been killed
    assert await asyncio.to_thread(landed.wait, 30)
    await sync_until_sure(new_mirror())
    assert sorted(read_ids(sheets)) == await read_stored_ids(store)
    assert read_cell(sheets, corrected, "label") == "Q"


async def test_rows_that_people_deleted_before_stay_deleted(
    store: Store, mirror: Mirror, sheets: SheetsEmulator, corrected: str
) -> None:
    with sheets.by_hand(KEY, "Rounds") as hand:
        gone = hand.rows()[4][0]
        hand.delete_rows(5)
    sheets.faults.next(Fault.CUT_SHORT, "batchUpdate")
    await sync_until_sure(mirror)
    assert sorted(read_ids(sheets)) == sorted(set(await read_stored_ids(store)) - {gone})
    assert read_cell(sheets, corrected, "label") == "Q"
