"""What the store knows of the Sheet: which rounds are there, which were sent, which wait."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Final, NamedTuple, TypeVar

import msgspec

from feedback.database import Database, Work
from feedback.records import Round
from feedback.rows import format_time, parse_round
from feedback.sheet import lease
from feedback.sheet.errors import LeaseLost

T = TypeVar("T")

_MANY: Final = 500  # rounds read at a time
_AS_WRITTEN: Final = (
    "SELECT rounds.*, sheet_rows.label AS written, sheet_rows.verdict AS said "
    "FROM sheet_rows JOIN rounds ON rounds.id = sheet_rows.round WHERE spreadsheet = ?"
)


class Tally(NamedTuple):
    """How many rounds there are, how many are known to be in the Sheet, and the last thing that went wrong."""

    rounds: int
    mirrored: int
    trouble: str | None


class Written(NamedTuple):
    """A round's label as it was written into the Sheet and as it is now, and who said that."""

    written: str | None
    label: str | None
    label_by: str | None


class Journal:
    """The mirror's memory for one Sheet. What changes it demands the lease, and raises LeaseLost without."""

    def __init__(self, database: Database, spreadsheet: str) -> None:
        self._database = database
        self._sheet = spreadsheet
        self._holder = lease.new_holder()

    async def take_lease(self, seconds: float) -> bool:
        """Take or renew the lease; return whether it is ours."""
        now = datetime.now(UTC)
        return await self._database.write(lambda c: lease.take_lease(c, self._sheet, self._holder, now, seconds))

    async def give_lease_back(self) -> None:
        """Let another process write."""
        await self._database.write(lambda c: lease.give_back_lease(c, self._sheet, self._holder))

    async def tally(self) -> Tally:
        """Return how far the mirror has come."""

        def work(connection: sqlite3.Connection) -> Tally:
            (rounds,) = connection.execute("SELECT count(*) FROM rounds").fetchone()
            (mirrored,) = connection.execute(
                "SELECT count(*) FROM sheet_rows WHERE spreadsheet = ? AND state = 'kept'", (self._sheet,)
            ).fetchone()
            row = connection.execute("SELECT trouble FROM sheets WHERE spreadsheet = ?", (self._sheet,)).fetchone()
            return Tally(rounds, mirrored, row and row["trouble"])

        return await self._database.read(work)

    async def note_trouble(self, text: str | None) -> None:
        """Keep what went wrong, for whoever asks how the mirror is; none when all is well again."""
        await self._database.write(
            lambda c: c.execute(
                "UPDATE sheets SET trouble = ? WHERE spreadsheet = ? AND trouble IS NOT ?",
                (text, self._sheet, text),
            )
        )

    async def is_new(self) -> bool:
        """Return whether nothing was ever sent to this Sheet from this store."""
        return not await self._read("SELECT 1 FROM sheet_rows WHERE spreadsheet = ? LIMIT 1")

    async def next_rounds(self, limit: int, until: datetime | None = None) -> list[Round]:
        """Return the oldest rounds that are to be sent, as they are to be written.

        Those come first that are known not to have arrived; new ones only if they ended before ``until``.
        """
        lost = await self._read(
            _AS_WRITTEN + " AND state = 'unsent' ORDER BY sheet_rows.sequence LIMIT ?",
            limit,
        )
        if lost:
            return [_as_written(row) for row in lost]
        fresh = await self._read(
            "SELECT * FROM rounds WHERE sequence > "
            "(SELECT coalesce(max(sequence), 0) FROM sheet_rows WHERE spreadsheet = ?) ORDER BY sequence LIMIT ?",
            limit,
        )
        now, latest = format_time(datetime.now(UTC)), format_time(until) if until else None
        return [
            parse_round(row)
            # A time to come is a clock's mistake, which must not hold up what follows.
            for row in takewhile(lambda row: latest is None or not latest < row["at"] <= now, fresh)
        ]

    async def sending(self, rounds: Sequence[Round]) -> None:
        """Note that these are about to be sent: from now on it is in doubt whether they are there."""
        now = format_time(datetime.now(UTC))

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "INSERT INTO sheet_rows (spreadsheet, sequence, round, state, label, verdict, sent_at, tries) "
                "SELECT ?, sequence, id, 'sent', ?, ?, ?, 1 FROM rounds WHERE id = ? "
                "ON CONFLICT DO UPDATE SET state = 'sent', sent_at = excluded.sent_at, tries = tries + 1",
                [(self._sheet, kept.label, kept.verdict, now, kept.id) for kept in rounds],
            )

        await self._write(work)

    async def arrived(self, rounds: Sequence[Round]) -> None:
        """Note that these are in the Sheet."""
        await self._settle([kept.id for kept in rounds], "kept")

    async def in_doubt(self) -> tuple[set[str], datetime | None]:
        """Return the rounds that may be in the Sheet or not, and when the last of them was sent."""
        rows = await self._read("SELECT round, sent_at FROM sheet_rows WHERE spreadsheet = ? AND state = 'sent'")
        sent = max((row["sent_at"] for row in rows), default=None)
        return {row["round"] for row in rows}, sent and datetime.fromisoformat(sent)

    async def settle(self, seen: Iterable[str], absent: Iterable[str], late: float) -> None:
        """End the doubt: some are in the Sheet, the others are to be sent again.

        What was sent of those may still arrive within ``late`` seconds.
        """
        await self._settle(seen, "kept")
        lost = list(absent)
        if lost:
            await self.doubt_for(late)
            await self._settle(lost, "unsent")

    async def adopt(self, there: Iterable[str]) -> None:
        """Note rounds found in the Sheet of which the journal knows nothing, and that earlier ones are to be sent.

        A store that was restored, or whose journal is new, would send them a second time.
        """
        ids = list(there)

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "INSERT INTO sheet_rows (spreadsheet, sequence, round, state, label, verdict, tries) "
                "SELECT ?, sequence, id, 'kept', label, verdict, 1 FROM rounds WHERE id = ? "
                "ON CONFLICT DO NOTHING",
                [(self._sheet, found) for found in ids],
            )
            connection.execute(
                "INSERT INTO sheet_rows (spreadsheet, sequence, round, state, label, verdict, tries) "
                "SELECT :sheet, sequence, id, 'unsent', label, verdict, 0 FROM rounds WHERE sequence < "
                "(SELECT max(sequence) FROM sheet_rows WHERE spreadsheet = :sheet) "
                "ON CONFLICT DO NOTHING",
                {"sheet": self._sheet},
            )

        await self._write(work)

    async def send_again(self, labels: Iterable[tuple[str, str | None]]) -> None:
        """Have rounds sent again, each with the label that its row is to show."""
        wanted = list(labels)

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "UPDATE sheet_rows SET state = 'unsent', label = ?, "
                "verdict = (SELECT verdict FROM rounds WHERE id = round) WHERE spreadsheet = ? AND round = ?",
                [(label, self._sheet, found) for found, label in wanted],
            )

        await self._write(work)

    async def doubt_for(self, seconds: float) -> None:
        """Note that until then something may arrive in the Sheet that was sent before."""
        until = format_time(datetime.now(UTC) + timedelta(seconds=seconds))
        await self._write(
            lambda c: c.execute("UPDATE sheets SET doubtful_until = ? WHERE spreadsheet = ?", (until, self._sheet))
        )

    async def doubtful_until(self) -> datetime | None:
        """Return until when something may still arrive; none once a look after that has found all in order."""
        rows = await self._read("SELECT doubtful_until FROM sheets WHERE spreadsheet = ?")
        until = rows[0]["doubtful_until"] if rows else None
        return until and datetime.fromisoformat(until)

    async def no_more_doubt(self) -> None:
        """Note that nothing can arrive any more."""
        await self._write(
            lambda c: c.execute("UPDATE sheets SET doubtful_until = NULL WHERE spreadsheet = ?", (self._sheet,))
        )

    async def deleted(self) -> set[str]:
        """Return every round that its player has deleted."""
        return {
            row["id"] for row in await self._database.read(lambda c: c.execute("SELECT id FROM deleted_rounds"))
        }

    async def deletions(self) -> tuple[set[str], datetime | None]:
        """Return deleted rounds that may still be in the Sheet, and when the last of them was deleted."""
        rows = await self._read(
            "SELECT id, at FROM deleted_rounds WHERE at > "
            "coalesce((SELECT deleted_until FROM sheets WHERE spreadsheet = ?), '')"
        )
        latest = max((row["at"] for row in rows), default=None)
        return {row["id"] for row in rows}, latest and datetime.fromisoformat(latest)

    async def no_more_deletions(self, until: datetime) -> None:
        """Note that what was deleted until then is not in the Sheet, and cannot arrive there any more."""
        text = format_time(until)
        await self._write(
            lambda c: c.execute("UPDATE sheets SET deleted_until = ? WHERE spreadsheet = ?", (text, self._sheet))
        )

    async def begin_deleting(self, there: Iterable[str], seconds: float) -> None:
        """Note that rows are about to be deleted by their place, and which rounds are there before that.

        Until `end_deleting` every other round that is missing counts as deleted by mistake.
        """
        until = format_time(datetime.now(UTC) + timedelta(seconds=seconds))
        ids = json.dumps(list(there))

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE sheet_rows SET state = iif(round IN (SELECT value FROM json_each(?)), 'kept', 'gone') "
                "WHERE spreadsheet = ? AND state IN ('kept', 'gone')",
                (ids, self._sheet),
            )
            connection.execute(
                "UPDATE sheets SET doubtful_until = ?1, deleting_until = ?1 WHERE spreadsheet = ?2",
                (until, self._sheet),
            )

        await self._write(work)

    async def deleting_until(self) -> datetime | None:
        """Return until when a deletion whose outcome is not known may still take place; none if there is none."""
        rows = await self._read("SELECT deleting_until FROM sheets WHERE spreadsheet = ?")
        until = rows[0]["deleting_until"] if rows else None
        return until and datetime.fromisoformat(until)

    async def end_deleting(self) -> None:
        """Note that whatever the deletion met by mistake is to be sent again."""
        await self._write(
            lambda c: c.execute("UPDATE sheets SET deleting_until = NULL WHERE spreadsheet = ?", (self._sheet,))
        )

    async def sent_again(self) -> set[str]:
        """Return the rounds that were sent more than once."""
        rows = await self._read("SELECT round FROM sheet_rows WHERE spreadsheet = ? AND tries > 1")
        return {row["round"] for row in rows}

    async def states(self) -> dict[str, str]:
        """Return the state of every round that was ever sent."""
        rows = await self._read("SELECT round, state FROM sheet_rows WHERE spreadsheet = ?")
        return {row["round"]: row["state"] for row in rows}

    async def labels(self) -> dict[str, Written]:
        """Return the labels of every round of the store."""
        rows = await self._read(
            "SELECT rounds.id, CASE WHEN round IS NULL THEN rounds.label ELSE sheet_rows.label END AS written, "
            "rounds.label, rounds.label_by FROM rounds "
            "LEFT JOIN sheet_rows ON spreadsheet = ? AND sheet_rows.sequence = rounds.sequence"
        )
        return {row["id"]: Written(*list(row)[1:]) for row in rows}

    async def written(self, ids: Iterable[str]) -> dict[str, Round]:
        """Return rounds as their rows were written."""
        wanted = list(ids)
        found: dict[str, Round] = {}
        for start in range(0, len(wanted), _MANY):
            some = wanted[start : start + _MANY]
            rows = await self._read(
                _AS_WRITTEN + " AND sheet_rows.round IN (SELECT value FROM json_each(?))",  # noqa: S608 (our own)
                json.dumps(some),
            )
            found |= {row["id"]: _as_written(row) for row in rows}
        return found

    async def correct(self, labels: Iterable[tuple[str, str]]) -> None:
        """Keep what curators say that rounds really were, as pairs of round and label."""
        said = list(labels)

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "UPDATE rounds SET label = ?1, label_by = 'curator', "
                "verdict = CASE WHEN predicted = ?1 THEN 'confirmed' ELSE 'corrected' END WHERE id = ?2",
                [(label, found) for found, label in said],
            )

        await self._database.write(work)

    async def _settle(self, ids: Iterable[str], state: str) -> None:
        wanted = [(state, self._sheet, found) for found in ids]
        await self._write(
            lambda c: c.executemany("UPDATE sheet_rows SET state = ? WHERE spreadsheet = ? AND round = ?", wanted)
        )

    async def _read(self, query: str, *values: object) -> list[sqlite3.Row]:
        return await self._database.read(lambda c: c.execute(query, (self._sheet, *values)).fetchall())

    async def _write(self, work: Work[T]) -> T:
        def held(connection: sqlite3.Connection) -> T:
            if not lease.holds_lease(connection, self._sheet, self._holder):
                raise LeaseLost
            return work(connection)

        return await self._database.write(held)


def _as_written(row: sqlite3.Row) -> Round:
    return msgspec.structs.replace(parse_round(row), label=row["written"], verdict=row["said"])
