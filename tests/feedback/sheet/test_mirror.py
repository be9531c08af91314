"""Every round reaches the Sheet exactly once, whatever fails in between."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from feedback.records import Round
from feedback.sheet.columns import COLUMNS, WIDTH, Cell, make_cells
from feedback.sheet.errors import SheetError, SheetFull
from feedback.sheet.mirror import Mirror
from feedback.sheet.settings import SheetSettings
from feedback.store import Store
from tests.feedback.address import get_url
from tests.feedback.making import a_round
from tests.feedback.sheet.command_line import run_command
from tests.feedback.sheet.conftest import QUICK
from tests.feedback.sheet.contents import read_cell, read_ids, read_stored_ids, sync_until_sure
from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator
from tests.sheets.faults import Fault

pytestmark = pytest.mark.slow


async def test_rounds_get_a_header_and_no_empty_columns(
    store: Store, mirror: Mirror, sheets: SheetsEmulator
) -> None:
    labeled = a_round(label="7", verdict="confirmed", target="7", mode="sprint", flag="=IMPORTXML(1)")
    await store.add_rounds([labeled, *(a_round() for _ in range(30))])
    assert not await mirror.sync()
    header, *rows = sheets.rows(KEY, "Rounds")
    assert tuple(header) == COLUMNS
    assert sorted(row[0] for row in rows) == await read_stored_ids(store)
    assert sheets.size(KEY, "Rounds")[1] == WIDTH
    shown = dict(zip(COLUMNS, rows[0], strict=False))
    assert (shown["round_id"], shown["label"], shown["confidence"]) == (labeled.id, "7", "0.93")
    assert shown["top5"] == '[["7",0.93],["1",0.04]]'
    assert shown["drawing"] == "[[[1,2],[3,4],[0,16]]]"
    assert shown["image"].startswith("data:image/png;base64,")
    assert shown["flag"] == "=IMPORTXML(1)"
    tally = await mirror.tally()
    assert (tally.rounds, tally.mirrored) == (31, 31)


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("method", ["values.append", "batchUpdate"])
async def test_no_fault_causes_a_missing_or_a_second_row(
    store: Store, mirror: Mirror, sheets: SheetsEmulator, fault: Fault, method: str
) -> None:
    await store.add_rounds(a_round() for _ in range(3))
    for _ in range(2):  # of appending: the header, then the rounds
        sheets.faults.next(fault, method)
    await mirror.sync()
    sheets.land()
    await sync_until_sure(mirror)
    assert sheets.faults.struck[fault] >= 1
    assert sorted(read_ids(sheets)) == await read_stored_ids(store)


@pytest.mark.parametrize("seed", range(2))
async def test_many_faults_in_a_row(store: Store, mirror: Mirror, sheets: SheetsEmulator, seed: int) -> None:
    sheets.faults.late_requests = (1, 4)
    faults = 2 * list(Fault)
    Random(seed).shuffle(faults)  # noqa: S311
    for fault in faults:
        sheets.faults.next(fault, "values.append")
    await store.add_rounds(a_round() for _ in range(160))
    while sheets.faults.struck.total() < len(faults):
        await store.add_round(a_round())
        await sync_until_sure(mirror)
    assert sorted(read_ids(sheets)) == await read_stored_ids(store)


@pytest.mark.both_engines
async def test_kill_9_at_any_moment(store: Store, sheets: SheetsEmulator) -> None:
    await store.add_rounds(a_round() for _ in range(300))
    rng = Random(7)  # noqa: S311
    sheets.faults.shares = {Fault.TIMEOUT_AFTER: 0.1, Fault.RESET_AFTER: 0.1, Fault.LATE: 0.1}
    for _ in range(5):
        before = len(read_ids(sheets)) if "Rounds" in sheets.titles(KEY) else 0
        with subprocess.Popen([sys.executable, "-c", _SYNC, get_url(store), sheets.host]) as process:
            while process.poll() is None and (
                "Rounds" not in sheets.titles(KEY) or len(read_ids(sheets)) < before + rng.randint(1, 60)
            ):
                await asyncio.sleep(0.005)
            process.send_signal(signal.SIGKILL)
    sheets.faults.shares = {}
    sheets.land()
    mirror = Mirror(store, SheetSettings(spreadsheet=KEY, emulator=sheets.host), QUICK)
    await sync_until_sure(mirror)
    assert sorted(read_ids(sheets)) == await read_stored_ids(store)


_SYNC = """
import asyncio, sys
from feedback.sheet.mirror import Mirror
from feedback.sheet.settings import SheetSettings
from feedback.store import open_store
from tests.feedback.sheet.command_line import run_command
from tests.feedback.sheet.conftest import QUICK
from tests.sheets.client import KEY

async def main():
    store = await open_store(sys.argv[1])
    await Mirror(store, SheetSettings(spreadsheet=KEY, emulator=sys.argv[2]), QUICK).sync()

asyncio.run(main())
"""


async def test_a_row_that_arrived_twice_is_deleted_unless_somebody_corrected_it(
    store: Store, mirror: Mirror, sheets: SheetsEmulator
) -> None:
    with sheets.by_hand(KEY, "Sheet1") as hand:
        hand.rename("Rounds")  # an empty worksheet, to which the header is appended
    sheets.faults.late_requests = (100, 100)
    sheets.faults.next(Fault.LATE, "values.append")  # the header
    first, second, third = [a_round() for _ in range(3)]
    await store.add_round(first)
    assert await mirror.sync()
    await store.add_rounds([second, third])
    sheets.faults.next(Fault.LATE, "values.append")
    assert await mirror.sync()
    sheets.land()
    assert sorted(read_ids(sheets)) == sorted(["round_id", first.id, *(2 * [second.id, third.id])])
    with sheets.by_hand(KEY, "Rounds") as hand:
        hand.type(f"B{hand.row_of(second.id)}", "Q")
        hand.sort("A", is_descending=True)
    await sync_until_sure(mirror)
    assert sorted(read_ids(sheets)) == await read_stored_ids(store)
    assert [read_cell(sheets, round_.id, "label") for round_ in (first, second, third)] == ["", "Q", ""]


async def test_a_row_deleted_by_mistake_is_written_again(
    store: Store, mirror: Mirror, sheets: SheetsEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = [a_round() for _ in range(8)]
    await store.add_rounds(rounds)
    sheets.faults.late_requests = (100, 100)
    await mirror.sync()
    await store.add_round(more := a_round())
    sheets.faults.next(Fault.LATE, "values.append")
    await mirror.sync()
    sheets.land()
    assert read_ids(sheets).count(more.id) == 2
    corrected = rounds[0]
    with sheets.by_hand(KEY, "Rounds") as hand:
        hand.type(f"B{hand.row_of(corrected.id)}", "Q")
    workbook = await mirror.workbook()
    delete = workbook.delete_rows

    def sort_then_delete(places: object) -> None:
        with sheets.by_hand(KEY, "Rounds") as hand:
            hand.sort("A", is_descending=True)
        monkeypatch.undo()
        delete(places)  # type: ignore[arg-type]

    monkeypatch.setattr(workbook, "delete_rows", sort_then_delete)
    await sync_until_sure(mirror)
    assert sorted(read_ids(sheets)) == sorted([*(round_.id for round_ in rounds), more.id])
    assert read_cell(sheets, corrected.id, "label") == "Q"


async def test_people_sort_delete_and_correct_while_it_writes(
    store: Store, mirror: Mirror, sheets: SheetsEmulator
) -> None:
    await store.add_rounds(a_round() for _ in range(60))
    await mirror.sync()
    ids = read_ids(sheets)
    gone, corrected = ids[:10], ids[30:40]
    with sheets.by_hand(KEY, "Rounds") as hand:
        for round_id in gone:
            row = hand.row_of(round_id)
            assert row is not None
            hand.delete_rows(row)
        for round_id in corrected:
            hand.type(f"B{hand.row_of(round_id)}", "Q")
        hand.sort("A", is_descending=True)
    await store.add_rounds(a_round() for _ in range(40))
    sheets.faults.next(Fault.TIMEOUT_AFTER, "values.append")
    await sync_until_sure(mirror)
    assert sorted(read_ids(sheets)) == sorted(set(await read_stored_ids(store)) - set(gone))
    assert {read_cell(sheets, round_id, "label") for round_id in corrected} == {"Q"}


async def test_a_column_that_people_insert_stays_theirs(
    store: Store, mirror: Mirror, sheets: SheetsEmulator
) -> None:
    await store.add_round(a_round())
    await mirror.sync()
    with sheets.by_hand(KEY, "Rounds") as hand:
        hand.insert_column("C")
        hand.type("C1", "remarks")
        hand.type("C2", "crooked")
    await store.add_round(added := a_round())
    await mirror.sync()
    first, second = sheets.rows(KEY, "Rounds")[1:]
    assert (first[2], second[2], second[0]) == ("crooked", "", added.id)
    assert second[3].startswith("2026-11-23")


@pytest.mark.both_engines
async def test_one_process_writes_at_a_time_and_the_next_takes_over(
    store: Store, new_mirror: Callable[[], Mirror], sheets: SheetsEmulator
) -> None:
    await store.add_rounds(a_round() for _ in range(100))
    mirrors = [new_mirror() for _ in range(3)]
    await asyncio.gather(*(mirror.sync() for mirror in mirrors))
    assert sorted(read_ids(sheets)) == await read_stored_ids(store)
    assert sheets.requests["values.append"] == 5

    await store.add_round(a_round())
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    await mirrors[0].journal.database.take_lease(600)
    pids = (f" {os.getpid()} ", f" {int(dead.stdout)} ")
    await store.database.write(lambda c: c.execute("UPDATE sheets SET holder = replace(holder, ?, ?)", pids))
    async with asyncio.timeout(120):
        await mirrors[1].sync()
    assert sorted(read_ids(sheets)) == await read_stored_ids(store)


async def test_a_full_worksheet_is_followed_by_another(
    store: Store, mirror: Mirror, sheets: SheetsEmulator
) -> None:
    with sheets.by_hand(KEY, "Sheet1") as hand:
        hand.rename("Rounds")
    await store.add_rounds(a_round() for _ in range(30))
    await mirror.sync()
    sheets.limit(KEY, rows=sheets.size(KEY, "Rounds")[0])
    await store.add_rounds(a_round() for _ in range(30))
    await sync_until_sure(mirror)
    assert sheets.titles(KEY)[-1] == "Rounds 2"
    assert tuple(sheets.rows(KEY, "Rounds 2")[0]) == COLUMNS
    assert sorted(read_ids(sheets)) == await read_stored_ids(store)


async def test_rounds_wait_while_the_sheet_is_full(store: Store, mirror: Mirror, sheets: SheetsEmulator) -> None:
    await store.add_rounds(a_round() for _ in range(3))
    sheets.limit(KEY, cells=26_100)
    with pytest.raises(SheetFull, match="no room left"):
        await mirror.sync()
    sheets.limit(KEY, cells=10_000_000)
    await mirror.sync()
    assert sorted(read_ids(sheets)) == await read_stored_ids(store)


async def test_an_empty_worksheet_called_rounds_is_used(
    store: Store, mirror: Mirror, sheets: SheetsEmulator
) -> None:
    with sheets.by_hand(KEY, "Sheet1") as hand:
        hand.rename("Rounds")
    await store.add_round(a_round())
    await mirror.sync()
    assert read_ids(sheets) == await read_stored_ids(store)
    assert sheets.size(KEY, "Rounds")[1] == WIDTH


@pytest.mark.both_engines
async def test_a_restored_store_writes_nothing_twice(
    store: Store, mirror: Mirror, new_mirror: Callable[[], Mirror], sheets: SheetsEmulator
) -> None:
    await store.add_rounds(a_round() for _ in range(10))
    await mirror.sync()
    await store.database.write(lambda c: c.execute("DELETE FROM sheet_rows"))
    with sheets.by_hand(KEY, "Rounds") as hand:
        hand.delete_rows(5)
    await store.add_round(a_round())
    await new_mirror().sync()
    assert sorted(read_ids(sheets)) == await read_stored_ids(store)


async def test_the_quota_is_kept(store: Store) -> None:
    with SheetsEmulator(quota_per_minute=60, minute=1) as sheets:
        sheets.create(KEY)
        at_that_pace = replace(QUICK, batch=5, per_minute=55 * 60)
        mirror = Mirror(store, SheetSettings(spreadsheet=KEY, emulator=sheets.host), at_that_pace)
        await store.add_rounds(a_round() for _ in range(5 * 70))
        await mirror.sync()
        assert sorted(read_ids(sheets)) == await read_stored_ids(store)
        assert sheets.requests["values.append"] == 70
        assert (sheets.reads.refused, sheets.writes.refused) == (0, 0)


async def test_an_unexpected_error_is_logged_and_does_not_end_the_mirror(
    store: Store,
    mirror: Mirror,
    sheets: SheetsEmulator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    is_broken = True

    def fail_at_first(round_: Round) -> list[Cell]:
        if is_broken:
            raise ZeroDivisionError("nobody foresaw this")
        return make_cells(round_)

    monkeypatch.setattr("feedback.sheet.columns.make_cells", fail_at_first)
    await store.add_rounds(a_round() for _ in range(3))
    running = asyncio.create_task(mirror.run())
    async with asyncio.timeout(120):
        while (await mirror.tally()).last_error is None:
            await asyncio.sleep(0.01)
        status = await run_command(store, sheets, "status")
        assert status.status == 1
        assert "attempt to write to it failed: Unexpected ZeroDivisionError at test_mirror.py:" in status.out
        assert "nobody foresaw this" not in status.out
        assert "Traceback" in caplog.text
        assert "ZeroDivisionError: nobody foresaw this" in caplog.text
        is_broken = False
        while (await mirror.tally()).mirrored < 3 or (await mirror.tally()).last_error:
            await asyncio.sleep(0.01)
    running.cancel()
    assert sorted(read_ids(sheets)) == await read_stored_ids(store)


async def test_a_sheet_we_may_not_write_to_is_reported_at_once(
    store: Store, mirror: Mirror, sheets: SheetsEmulator
) -> None:
    await store.add_round(a_round())
    sheets.share(KEY, "reader")
    with pytest.raises(SheetError, match="as Editor"):
        await mirror.sync()
    assert (await mirror.tally()).last_error
    sheets.share(KEY, "writer")
    await mirror.sync()
    tally = await mirror.tally()
    assert (tally.mirrored, tally.last_error) == (1, None)
