"""Measures the first game of a new visitor: ``python -m tests.bench.first_game``.

A real Chromium with an empty cache opens the play page, taps Start as soon as that works, and plays a sprint to
its end. It counts requests and the bytes that came, and measures how soon Start works over a slow line.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import Final

import msgspec
from playwright.sync_api import Browser, Page, expect, sync_playwright
from rich.console import Console
from rich.table import Table

from tests.browser.chromium import find_chromium
from tests.browser.conftest import PHONE
from tests.browser.drawing import Finger
from tests.browser.play import await_start, get_target, play_round
from tests.browser.test_weight import MAX_BYTES, MAX_REQUESTS
from tests.browser.traffic import Line, Traffic, watch_traffic
from tests.serving import Server
from tests.strokes import load_fixture

SLOW: Final = Line(bits_per_second=400_000, round_trip_ms=400)
MAX_START_SECONDS: Final = 4.0

_GAME_MS: Final = 120_000
# The scripts of a page have run when its document is complete.
_START_WORKS: Final = "performance.getEntriesByType('navigation')[0].domContentLoadedEventStart"


class FirstGame(msgspec.Struct, frozen=True):
    """The result: what came until Start worked, and until the result was shown."""

    start_seconds: float
    bytes_until_start: int
    requests_until_start: int
    bytes: int
    requests: int
    socket_bytes: int
    bytes_by_path: dict[str, int]


def measure_first_game(browser: Browser, url: str, line: Line | None = SLOW) -> FirstGame:
    """Play the first sprint of a new visitor on a phone."""
    context = browser.new_context(base_url=url, **PHONE)
    page = context.new_page()
    traffic = watch_traffic(page, line)
    page.goto("/play", wait_until="domcontentloaded")
    start_seconds = page.evaluate(_START_WORKS) / 1000
    bytes_until_start, requests_until_start = traffic.received, traffic.requests
    page.get_by_test_id("start").tap()
    _play(page)
    page.wait_for_load_state("networkidle")
    result = _summarize(traffic, start_seconds, bytes_until_start, requests_until_start)
    context.close()
    return result


def _play(page: Page) -> None:
    """Play the warm-up of a first visit, then the whole sprint."""
    pen, samples, rng = Finger(page), load_fixture(), Random(1)  # noqa: S311
    lesson = page.get_by_test_id("lesson")
    expect(lesson).to_be_visible()
    play_round(page, pen, samples, rng)
    expect(lesson).to_be_hidden(timeout=_GAME_MS)
    await_start(page)
    while get_target(page):
        play_round(page, pen, samples, rng)
    expect(page.get_by_test_id("result-score")).to_be_visible(timeout=_GAME_MS)


def _summarize(traffic: Traffic, seconds: float, bytes_until_start: int, requests_until_start: int) -> FirstGame:
    return FirstGame(
        start_seconds=seconds,
        bytes_until_start=bytes_until_start,
        requests_until_start=requests_until_start,
        bytes=traffic.received,
        requests=traffic.requests,
        socket_bytes=traffic.socket_bytes,
        bytes_by_path=traffic.bytes_by_path,
    )


def main() -> int:
    """Measure, print two tables, and return 1 if a limit is exceeded."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    json = parser.parse_args().json
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder) / "var") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find_chromium())
        game = measure_first_game(browser, server.url)
        browser.close()
    if json:
        print(msgspec.json.encode(game).decode())
    else:
        _print(game)
    is_light = game.bytes <= MAX_BYTES and game.requests <= MAX_REQUESTS
    return 0 if is_light and game.start_seconds <= MAX_START_SECONDS else 1


def _print(game: FirstGame) -> None:
    console = Console()
    summary = Table("first game of a new visitor", "measured", "limit", title="400 kbit/s, 400 ms")
    summary.add_row("Start works after", f"{game.start_seconds:.2f} s", f"{MAX_START_SECONDS:.0f} s")
    summary.add_row("… bytes until then", f"{game.bytes_until_start:,}", "")
    summary.add_row("… requests until then", f"{game.requests_until_start}", "")
    summary.add_row("bytes of the whole game", f"{game.bytes:,}", f"{MAX_BYTES:,}")
    summary.add_row("requests of the whole game", f"{game.requests}", f"{MAX_REQUESTS}")
    summary.add_row("messages of the play socket, bytes", f"{game.socket_bytes:,}", "")
    console.print(summary)
    files = Table("asked for", "bytes")
    for path, size in game.bytes_by_path.items():
        files.add_row(path, f"{size:,}")
    console.print(files)


if __name__ == "__main__":
    sys.exit(main())
