"""The mirror: every round reaches the Sheet once, whatever fails between.

How:

1. A batch is journalled in the store before it is sent: from then on it is in doubt.
2. It is appended, by an insertion that writes over nothing. When Google answers with the rows written, the doubt
   ends. Anything else - an error, a time-out, a broken connection, our own death - leaves it.
3. A doubt is ended by reading column A, never by sending again. What is not there is sent again.
4. Something sent may still arrive after that look, and a round be there twice. So after such doubts there is
   another look, and one more when nothing can arrive any more. A second row goes if nobody has changed it.

Appending never does damage, so that people may sort, filter, delete and correct rows at any moment. Rows are not
written again because they are gone: people may have deleted them. That is for ``reconcile --restore``.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from feedback.errors import StoreError
from feedback.records import Round
from feedback.sheet.columns import Cell, make_cells
from feedback.sheet.deleted_rounds import remove_deleted_rounds
from feedback.sheet.duplicates import remove_duplicates
from feedback.sheet.errors import LeaseLost, SheetError, SheetFull
from feedback.sheet.journal import Journal, Tally
from feedback.sheet.pacing import compute_backoff
from feedback.sheet.row_index import read_row_index
from feedback.sheet.settings import SheetSettings
from feedback.sheet.threads import run_in_thread
from feedback.sheet.tuning import BATCH_BYTES, LONGEST_WAIT, MOST_DEDUPLICATIONS, SEND_TRIES, TIMING, Timing
from feedback.sheet.workbook import Workbook
from feedback.store import Store

_LOG: Final = logging.getLogger(__name__)


class Mirror:
    """Brings the rounds of a store to its Sheet. ``settings`` must name one."""

    def __init__(self, store: Store, settings: SheetSettings, timing: Timing = TIMING) -> None:
        assert settings.spreadsheet is not None  # noqa: S101 (the caller's duty)
        self.journal: Final = Journal(store.database, settings.spreadsheet)
        self._settings = settings
        self._timing = timing
        self._workbook: Workbook | None = None
        self._has_looked = False
        self._failed_at = datetime.min.replace(tzinfo=UTC)
        self._audited: datetime | None = None
        self._mended = 0
        self._swept = datetime.min.replace(tzinfo=UTC)

    async def tally(self) -> Tally:
        """Return how many rounds there are and how many of them are in the Sheet."""
        return await self.journal.tally()

    async def workbook(self) -> Workbook:
        """Return the Sheet, connected to; nothing is asked of it yet.

        Raises:
            SheetError: if there is no usable key.
        """
        if self._workbook is None:
            self._workbook = await run_in_thread(_open, self._settings, self._timing)
        return self._workbook

    async def run(self) -> None:
        """Mirror what comes, for ever. Trouble is noted, and tried again."""
        while True:
            pause = self._timing.poll
            with suppress(LeaseLost, StoreError):
                try:
                    until = datetime.now(UTC) - timedelta(seconds=self._timing.rest)
                    if await self._has_work(until) and await self.journal.take_lease(self._timing.lease):
                        async with self._renewed():
                            await self._drain(until, tries=SEND_TRIES)
                except SheetError as trouble:
                    _LOG.warning("The Sheet: %s", trouble)
                    pause = LONGEST_WAIT
            await asyncio.sleep(pause)

    async def sync(self, told: Callable[[Tally], None] = lambda _: None) -> bool:
        """Mirror everything that waits; return whether something sent before may still arrive a second time.

        Raises:
            SheetError: if it could not be done; what is done stays done.
            LeaseLost: if another process writes to the Sheet and does not finish.
        """
        async with self.leased():
            await self._drain(None, tries=SEND_TRIES, told=told)
        return await self.journal.doubtful_until() is not None

    @asynccontextmanager
    async def leased(self) -> AsyncIterator[None]:
        """Be the one who writes to the Sheet, after whoever does now.

        Raises:
            LeaseLost: if they do not finish.
        """
        patience = datetime.now(UTC) + timedelta(seconds=10 * self._timing.lease)
        while not await self.journal.take_lease(self._timing.lease):
            if datetime.now(UTC) > patience:
                raise LeaseLost
            await asyncio.sleep(min(1, self._timing.poll))
        async with self._renewed():
            yield

    @asynccontextmanager
    async def _renewed(self) -> AsyncIterator[None]:
        async def renew() -> None:
            while True:
                await asyncio.sleep(self._timing.lease / 3)
                with suppress(StoreError):
                    await self.journal.take_lease(self._timing.lease)

        renewing = asyncio.create_task(renew())
        try:
            yield
        finally:
            renewing.cancel()
            with suppress(StoreError):
                await self.journal.give_lease_back()

    async def _has_work(self, until: datetime) -> bool:
        doubtful, _ = await self.journal.in_doubt()
        if doubtful or await self.journal.next_rounds(1, until):
            return True
        if await self._is_sweep_due():
            return True
        due = await self._audit_at()
        return due is not None and due <= datetime.now(UTC)

    async def _drain(
        self, until: datetime | None, tries: int, told: Callable[[Tally], None] = lambda _: None
    ) -> None:
        """Do one thing after the other until nothing is left, or it has failed ``tries`` times in a row."""
        failures = 0
        while True:
            try:
                moved = await self._step(until)
            except SheetError as trouble:
                failures += 1
                await self.journal.note_trouble(str(trouble))
                if not trouble.is_transient or failures == tries:
                    raise
                await asyncio.sleep(compute_backoff(failures, self._timing.backoff, trouble.wait))
            else:
                failures = 0 if moved else failures
                told(await self.tally())
                if moved is None:
                    await self.journal.note_trouble(None)
                    return

    async def _step(self, until: datetime | None) -> int | None:
        """Do the next thing; return how many rounds are known to be in the Sheet by that, none if all is done."""
        if not self._has_looked and await self.journal.is_new():
            index = await run_in_thread(read_row_index, await self.workbook())
            await self.journal.adopt(index.counts())
        self._has_looked = True
        doubtful, sent_at = await self.journal.in_doubt()
        if doubtful and sent_at:
            return await self._settle(doubtful, sent_at)
        if await self._is_sweep_due():
            return await self._sweep()
        rounds = await self.journal.next_rounds(self._timing.batch, until)
        if rounds:
            return await self._send(rounds)
        return await self._audit(waits=until is None)

    async def _send(self, rounds: Sequence[Round]) -> int:
        workbook = await self.workbook()
        batch = await run_in_thread(_batch, rounds)
        try:
            worksheet, header = await run_in_thread(workbook.open, len(batch))
        except SheetError:
            await self.journal.doubt_for(self._timing.late)  # a header may arrive twice as well
            raise
        sent = rounds[: len(batch)]
        await self.journal.sending(sent)
        if (await self.journal.deletions())[0] & {kept.id for kept in sent}:
            return 0  # deleted by its player since we looked; the others are in doubt now, and settled as such
        try:
            await run_in_thread(workbook.append, worksheet, [header.spread(row) for row in batch])
        except SheetFull:
            await run_in_thread(lambda: workbook.begin(workbook.survey()))
            return 0
        except SheetError:
            self._failed_at = datetime.now(UTC)
            raise
        await self.journal.arrived(sent)
        return len(sent)

    async def _settle(self, doubtful: set[str], sent_at: datetime) -> int:
        """Look which rounds of those in doubt are in the Sheet, a while after they were sent."""
        await _until(max(sent_at, self._failed_at) + timedelta(seconds=self._timing.settle))
        seen = doubtful & await run_in_thread((await self.workbook()).ids)
        await self.journal.settle(seen, doubtful - seen, self._timing.late)
        return len(seen)

    async def _is_sweep_due(self) -> bool:
        """Return whether to look for rows of deleted rounds: soon, and again when none can arrive any more."""
        deleted, latest = await self.journal.deletions()
        now = datetime.now(UTC)
        if not deleted or latest is None:
            return False
        if latest <= now - timedelta(seconds=self._timing.late):
            return True
        return latest > self._swept and self._swept <= now - timedelta(seconds=self._timing.sweep)

    async def _sweep(self) -> int:
        began = datetime.now(UTC)
        deleted, latest = await self.journal.deletions()
        await remove_deleted_rounds(await self.workbook(), self.journal, self._timing, deleted)
        self._swept = began
        if latest is not None and latest <= began - timedelta(seconds=self._timing.late):
            await self.journal.no_more_deletions(latest)
        return 0

    async def _audit_at(self) -> datetime | None:
        """Return when to look next for rows that arrived twice, if they may have.

        That is a while after the last of them was sent, and again when nothing can arrive any more.
        """
        until = await self.journal.doubtful_until()
        if until is None or until == self._audited:
            return until
        return until + timedelta(seconds=self._timing.linger - self._timing.late)

    async def _audit(self, *, waits: bool) -> int | None:
        due, until = await self._audit_at(), await self.journal.doubtful_until()
        if due is None or until is None:
            return None
        if waits and due < until:
            await _until(due)
        began = datetime.now(UTC)
        if due > began:
            return None
        workbook = await self.workbook()
        deleted, left = await remove_duplicates(
            workbook, self.journal, self._timing, await self.journal.sent_again()
        )
        for sentence in left:
            _LOG.warning("The Sheet: %s", sentence)
        self._mended = self._mended + 1 if deleted else 0
        if self._mended % MOST_DEDUPLICATIONS == 0:  # else once more: people may have sorted meanwhile
            self._audited = await self.journal.doubtful_until()
            if not deleted and until <= began:
                await self.journal.no_more_doubt()
        return 0


def _open(settings: SheetSettings, timing: Timing) -> Workbook:
    # Here, in a thread and on demand: a server without a Sheet never pays for gspread.
    from feedback.sheet.connection import connect  # noqa: PLC0415

    return Workbook(connect(settings, timing), settings.spreadsheet or "")


def _batch(rounds: Sequence[Round]) -> list[list[Cell]]:
    """Return the cells of the first rounds, as many as fit into one request; at least one."""
    batch: list[list[Cell]] = []
    size = 0
    for kept in rounds:
        row = make_cells(kept)
        size += len(json.dumps(row))
        if batch and size > BATCH_BYTES:
            break
        batch.append(row)
    return batch


async def _until(moment: datetime) -> None:
    await asyncio.sleep(max(0.0, (moment - datetime.now(UTC)).total_seconds()))
