"""``python -m feedback sync`` with all its times shortened: ``python -m tests.bench.hurried SPEED``."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import fields, replace

from feedback.location import store_url
from feedback.sheet.mirror import Mirror
from feedback.sheet.settings import sheet_settings
from feedback.sheet.trouble import SheetTrouble
from feedback.sheet.tuning import TIMING, Timing
from feedback.store import open_store


def hurried(speed: float) -> Timing:
    """Return the mirror's times, shortened to one in ``speed``."""
    seconds = [each.name for each in fields(Timing) if each.name not in {"batch", "per_minute"}]
    times = {name: getattr(TIMING, name) / speed for name in seconds}
    return replace(TIMING, per_minute=TIMING.per_minute * speed, **times)


async def _sync(speed: float) -> None:
    store = await open_store(store_url(os.environ))
    try:
        await Mirror(store, sheet_settings(os.environ), hurried(speed)).sync()
    finally:
        await store.close()


def main() -> int:
    """Mirror what waits and return the exit status."""
    try:
        asyncio.run(_sync(float(sys.argv[1])))
    except SheetTrouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
