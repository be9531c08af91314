"""Corrected labels come back into the store, and each one that cannot be used is named."""

from __future__ import annotations

import pytest

from feedback.sheet.mirror import Mirror
from feedback.store import Store
from tests.feedback.making import a_round
from tests.feedback.sheet.command_line import run_command
from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator


@pytest.mark.both_engines
async def test_corrections_are_stored_and_override_the_player(
    store: Store, mirror: Mirror, sheets: SheetsEmulator
) -> None:
    digit, letter, agreed, untouched = rounds = [
        a_round(),
        a_round(label="1", verdict="corrected", label_by="player"),
        a_round(),
        a_round(label="1", verdict="corrected", label_by="player"),
    ]
    await store.add_rounds(rounds)
    await mirror.sync()
    with sheets.by_hand(KEY, "Rounds") as hand:
        hand.type(f"B{hand.row_of(digit.id)}", "3")  # which becomes a number
        hand.type(f"B{hand.row_of(letter.id)}", " q ")
        hand.type(f"B{hand.row_of(agreed.id)}", "7")
        hand.insert_column("B")
        hand.sort("A", is_descending=True)
    await store.give_feedback(untouched.id, "ada", "9")  # after it was mirrored
    assert "3 corrected labels would be taken over" in (await run_command(store, sheets, "pull", "--dry-run")).out

    pulled = await run_command(store, sheets, "pull")
    assert pulled.status == 0
    assert "4 rows read: 3 corrected labels taken over, 0 already known, 0 not usable" in pulled.out
    assert await _read_label(store, digit.id) == ("3", "corrected", "curator")
    assert await _read_label(store, letter.id) == ("q", "corrected", "curator")
    assert await _read_label(store, agreed.id) == ("7", "confirmed", "curator")
    assert await _read_label(store, untouched.id) == ("9", "corrected", "player")

    overridden = await store.give_feedback(digit.id, "ada", "8")
    assert (overridden.label, overridden.label_by) == ("3", "curator")
    assert await _read_label(store, digit.id) == ("3", "corrected", "curator")
    assert "0 corrected labels taken over, 3 already known" in (await run_command(store, sheets, "pull")).out

    with sheets.by_hand(KEY, "Rounds") as hand:
        hand.type(f"C{hand.row_of(digit.id)}", "5")
    await run_command(store, sheets, "pull")
    assert await _read_label(store, digit.id) == ("5", "corrected", "curator")


async def test_every_label_that_cannot_be_used_is_named(
    store: Store, mirror: Mirror, sheets: SheetsEmulator
) -> None:
    wrong, cleared, twice = rounds = [a_round(), a_round(label="1", verdict="corrected"), a_round()]
    await store.add_rounds(rounds)
    await mirror.sync()
    with sheets.by_hand(KEY, "Rounds") as hand:
        hand.type("B2", "seven")
        hand.type("B3", "")
        hand.copy_row(4, 5)
        hand.type("B4", "x")
        hand.type("B5", "y")
        hand.insert_row(6, "0190-nobody", "7")
        hand.insert_row(7, "", "7")
    pulled = await run_command(store, sheets, "pull")
    assert pulled.status == 0
    *lines, summary = pulled.out.splitlines()
    assert sorted(lines) == sorted(
        [
            f"Rounds row 2, round {wrong.id}, label 'seven': a label is one digit or letter: 0-9, A-Z or a-z.",
            f"Rounds row 3, round {cleared.id}, label '': the label was cleared; it stays '1'.",
            f"Rounds row 4, round {twice.id}, label 'x': another row of this round has a different label.",
            f"Rounds row 5, round {twice.id}, label 'y': another row of this round has a different label.",
            "Rounds row 6, round 0190-nobody, label '7': there is no such round.",
            "Rounds row 7, round (none), label '7': the row has no round_id.",
        ]
    )
    assert "6 rows read: 0 corrected labels taken over, 0 already known, 6 not usable" in summary
    assert await _read_label(store, wrong.id) == (None, None, None)
    assert await _read_label(store, cleared.id) == ("1", "corrected", None)


async def _read_label(store: Store, round_id: str) -> tuple[str | None, str | None, str | None]:
    round_ = await store.get_round(round_id)
    assert round_ is not None
    return round_.label, round_.verdict, round_.label_by
