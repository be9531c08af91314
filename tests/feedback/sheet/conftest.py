"""What the mirror's tests share: a store, a Sheet of the emulator, and no patience."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from feedback.sheet.mirror import Mirror
from feedback.sheet.settings import SheetSettings
from feedback.sheet.tuning import Timing
from feedback.store import Store
from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator

QUICK = Timing(
    batch=20,
    per_minute=60_000,
    answer=0.25,
    backoff=0.02,
    settle=0.05,
    linger=0.1,
    late=0.4,
    lease=3,
    poll=0.05,
    rest=0,
    sweep=0.05,
)


@pytest.fixture
def sheets() -> Iterator[SheetsEmulator]:
    with SheetsEmulator(quota_per_minute=None) as running:
        running.create(KEY)
        running.faults.retry_after = 0
        yield running


@pytest.fixture
def settings(sheets: SheetsEmulator) -> SheetSettings:
    return SheetSettings(spreadsheet=KEY, emulator=sheets.host)


@pytest.fixture
def new_mirror(store: Store, settings: SheetSettings) -> Callable[[], Mirror]:
    """Return a way to make a mirror, as a process that starts does."""
    return lambda: Mirror(store, settings, QUICK)


@pytest.fixture
def mirror(new_mirror: Callable[[], Mirror]) -> Mirror:
    return new_mirror()
