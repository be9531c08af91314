"""Our worksheets stay ours whatever people do to tabs, and tabs of people stay theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from feedback.sheet.columns import COLUMNS
from feedback.sheet.errors import SheetError
from feedback.sheet.mirror import Mirror
from feedback.store import Store
from tests.feedback.making import a_round
from tests.feedback.sheet.command_line import run_command
from tests.feedback.sheet.contents import count_headers, read_ids, read_stored_ids, sync_until_sure
from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator
from tests.sheets.faults import Fault

pytestmark = pytest.mark.slow

NewMirror = Callable[[], Mirror]


@pytest.mark.parametrize("title", ["2026 handwriting", "Ada's & Bob's", "Rounds!A1", "rounds", "Sheet 'X'"])
async def test_a_renamed_worksheet_is_still_ours(
    store: Store, new_mirror: NewMirror, sheets: SheetsEmulator, title: str
) -> None:
    bobs, corrected, third = rounds = [a_round(player="bob"), a_round(), a_round()]
    await store.add_rounds(rounds)
    await new_mirror().sync()
    with sheets.by_hand(KEY, "Rounds") as hand:
        hand.type(f"B{hand.row_of(corrected.id)}", "4")
        hand.rename(title)

    pulled = await run_command(store, sheets, "pull")
    assert "3 rows read: 1 corrected labels taken over" in pulled.out
    round_ = await store.get_round(corrected.id)
    assert round_ is not None
    assert (round_.label, round_.label_by) == ("4", "curator")

    await store.delete_player("bob")
    await store.add_round(added := a_round())
    await sync_until_sure(new_mirror())
    assert read_ids(sheets, title) == [corrected.id, third.id, added.id]
    assert bobs.id not in read_ids(sheets, title)
    assert sheets.titles(KEY) == ["Sheet1", title]

    with sheets.by_hand(KEY, title) as hand:
        hand.delete_rows(3)
    restored = await run_command(store, sheets, "reconcile", "--restore")
    assert restored.status == 0, restored.err
    assert "1 rows written again" in restored.out
    assert sorted(read_ids(sheets, title)) == await read_stored_ids(store)

    status = await run_command(store, sheets, "status")
    assert status.status == 0
    assert f"Our worksheets: {title}\n" in status.out
    assert f"Our worksheet 'Rounds' was renamed to {title!r}." in status.out


async def test_a_renamed_worksheet_that_is_full_is_followed_by_another(
    store: Store, mirror: Mirror, sheets: SheetsEmulator
) -> None:
    with sheets.by_hand(KEY, "Sheet1") as hand:
        hand.rename("rounds 2")  # Google compares titles without their case
    await store.add_rounds(a_round() for _ in range(30))
    await mirror.sync()
    with sheets.by_hand(KEY, "Rounds") as hand:
        hand.rename("Autumn")
    sheets.limit(KEY, rows=1000)
    await store.add_rounds(a_round() for _ in range(600))
    await sync_until_sure(mirror)
    assert sheets.titles(KEY) == ["rounds 2", "Autumn", "Rounds 3"]
    assert sheets.rows(KEY, "rounds 2") == []
    assert sorted(read_ids(sheets, "Autumn", "Rounds 3")) == await read_stored_ids(store)


async def test_a_copied_worksheet_is_not_ours(store: Store, mirror: Mirror, sheets: SheetsEmulator) -> None:
    await store.add_rounds([a_round(player="bob"), a_round()])
    await mirror.sync()
    copy = sheets.duplicate_worksheet(KEY, "Rounds")
    with sheets.by_hand(KEY, copy) as hand:
        hand.type("B2", "4")
    assert (await run_command(store, sheets, "reconcile")).out.startswith("2 rows compared\n")
    pulled = await run_command(store, sheets, "pull")
    assert "2 rows read: 0 corrected labels" in pulled.out
    for finished in (pulled, await run_command(store, sheets, "status")):
        assert f"The worksheet '{copy}' has our columns but is not ours; perhaps it is a copy" in finished.out
    await store.delete_player("bob")
    await store.add_round(a_round())
    await sync_until_sure(mirror)
    assert len(sheets.rows(KEY, copy)) == 3
    assert sorted(read_ids(sheets, "Rounds")) == await read_stored_ids(store)

    # Not even when it takes the place of the original.
    sheets.delete_worksheet(KEY, "Rounds")
    with sheets.by_hand(KEY, copy) as hand:
        hand.rename("Rounds")
    await store.add_round(added := a_round())
    await sync_until_sure(mirror)
    assert len(sheets.rows(KEY, "Rounds")) == 3
    assert read_ids(sheets, "Rounds 2") == [added.id]


async def test_rounds_of_a_deleted_worksheet_count_as_deleted_by_people(
    store: Store, mirror: Mirror, sheets: SheetsEmulator
) -> None:
    await store.add_rounds(a_round() for _ in range(5))
    await mirror.sync()
    before = await read_stored_ids(store)
    sheets.delete_worksheet(KEY, "Rounds")
    pulled = await run_command(store, sheets, "pull")
    assert "Our worksheet 'Rounds' was deleted." in pulled.out
    await store.add_round(added := a_round())
    await sync_until_sure(mirror)
    assert sheets.titles(KEY) == ["Sheet1", "Rounds 2"]
    assert tuple(sheets.rows(KEY, "Rounds 2")[0]) == COLUMNS
    assert read_ids(sheets) == [added.id]
    dry = await run_command(store, sheets, "reconcile", "--dry-run")
    assert "5 rounds missing, deleted by people" in dry.out
    restored = await run_command(store, sheets, "reconcile", "--restore")
    assert "5 rows written again" in restored.out
    assert sorted(read_ids(sheets)) == sorted([*before, added.id])
    assert "Our worksheet 'Rounds' was deleted." in (await run_command(store, sheets, "status")).out


async def test_worksheets_of_people_are_left_alone(store: Store, mirror: Mirror, sheets: SheetsEmulator) -> None:
    with sheets.by_hand(KEY, "Sheet1") as hand:
        hand.rename("Rounds")
        hand.type("A1", "Shopping")
        hand.type("A2", "Ink")
    await store.add_rounds(a_round() for _ in range(3))
    await sync_until_sure(mirror)
    assert sheets.rows(KEY, "Rounds") == [["Shopping"], ["Ink"]]
    assert sheets.titles(KEY) == ["Rounds", "Rounds 2"]
    assert sorted(read_ids(sheets, "Rounds 2")) == await read_stored_ids(store)
    assert "3 rows compared" in (await run_command(store, sheets, "reconcile")).out


@pytest.mark.parametrize("damage", ["nothing", "header renamed", "header deleted"])
async def test_worksheets_of_an_earlier_version_are_adopted_once(
    store: Store, new_mirror: NewMirror, sheets: SheetsEmulator, damage: str
) -> None:
    await store.add_rounds(a_round() for _ in range(5))
    await new_mirror().sync()
    copy = sheets.duplicate_worksheet(KEY, "Rounds")
    # As in a store that was just brought up to date.
    await store.database.write(lambda c: c.execute("DELETE FROM sheet_worksheets"))
    with sheets.by_hand(KEY, "Rounds") as hand:
        if damage == "header renamed":
            hand.type("B1", "what it is")
        if damage == "header deleted":
            hand.delete_rows(1)
    assert "Our worksheets: Rounds\n" in (await run_command(store, sheets, "status")).out
    reconciled = await run_command(store, sheets, "reconcile")
    assert reconciled.status == 0, reconciled.err
    with sheets.by_hand(KEY, "Rounds") as hand:
        hand.rename("Summer")
    await store.add_round(a_round())
    await sync_until_sure(new_mirror())
    assert sheets.titles(KEY) == ["Sheet1", "Summer", copy]
    assert tuple(sheets.rows(KEY, "Summer")[0]) == COLUMNS
    assert sorted(read_ids(sheets, "Summer")) == await read_stored_ids(store)


@pytest.mark.parametrize("fault", Fault)
async def test_adding_a_worksheet_that_fails_adds_no_second_one(
    store: Store, new_mirror: NewMirror, sheets: SheetsEmulator, fault: Fault
) -> None:
    await store.add_rounds(a_round() for _ in range(3))
    sheets.faults.late_requests = (3, 3)
    sheets.faults.next(fault, "batchUpdate")
    sheets.faults.next(fault, "batchUpdate")
    await sync_until_sure(new_mirror())
    sheets.land()
    await store.add_round(a_round())
    await sync_until_sure(new_mirror())
    assert sheets.titles(KEY) == ["Sheet1", "Rounds"]
    assert count_headers(sheets) == 1
    assert sorted(read_ids(sheets)) == await read_stored_ids(store)


async def test_a_worksheet_that_could_not_be_added_does_not_count_as_deleted(
    store: Store, mirror: Mirror, sheets: SheetsEmulator
) -> None:
    await store.add_round(a_round())
    sheets.share(KEY, "reader")
    with pytest.raises(SheetError, match="as Editor"):
        await mirror.sync()
    assert "was deleted" not in (await run_command(store, sheets, "status")).out


async def test_two_servers_begin_one_worksheet(
    store: Store, new_mirror: NewMirror, sheets: SheetsEmulator
) -> None:
    await store.add_rounds(a_round() for _ in range(50))
    first, second = new_mirror(), new_mirror()
    await asyncio.gather(first.sync(), second.sync())
    with sheets.by_hand(KEY, "Rounds") as hand:
        hand.rename("Winter")
    await store.add_rounds(a_round() for _ in range(50))
    await second.sync()
    await store.add_rounds(a_round() for _ in range(50))
    await first.sync()
    assert sheets.titles(KEY) == ["Sheet1", "Winter"]
    assert sorted(read_ids(sheets, "Winter")) == await read_stored_ids(store)


async def test_a_worksheet_renamed_or_deleted_between_two_requests(
    store: Store, mirror: Mirror, sheets: SheetsEmulator
) -> None:
    await store.add_rounds(a_round() for _ in range(5))
    await mirror.sync()
    title = "Rounds"

    def rename() -> None:
        nonlocal title
        new_title = f"Title {sheets.requests.total()}"
        with sheets.by_hand(KEY, title) as hand:
            hand.rename(new_title)
        title = new_title

    for request in range(4):  # every request of a step gets its turn
        remaining = request

        def rename_at_that_request() -> None:
            nonlocal remaining
            if remaining == 0:
                rename()
            remaining -= 1

        sheets.before_request = rename_at_that_request
        await store.add_rounds(a_round() for _ in range(5))
        await sync_until_sure(mirror)
    remaining = 1
    assert "25 rows read" in (await run_command(store, sheets, "pull")).out
    assert sheets.titles(KEY) == ["Sheet1", title]
    assert sorted(read_ids(sheets, title)) == await read_stored_ids(store)
