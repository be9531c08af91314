"""The mirror: brings every round to the Sheet exactly once, whatever fails in between.

1. A batch is noted in the store before it is sent. From then on it is in doubt: it may be in the Sheet or not.
2. The batch is appended, by an insertion that overwrites nothing. If Google answers with the rows it wrote, the
   doubt is over. After anything else (an error, a timeout, a broken connection, our own death) it remains.
3. A doubt is resolved by reading column A, never by sending again. Only rounds that are not there are sent again.
4. A request may still arrive after that, so that a round has two rows. So after a doubt the mirror searches for
   duplicates, and once more when nothing can arrive any more. A second row is deleted if nobody has changed it.

Appending never destroys anything, so people may sort, filter, delete and correct rows at any moment. A row that is
gone is not written again, because people may have deleted it; ``reconcile --restore`` does that.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from feedback.errors import StoreError
from feedback.records import Round
from feedback.sheet.columns import make_batch
from feedback.sheet.deleted_rounds import remove_deleted_rounds
from feedback.sheet.duplicates import remove_duplicates
from feedback.sheet.errors import LeaseLost, SheetError, SheetFull, describe_unexpected
from feedback.sheet.journal import Journal, Tally
from feedback.sheet.pacing import compute_backoff
from feedback.sheet.row_index import read_row_index
from feedback.sheet.settings import SheetSettings
from feedback.sheet.threads import run_in_thread
from feedback.sheet.tuning import LONGEST_WAIT, MOST_DEDUPLICATIONS, SEND_TRIES, TIMING, Timing
from feedback.sheet.workbook import Workbook
from feedback.sheet.worksheets import begin_worksheet, find_known, open_worksheet
from feedback.store import Store

if TYPE_CHECKING:
    from feedback.sheet.connection import Notify

_LOG: Final = logging.getLogger(__name__)
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


class Mirror:
    """Brings the rounds of a store to its Sheet."""

    def __init__(
        self, store: Store, settings: SheetSettings, timing: Timing = TIMING, notify: Notify | None = None
    ) -> None:
        """Prepare a mirror. It does nothing by itself yet.

        Args:
            store: where the rounds are.
            settings: which Sheet, which must be named.
            timing: how fast and how patient to be.
            notify: told what is being waited for.
        """
        assert settings.spreadsheet is not None  # noqa: S101 (the caller's duty)
        self.journal: Final = Journal(store.database, settings.spreadsheet)
        self._settings = settings
        self._timing = timing
        self._notify = notify
        self._workbook: Workbook | None = None
        self._is_checked = False  # for rounds and worksheets that the journal does not know
        self._last_failure = _LONG_AGO
        self._last_sweep = _LONG_AGO
        self._audited_doubt: datetime | None = None
        self._deduplications = 0

    async def tally(self) -> Tally:
        """Count the rounds, and those in the Sheet."""
        return await self.journal.tally()

    async def workbook(self) -> Workbook:
        """Return the Sheet, connected to, with our worksheets known.

        Raises:
            SheetError: if there is no usable key, or the Sheet cannot be searched for our worksheets.
        """
        if self._workbook is None:
            self._workbook = await run_in_thread(_open_workbook, self._settings, self._timing, self._notify)
        known = await find_known(self._workbook, self.journal)
        self._workbook.numbers = {worksheet.id: worksheet.number for worksheet in known}
        return self._workbook

    async def run(self) -> None:
        """Mirror new rounds for ever. Whatever goes wrong is logged, kept for ``status``, and tried again."""
        surprises = 0
        while True:
            pause = self._timing.poll
            try:
                await self._mirror_new_rounds()
            except LeaseLost:
                pass  # another process mirrors now
            except (SheetError, StoreError) as error:
                _LOG.warning("The mirror to the Sheet: %s", error)
                pause = LONGEST_WAIT
            except Exception as error:  # whatever it is, the mirror must outlive it
                surprises += 1
                pause = compute_backoff(surprises, self._timing.poll, None)
                _LOG.exception("The mirror to the Sheet failed unexpectedly. It tries again in %.0f s.", pause)
                with suppress(Exception):
                    await self.journal.note_error(describe_unexpected(error))
            else:
                if surprises:
                    surprises = 0
                    with suppress(StoreError):
                        await self.journal.note_error(None)
            await asyncio.sleep(pause)

    async def sync(self, report: Callable[[Tally], None] = lambda _: None) -> bool:
        """Mirror everything that is waiting. Return whether something sent before may still arrive a second time.

        Args:
            report: told how far the mirror has come, after each step.

        Raises:
            SheetError: if it failed. What was done stays done.
            LeaseLost: if another process writes to the Sheet and does not finish.
        """
        async with self.leased():
            await self._drain(None, report)
        return await self.journal.get_doubt_end() is not None

    @asynccontextmanager
    async def leased(self) -> AsyncIterator[None]:
        """Be the only one who writes to the Sheet. Waits for whoever does so now.

        Raises:
            LeaseLost: if they do not finish.
        """
        deadline = datetime.now(UTC) + timedelta(seconds=10 * self._timing.lease)
        while not await self.journal.database.take_lease(self._timing.lease):
            if datetime.now(UTC) > deadline:
                raise LeaseLost
            await asyncio.sleep(min(1, self._timing.poll))
        async with self._renewed_lease():
            yield

    @asynccontextmanager
    async def _renewed_lease(self) -> AsyncIterator[None]:
        async def renew() -> None:
            while True:
                await asyncio.sleep(self._timing.lease / 3)
                with suppress(StoreError):
                    await self.journal.database.take_lease(self._timing.lease)

        renewing = asyncio.create_task(renew())
        try:
            yield
        finally:
            renewing.cancel()
            with suppress(StoreError):
                await self.journal.database.give_lease_back()

    async def _mirror_new_rounds(self) -> None:
        until = datetime.now(UTC) - timedelta(seconds=self._timing.rest)
        if await self._has_work(until) and await self.journal.database.take_lease(self._timing.lease):
            async with self._renewed_lease():
                await self._drain(until)

    async def _has_work(self, until: datetime) -> bool:
        doubtful, _ = await self.journal.find_in_doubt()
        if doubtful or await self.journal.find_next_rounds(1, until):
            return True
        if await self._is_sweep_due() or await self._are_worksheets_unknown():
            return True
        due = await self._find_next_audit()
        return due is not None and due <= datetime.now(UTC)

    async def _drain(self, until: datetime | None, report: Callable[[Tally], None] = lambda _: None) -> None:
        """Take one step after another until nothing is left to do, or too many have failed in a row."""
        failures = 0
        while True:
            try:
                arrived = await self._step(until)
            except SheetError as error:
                failures += 1
                await self.journal.note_error(str(error))
                if not error.is_transient or failures == SEND_TRIES:
                    raise
                wait = compute_backoff(failures, self._timing.backoff, error.retry_after_s)
                if self._notify:
                    self._notify(f"{error} Trying again in {wait:.0f} s.")
                await asyncio.sleep(wait)
            else:
                failures = 0 if arrived else failures
                report(await self.tally())
                if arrived is None:
                    await self.journal.note_error(None)
                    return

    async def _step(self, until: datetime | None) -> int | None:
        """Do the next thing. Return how many rounds it proved to be in the Sheet, or None if nothing is left."""
        if not self._is_checked:
            await self._check_journal()
        doubtful, sent_at = await self.journal.find_in_doubt()
        if doubtful and sent_at:
            return await self._resolve_doubt(doubtful, sent_at)
        if await self._is_sweep_due():
            return await self._sweep()
        rounds = await self.journal.find_next_rounds(self._timing.batch, until)
        if rounds:
            return await self._send(rounds)
        return await self._audit(waits=until is None)

    async def _check_journal(self) -> None:
        """Note rounds and worksheets of ours that are in the Sheet without the journal knowing them."""
        workbook = await self.workbook()
        if await self.journal.is_new():
            index = await run_in_thread(read_row_index, workbook)
            await self.journal.adopt_rounds(index.count_rows())
        self._is_checked = True

    async def _are_worksheets_unknown(self) -> bool:
        """Return whether an earlier version mirrored to this Sheet: it did not note which worksheets are ours."""
        if self._is_checked or await self.journal.worksheets.read_all():
            return False
        return not await self.journal.is_new()

    async def _send(self, rounds: Sequence[Round]) -> int:
        workbook = await self.workbook()
        batch = await run_in_thread(make_batch, rounds)
        worksheet, header = await open_worksheet(workbook, self.journal, self._timing, len(batch))
        sent = rounds[: len(batch)]
        await self.journal.mark_sending(sent)
        deleted, _ = await self.journal.deletions.find_pending()
        if deleted & {round_.id for round_ in sent}:
            return 0  # a player has just deleted some; the others are in doubt now, and get resolved as such
        try:
            await run_in_thread(workbook.append_rows, worksheet, [header.spread(cells) for cells in batch])
        except SheetFull:
            await begin_worksheet(workbook, self.journal, await run_in_thread(workbook.survey))
            return 0
        except SheetError:
            self._last_failure = datetime.now(UTC)
            raise
        await self.journal.mark_arrived(sent)
        return len(sent)

    async def _resolve_doubt(self, doubtful: set[str], sent_at: datetime) -> int:
        """Check which doubtful rounds are in the Sheet, some time after they were sent."""
        await _sleep_until(max(sent_at, self._last_failure) + timedelta(seconds=self._timing.settle))
        present = doubtful & await run_in_thread((await self.workbook()).read_ids)
        await self.journal.resolve_doubt(present, doubtful - present, self._timing.late)
        return len(present)

    async def _is_sweep_due(self) -> bool:
        """Return whether to search for rows of deleted rounds: soon, and again when none can arrive any more."""
        deleted, latest = await self.journal.deletions.find_pending()
        now = datetime.now(UTC)
        if not deleted or latest is None:
            return False
        if latest <= now - timedelta(seconds=self._timing.late):
            return True
        return latest > self._last_sweep and self._last_sweep <= now - timedelta(seconds=self._timing.sweep)

    async def _sweep(self) -> int:
        """Remove rows of rounds that players have deleted."""
        began = datetime.now(UTC)
        deleted, latest = await self.journal.deletions.find_pending()
        await remove_deleted_rounds(await self.workbook(), self.journal, self._timing, deleted)
        self._last_sweep = began
        if latest is not None and latest <= began - timedelta(seconds=self._timing.late):
            await self.journal.deletions.finish(latest)
        return 0

    async def _find_next_audit(self) -> datetime | None:
        """Return when to search next for duplicates; None if there can be none.

        That is some time after the last doubtful request, and again when nothing can arrive any more.
        """
        until = await self.journal.get_doubt_end()
        if until is None or until == self._audited_doubt:
            return until
        return until + timedelta(seconds=self._timing.linger - self._timing.late)

    async def _audit(self, *, waits: bool) -> int | None:
        """Delete duplicates if it is time to search for them. With ``waits``, wait for the first search."""
        due, until = await self._find_next_audit(), await self.journal.get_doubt_end()
        if due is None or until is None:
            return None
        if waits and due < until:
            await _sleep_until(due)
        began = datetime.now(UTC)
        if due > began:
            return None
        resent = await self.journal.find_resent()
        deleted, left = await remove_duplicates(await self.workbook(), self.journal, self._timing, resent)
        for sentence in left:
            _LOG.warning("The Sheet: %s", sentence)
        self._deduplications = self._deduplications + 1 if deleted else 0
        if self._deduplications % MOST_DEDUPLICATIONS == 0:  # else search again: people may have sorted meanwhile
            self._audited_doubt = await self.journal.get_doubt_end()
            if not deleted and until <= began:
                await self.journal.end_doubt()
        return 0


def _open_workbook(settings: SheetSettings, timing: Timing, notify: Notify | None) -> Workbook:
    # Imported here, in a thread and on demand: a server without a Sheet never pays for gspread.
    from feedback.sheet.connection import connect  # noqa: PLC0415

    return Workbook(connect(settings, timing, notify), settings.spreadsheet or "")


async def _sleep_until(moment: datetime) -> None:
    await asyncio.sleep(max(0.0, (moment - datetime.now(UTC)).total_seconds()))
