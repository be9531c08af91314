"""Opens the store for as long as a command needs it."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import TypeVar

from feedback.location import read_store_url
from feedback.store import Store, open_store

T = TypeVar("T")


async def with_store(work: Callable[[Store], Awaitable[T]]) -> T:
    """Call ``work`` with the store that the environment names, close the store, and return the result.

    Raises:
        StoreError: if the store cannot be used.
    """
    store = await open_store(read_store_url(os.environ))
    try:
        return await work(store)
    finally:
        await store.close()
