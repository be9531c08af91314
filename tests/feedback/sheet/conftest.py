"""Fixtures for the mirror's tests: a Sheet of the emulator, and a mirror that hardly waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import pytest

from feedback.sheet.mirror import Mirror
from feedback.sheet.settings import SheetSettings
from feedback.sheet.tuning import Timing
from feedback.store import Store
from tests.sheets.client import KEY
from tests.sheets.emulator import SheetsEmulator

HOLD: Final = 0.05
"""Seconds after which the emulator, and not the client, ends a request without an answer."""

QUICK: Final = Timing(
    batch=20,
    per_minute=60_000,
    connect=30,
    answer=30,
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
    """Run an emulator with one empty spreadsheet."""
    with SheetsEmulator(quota_per_minute=None) as emulator:
        emulator.create(KEY)
        emulator.faults.retry_after = 0
        emulator.faults.hold = HOLD
        yield emulator


@pytest.fixture
def settings(sheets: SheetsEmulator) -> SheetSettings:
    return SheetSettings(spreadsheet=KEY, emulator=sheets.host)


@pytest.fixture
def new_mirror(store: Store, settings: SheetSettings) -> Callable[[], Mirror]:
    """Return a function that makes a mirror, as a process does when it starts."""
    return lambda: Mirror(store, settings, QUICK)


@pytest.fixture
def mirror(new_mirror: Callable[[], Mirror]) -> Mirror:
    return new_mirror()
