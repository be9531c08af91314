"""The Sheet is compared with the store and repaired after people have worked in it."""

from __future__ import annotations

import pytest

from feedback.sheet.columns import COLUMNS
from feedback.sheet.mirror import Mirror
from feedback.sheet.reconcile import Differences, compare_with_sheet, repair_sheet
from feedback.store import Store
from tests.feedback.making import a_round
from tests.feedback.sheet.command_line import run_command
from tests.feedback.sheet.conftest import QUICK
from tests.feedback.sheet.contents import read_cell, read_ids, read_stored_ids
from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator


@pytest.mark.both_engines
async def test_a_sheet_sorted_and_half_deleted_by_hand(
    store: Store, mirror: Mirror, sheets: SheetsEmulator
) -> None:
    await store.add_rounds(a_round() for _ in range(40))
    await mirror.sync()
    with sheets.by_hand(KEY, "Rounds") as hand:
        hand.type("B3", "Q")
        hand.type("B30", "seven")
        hand.type("H5", "nonsense")
        hand.copy_row(7, 20)
        hand.copy_row(8, 9)
        hand.type("B8", "x")
        hand.type("B9", "y")
        hand.insert_row(12, "somebody's row")
        hand.sort("A")
        hand.delete_rows(31, 40)
    labels = {row[0]: row[1] for row in sheets.rows(KEY, "Rounds")[1:] if len(row) > 1 and row[1]}
    before = set(read_ids(sheets))

    differences = await compare_with_sheet(await mirror.workbook(), mirror.journal)
    assert (len(differences.missing), len(differences.unknown), differences.duplicates) == (
        40 - len(before) + 1,
        1,
        1,
    )
    dry = await run_command(store, sheets, "reconcile", "--dry-run")
    assert dry.status == 0
    assert set(read_ids(sheets)) == before

    repaired = await run_command(store, sheets, "reconcile")
    assert repaired.status == 0, repaired.err
    assert f"{len(differences.missing)} rounds missing" in repaired.out
    assert "1 duplicate rows repaired" in repaired.out
    assert set(read_ids(sheets)) == before  # what people deleted stays so
    assert {row[0]: row[1] for row in sheets.rows(KEY, "Rounds")[1:] if len(row) > 1 and row[1]} == labels

    restored = await run_command(store, sheets, "reconcile", "--restore")
    assert restored.status == 0, restored.err
    assert sorted({*read_ids(sheets)} - {"somebody's row"}) == await read_stored_ids(store)
    again = await _repair(mirror)
    assert (again.missing, again.changed, again.duplicates) == ([], [], 0)


@pytest.mark.both_engines
async def test_changed_cells_are_repaired_but_never_a_label(
    store: Store, mirror: Mirror, sheets: SheetsEmulator
) -> None:
    await store.add_round(round_ := a_round())
    await mirror.sync()
    with sheets.by_hand(KEY, "Rounds") as hand:
        for column in range(1, len(COLUMNS)):
            hand.type(f"{chr(ord('A') + column)}2", "Q")
    differences = await _repair(mirror)
    assert len(differences.changed) == len(COLUMNS) - 2
    assert not differences.left
    assert read_cell(sheets, round_.id, "label") == "Q"
    assert read_cell(sheets, round_.id, "predicted") == "7"
    assert (await compare_with_sheet(await mirror.workbook(), mirror.journal)).changed == []


async def test_a_header_that_was_deleted_damaged_or_moved(
    store: Store, mirror: Mirror, sheets: SheetsEmulator
) -> None:
    await store.add_rounds(a_round() for _ in range(5))
    await mirror.sync()
    with sheets.by_hand(KEY, "Rounds") as hand:
        hand.delete_rows(1)
    assert (await _repair(mirror)).headers
    assert tuple(sheets.rows(KEY, "Rounds")[0]) == COLUMNS

    with sheets.by_hand(KEY, "Rounds") as hand:
        hand.type("B1", "Etikett")
    assert "label missing" in (await run_command(store, sheets, "reconcile", "--dry-run")).out
    assert "label missing" in (await run_command(store, sheets, "pull")).out
    assert (await _repair(mirror)).headers
    assert tuple(sheets.rows(KEY, "Rounds")[0]) == COLUMNS

    with sheets.by_hand(KEY, "Rounds") as hand:
        hand.copy_row(1, 4)
        hand.delete_rows(1)
    await _repair(mirror)
    assert tuple(sheets.rows(KEY, "Rounds")[0]) == COLUMNS
    assert sorted(read_ids(sheets)) == await read_stored_ids(store)
    await store.add_round(a_round())
    await mirror.sync()
    assert sorted(read_ids(sheets)) == await read_stored_ids(store)


async def _repair(mirror: Mirror) -> Differences:
    async with mirror.leased():
        return await repair_sheet(await mirror.workbook(), mirror.journal, QUICK)
