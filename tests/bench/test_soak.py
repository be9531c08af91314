"""A server holds nothing for clients that are gone. A shortened version of the soak, without times or memory."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from game.rules import tuning
from game.services import Services
from tests.bench.resources import count_held, count_opened
from tests.bench.restless import RestlessBot
from tests.bench.trend import compute_trend
from tests.game.hosting import hosted
from tests.strokes import load_fixture

BOTS = 6
SPEED = 60.0
PATIENCE_SECONDS = 60.0


def list_held(services: Services) -> dict[str, int]:
    """Return what must be as before once nobody is there. Threads stay: they are started when first needed."""
    held, opened = count_held(services), count_opened(os.getpid())
    return {
        "tasks": held.tasks,
        "games": held.games,
        "tokens": held.tokens,
        "sockets": held.sockets,
        "addresses": held.addresses,
        "buckets": held.buckets,
        "refused": held.refused,
        "files": opened.files,
        "handles": opened.handles,
    }


async def wait_until(is_done: Callable[[], bool]) -> None:
    """Wait until something is so, for a minute at most."""
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not is_done():
                await asyncio.sleep(0.05)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are counted as Linux lists them")
async def test_nothing_is_held_for_clients_that_are_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "SEAT_SECONDS", 0.3)
    monkeypatch.setattr(tuning, "DURATION_MS", 1_000)
    async with hosted(tmp_path) as host:
        bots = [RestlessBot(n, host.port, load_fixture(), SPEED, delete_share=0) for n in range(BOTS)]
        for bot in bots:
            await bot.make_every_call()  # fills caches, and the token buckets of each bot
        await wait_until(lambda: not count_held(host.services).games and not count_held(host.services).sockets)
        before = list_held(host.services)
        for _ in range(2):
            await asyncio.gather(*(bot.come_once() for bot in bots))
        done = sum((bot.done for bot in bots), Counter[str]())
        assert done["resumed"]
        assert done["dropped"]
        await wait_until(lambda: list_held(host.services) == before)
        assert list_held(host.services) == before


def test_a_slope_is_that_of_most_samples() -> None:
    minutes = list(range(40))
    rising = [100 + 0.5 * minute + (minute * 7 % 5) for minute in minutes]
    flat = [100 + (minute * 7 % 5) for minute in minutes]
    flat[20] = 900
    assert compute_trend(minutes, rising).slope == pytest.approx(0.5, abs=0.05)
    assert compute_trend(minutes, rising).grows(60, 20)
    assert compute_trend(minutes, flat).slope == pytest.approx(0, abs=0.05)
    assert not compute_trend(minutes, flat).grows(60, 5)
