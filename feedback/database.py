"""What the store needs of a database. `feedback.sqlite` is one, and there may be others."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import Protocol, TypeVar

from feedback.errors import StoreError
from feedback.sql import Work

T = TypeVar("T")


class Database(Protocol):
    """Runs functions that take a connection, in threads."""

    @property
    def damage(self) -> StoreError | None:
        """The first sign of damage that a read or a write has met; None so far."""

    @property
    def full_at(self) -> float | None:
        """When a write last found the disk full (`time.monotonic`); None if none did so far."""

    async def write(self, work: Work[T]) -> T:
        """Run ``work`` in a transaction, and return its result once the changes are on disk.

        If ``work`` raises an error, only its own changes are undone, and the error is raised here. If the caller
        is cancelled, the write still takes place.

        Raises:
            StoreError: if the write failed, or too many writes are waiting.
        """

    async def read(self, work: Work[T]) -> T:
        """Run ``work``, which must not write, and return its result.

        Raises:
            StoreError: if reading failed.
        """

    async def read_settled_sequence(self) -> int:
        """Return a sequence up to which all rounds can be read: none with a lower one can appear any more.

        It waits a second at most for transactions that could still add some; then the answer is an earlier one.

        Raises:
            StoreError: if reading failed.
        """

    async def require_sound(self) -> None:
        """Return if a short check finds no damage.

        Raises:
            StoreError: if there is some; the message says what to do.
        """

    async def describe(self) -> str:
        """Return in a few words where the data is, how large it is, and the version of its tables."""

    async def scrub(self) -> None:
        """Remove what is left of deleted data outside the tables."""

    async def close(self) -> None:
        """Finish the waiting writes, then close. Closing again does nothing."""


async def wait_for_write(done: Future[T]) -> T:
    """Return the result of a write, or raise its error. The write takes place even if the caller is cancelled."""
    future = asyncio.wrap_future(done)
    # A caller who was cancelled does not see a later error. Without this, asyncio would log it as forgotten.
    future.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
    return await asyncio.shield(future)
