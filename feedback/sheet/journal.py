"""What the store knows of a Sheet: which rounds are there, which were sent, and which are waiting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Final, NamedTuple

import msgspec

from feedback.database import Database
from feedback.database_rows import format_time, parse_round
from feedback.records import Round
from feedback.remembering import relabel_round
from feedback.sheet.deletion_journal import DeletionJournal
from feedback.sheet.leased_database import LeasedDatabase
from feedback.sheet.worksheet_records import WorksheetRecords
from feedback.sql import Connection, Row

_PAGE: Final = 500  # rounds read at a time
_PORTION: Final = 20_000  # rounds noted by one statement
_AS_WRITTEN: Final = (
    "SELECT rounds.*, sheet_rows.label AS written_label, sheet_rows.verdict AS written_verdict "
    "FROM sheet_rows JOIN rounds ON rounds.id = sheet_rows.round WHERE spreadsheet = ?"
)


class Tally(NamedTuple):
    """How far the mirror has come.

    Attributes:
        rounds: rounds in the store.
        mirrored: rounds known to be in the Sheet.
        last_error: what went wrong last; None if all is well again.
    """

    rounds: int
    mirrored: int
    last_error: str | None


class RoundLabel(NamedTuple):
    """A round's label as it was written into the Sheet and as it is in the store now, and who gave it."""

    written: str | None
    label: str | None
    label_by: str | None


class Journal:
    """The mirror's memory for one Sheet. What changes it needs the lease and raises LeaseLost without it.

    Attributes:
        database: the store, with the lease.
        worksheets: which worksheets are ours.
        deletions: what must go from the Sheet.
    """

    def __init__(self, database: Database, spreadsheet: str) -> None:
        self.database: Final = LeasedDatabase(database, spreadsheet)
        self.worksheets: Final = WorksheetRecords(self.database)
        self.deletions: Final = DeletionJournal(self.database)
        self._sheet: Final = spreadsheet

    async def tally(self) -> Tally:
        """Return how many rounds there are, and how many of them are in the Sheet.

        Both are counted with each change. The metrics ask often, and counting anew takes longer with each round.
        """

        def work(connection: Connection) -> Tally:
            (rounds,) = connection.execute(
                "SELECT coalesce(sum(value), 0) FROM counts WHERE substr(name, 1, 7) = 'rounds/'"
            ).fetchone()
            (mirrored,) = connection.execute(
                "SELECT coalesce(sum(value), 0) FROM counts WHERE name = ?", (f"mirrored/{self._sheet}",)
            ).fetchone()
            row = connection.execute("SELECT trouble FROM sheets WHERE spreadsheet = ?", (self._sheet,)).fetchone()
            return Tally(int(rounds), int(mirrored), row and row["trouble"])

        return await self.database.read(work)

    async def note_error(self, text: str | None) -> None:
        """Keep what went wrong, for ``status`` and the metrics; None when all is well again."""
        await self.database.write_without_lease(
            lambda c: c.execute(
                "INSERT INTO sheets (spreadsheet, trouble) VALUES (:sheet, :text) "
                "ON CONFLICT (spreadsheet) DO UPDATE SET trouble = excluded.trouble "
                "WHERE sheets.trouble IS DISTINCT FROM excluded.trouble",
                {"sheet": self._sheet, "text": text},
            )
        )

    async def is_new(self) -> bool:
        """Return whether this store has never sent anything to this Sheet."""
        return not await self.database.fetch("SELECT 1 FROM sheet_rows WHERE spreadsheet = ? LIMIT 1")

    async def find_next_rounds(self, limit: int, until: datetime | None = None) -> list[Round]:
        """Return the oldest rounds to send, as their rows must be written.

        Rounds that were sent and did not arrive come first. New ones come only if they ended before ``until``.
        """
        unsent = await self.database.fetch(
            _AS_WRITTEN + " AND state = 'unsent' ORDER BY sheet_rows.sequence LIMIT ?", limit
        )
        if unsent:
            return [_parse_written(row) for row in unsent]
        new = await self.database.fetch(
            "SELECT * FROM rounds "
            "WHERE sequence > (SELECT coalesce(max(sequence), 0) FROM sheet_rows WHERE spreadsheet = ?) "
            "AND sequence <= ? ORDER BY sequence LIMIT ?",
            await self.database.read_settled_sequence(),
            limit,
        )
        now, latest = format_time(datetime.now(UTC)), format_time(until) if until else None
        return [
            parse_round(row)
            # A time in the future comes from a wrong clock. It must not hold up the rounds after it.
            for row in takewhile(lambda row: latest is None or not latest < row["at"] <= now, new)
        ]

    async def mark_sending(self, rounds: Sequence[Round]) -> None:
        """Note that these rounds are about to be sent. From now on nobody knows whether they are in the Sheet."""
        now = format_time(datetime.now(UTC))
        values = [(self._sheet, round_.label, round_.verdict, now, round_.id) for round_ in rounds]
        await self.database.write(
            lambda c: c.executemany(
                "INSERT INTO sheet_rows (spreadsheet, sequence, round, state, label, verdict, sent_at, tries) "
                "SELECT ?, sequence, id, 'sent', ?, ?, ?, 1 FROM rounds WHERE id = ? "
                "ON CONFLICT (spreadsheet, sequence) DO UPDATE "
                "SET state = 'sent', sent_at = excluded.sent_at, tries = sheet_rows.tries + 1",
                values,
            )
        )

    async def mark_arrived(self, rounds: Sequence[Round]) -> None:
        """Note that these rounds are in the Sheet."""
        await self._set_state([round_.id for round_ in rounds], "kept")

    async def find_in_doubt(self) -> tuple[set[str], datetime | None]:
        """Return the rounds that may or may not be in the Sheet, and when the last of them was sent."""
        rows = await self.database.fetch(
            "SELECT round, sent_at FROM sheet_rows WHERE spreadsheet = ? AND state = 'sent'"
        )
        latest = max((row["sent_at"] for row in rows), default=None)
        return {row["round"] for row in rows}, latest and datetime.fromisoformat(latest)

    async def resolve_doubt(self, present: Iterable[str], absent: Iterable[str], late: float) -> None:
        """Note which of the doubtful rounds are in the Sheet. The absent ones are sent again.

        What was sent of the absent ones may still arrive within ``late`` seconds.
        """
        await self._set_state(present, "kept")
        lost = list(absent)
        if lost:
            await self.extend_doubt(late)
            await self._set_state(lost, "unsent")

    async def adopt_rounds(self, present: Iterable[str]) -> None:
        """Note rounds that are in the Sheet without the journal knowing, and that rounds before them must be sent.

        Without this, a store restored from a backup or with a new journal would send them a second time.
        """
        ids = list(present)
        # A round that appears later, with a sequence below that of one in the Sheet, would never be sent.
        last = await self._find_last_sequence(ids)
        while await self.database.read_settled_sequence() < last:
            pass  # it waits for a while by itself

        def work(connection: Connection) -> None:
            connection.executemany(
                "INSERT INTO sheet_rows (spreadsheet, sequence, round, state, label, verdict, tries) "
                "SELECT ?, sequence, id, 'kept', label, verdict, 1 FROM rounds WHERE id = ? "
                "ON CONFLICT (spreadsheet, sequence) DO NOTHING",
                [(self._sheet, round_id) for round_id in ids],
            )
            query = "SELECT coalesce(max(sequence), 0) FROM sheet_rows WHERE spreadsheet = ?"
            (end,) = connection.execute(query, (self._sheet,)).fetchone()
            # In portions: a server ends a statement that takes long.
            for first in range(0, end, _PORTION):
                connection.execute(
                    "INSERT INTO sheet_rows (spreadsheet, sequence, round, state, label, verdict, tries) "
                    "SELECT ?, sequence, id, 'unsent', label, verdict, 0 FROM rounds "
                    "WHERE sequence >= ? AND sequence < ? ON CONFLICT (spreadsheet, sequence) DO NOTHING",
                    (self._sheet, first, min(first + _PORTION, end)),
                )

        await self.database.write(work)

    async def _find_last_sequence(self, ids: Sequence[str]) -> int:
        def work(connection: Connection) -> int:
            last = 0
            for start in range(0, len(ids), _PAGE):
                page = ids[start : start + _PAGE]
                marks = ", ".join("?" for _ in page)
                query = f"SELECT coalesce(max(sequence), 0) FROM rounds WHERE id IN ({marks})"  # noqa: S608
                last = max(last, connection.execute(query, page).fetchone()[0])
            return last

        return await self.database.read(work)

    async def resend(self, labels: Iterable[tuple[str, str | None]]) -> None:
        """Have rounds sent again, given as pairs of a round and the label that its row must show."""
        values = [(label, self._sheet, round_id) for round_id, label in labels]
        await self.database.write(
            lambda c: c.executemany(
                "UPDATE sheet_rows SET state = 'unsent', label = ?, "
                "verdict = (SELECT verdict FROM rounds WHERE id = round) WHERE spreadsheet = ? AND round = ?",
                values,
            )
        )

    async def extend_doubt(self, seconds: float) -> None:
        """Note that something sent before may still arrive in the Sheet within ``seconds``."""
        await self.database.set_column(
            "doubtful_until", format_time(datetime.now(UTC) + timedelta(seconds=seconds))
        )

    async def get_doubt_end(self) -> datetime | None:
        """Return until when something may still arrive; None once a later look found everything in order."""
        return await self.database.get_time("doubtful_until")

    async def end_doubt(self) -> None:
        """Note that nothing can arrive any more."""
        await self.database.set_column("doubtful_until", None)

    async def find_resent(self) -> set[str]:
        """Return the rounds that were sent more than once."""
        rows = await self.database.fetch("SELECT round FROM sheet_rows WHERE spreadsheet = ? AND tries > 1")
        return {row["round"] for row in rows}

    async def read_states(self) -> dict[str, str]:
        """Return the state of every round that was ever sent."""
        rows = await self.database.fetch("SELECT round, state FROM sheet_rows WHERE spreadsheet = ?")
        return {row["round"]: row["state"] for row in rows}

    async def read_labels(self) -> dict[str, RoundLabel]:
        """Return the label of every round of the store."""
        rows = await self.database.fetch(
            "SELECT rounds.id, CASE WHEN round IS NULL THEN rounds.label ELSE sheet_rows.label END AS written, "
            "rounds.label, rounds.label_by FROM rounds "
            "LEFT JOIN sheet_rows ON spreadsheet = ? AND sheet_rows.sequence = rounds.sequence"
        )
        return {row["id"]: RoundLabel(*list(row)[1:]) for row in rows}

    async def read_written(self, ids: Iterable[str]) -> dict[str, Round]:
        """Return rounds as their rows were written, by id."""
        wanted = list(ids)
        rounds: dict[str, Round] = {}
        for start in range(0, len(wanted), _PAGE):
            page = wanted[start : start + _PAGE]
            marks = ", ".join("?" for _ in page)
            rows = await self.database.fetch(f"{_AS_WRITTEN} AND sheet_rows.round IN ({marks})", *page)
            rounds |= {row["id"]: _parse_written(row) for row in rows}
        return rounds

    async def correct_labels(self, labels: Iterable[tuple[str, str]]) -> None:
        """Store what curators say that rounds really were, given as pairs of a round and a label."""
        values = [{"label": label, "id": round_id} for round_id, label in labels]

        def work(connection: Connection) -> None:
            connection.executemany(
                "UPDATE rounds SET label = :label, label_by = 'curator', "
                "verdict = CASE WHEN predicted = :label THEN 'confirmed' ELSE 'corrected' END WHERE id = :id",
                values,
            )
            for value in values:
                relabel_round(connection, value["id"], value["label"])

        await self.database.write_without_lease(work)

    async def _set_state(self, ids: Iterable[str], state: str) -> None:
        values = [(state, self._sheet, round_id) for round_id in ids]
        await self.database.write(
            lambda c: c.executemany("UPDATE sheet_rows SET state = ? WHERE spreadsheet = ? AND round = ?", values)
        )


def _parse_written(row: Row) -> Round:
    return msgspec.structs.replace(parse_round(row), label=row["written_label"], verdict=row["written_verdict"])
