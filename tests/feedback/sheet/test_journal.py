"""The journal's tally, which is counted with each change, is what counting anew gives."""

from __future__ import annotations

from random import Random

import pytest

from feedback.sheet.journal import Journal
from feedback.store import Store
from tests.feedback.making import a_round

SHEETS = ("first", "second")


async def count_anew(store: Store, spreadsheet: str) -> tuple[int, int]:
    """Return the number of rounds, and of those known to be in the Sheet."""
    rounds = "SELECT count(*) FROM rounds"
    mirrored = "SELECT count(*) FROM sheet_rows WHERE spreadsheet = ? AND state = 'kept'"
    return (
        await store.database.read(lambda c: int(c.execute(rounds).fetchone()[0])),
        await store.database.read(lambda c: int(c.execute(mirrored, (spreadsheet,)).fetchone()[0])),
    )


@pytest.mark.parametrize("seed", range(3))
async def test_the_tally_after_any_changes(store: Store, seed: int) -> None:
    rng = Random(seed)  # noqa: S311
    journals = [Journal(store.database, spreadsheet) for spreadsheet in SHEETS]

    async def require_right_tallies() -> None:
        for journal, spreadsheet in zip(journals, SHEETS, strict=True):
            tally = await journal.tally()
            assert (tally.rounds, tally.mirrored) == await count_anew(store, spreadsheet)

    await require_right_tallies()
    rounds = [a_round(player=rng.choice(("ada", "bob")), source=rng.choice(("draw", "upload"))) for _ in range(40)]
    await store.add_rounds(rounds)
    for journal in journals:
        await journal.database.take_lease(60)
        sent, adopted = rng.sample(rounds, 20), rng.sample(rounds, 5)
        await journal.mark_sending(sent)
        await require_right_tallies()
        await journal.mark_arrived(sent[:15])
        await require_right_tallies()
        await journal.adopt_rounds(round_.id for round_ in adopted)
        await require_right_tallies()
        await journal.resend((round_.id, "7") for round_ in sent[:3])
        await journal.mark_sending(sent[:2])
        await journal.deletions.begin_row_deletion([round_.id for round_ in sent[5:]], 60)
        await require_right_tallies()
    assert (await journals[0].tally()).mirrored > 0

    await store.delete_player("bob")
    await require_right_tallies()
