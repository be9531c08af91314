"""The play page while the server restarts or cannot store: it says so, waits, and goes on by itself."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from random import Random

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import impatient
from tests.browser.conftest import DESKTOP
from tests.browser.drawing import Mouse, count_ink, draw
from tests.browser.play import await_start, get_target, play_hits, start
from tests.serving import Server
from tests.strokes import Samples

RESUME_MS = 30_000
AWAY_MS = round(1000 * (impatient.SECONDS + 1))
IS_IN_SIGHT = """(element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const front = document.elementFromPoint(left + width / 2, top + height / 2);
    return element.contains(front) || front.contains(element);
}"""


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start a server that the test may stop."""
    with Server(tmp_path_factory.mktemp("restart") / "var") as running:
        yield running


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """Open the play page. A browser complains about a server that is away, and that is right."""
    context = browser.new_context(base_url=server.url, **DESKTOP)
    opened = context.new_page()
    opened.goto("/play")
    yield opened
    context.close()


def test_a_game_goes_on_by_itself_after_a_restart(page: Page, server: Server, samples: Samples) -> None:
    start(page)
    pen = Mouse(page)
    play_hits(page, pen, samples, Random(4))  # noqa: S311
    score, target = page.get_by_test_id("score").inner_text(), get_target(page)
    other = next(label for label in "WX" if label != target)
    draw(page, pen, samples.get(other)[0].place(0.5, 0.1, 0.1))
    page.wait_for_timeout(500)
    ink = count_ink(page.get_by_test_id("pad"))
    page.get_by_test_id("skip").focus()

    server.stop()
    notice = page.get_by_test_id("offline")
    expect(notice).to_contain_text("The server is restarting")
    expect(page.locator(".play-announcement")).to_have_text(notice.inner_text())
    seconds = int(page.get_by_test_id("time").inner_text())
    page.wait_for_timeout(1500)
    assert int(page.get_by_test_id("time").inner_text()) == seconds
    server.start()

    expect(notice).not_to_be_visible(timeout=RESUME_MS)
    expect(page.locator(".play-announcement")).to_have_text("Your game goes on.")
    expect(page.get_by_test_id("skip")).to_be_focused()
    expect(page.get_by_test_id("target")).to_have_text(target)
    expect(page.get_by_test_id("score")).to_have_text(score)
    assert count_ink(page.get_by_test_id("pad")) > ink / 2
    assert seconds - 2 <= int(page.get_by_test_id("time").inner_text()) <= seconds + 1
    page.keyboard.press("s")
    expect(page.get_by_test_id("target")).not_to_have_text(target)
    expect(page.get_by_test_id("target")).to_have_text(re.compile(r"\S"))
    expect(page.get_by_test_id("result")).not_to_be_visible()


def test_the_page_says_that_the_store_fails_and_goes_on(page: Page, server: Server) -> None:
    start(page)
    target = get_target(page)
    notice = page.get_by_test_id("offline")
    with closing(sqlite3.connect(server.var / "inkrush.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # nobody else can write
        page.get_by_test_id("skip").click()
        expect(notice).to_contain_text("cannot save your game right now")
        seconds = page.get_by_test_id("time").inner_text()
        page.wait_for_timeout(1500)
        expect(page.get_by_test_id("time")).to_have_text(seconds)
        expect(page.get_by_test_id("target")).to_have_text(target)
    expect(page.get_by_test_id("target")).not_to_have_text(target)
    expect(notice).not_to_be_visible()


def test_a_game_goes_on_after_its_server_was_killed(page: Page, server: Server, samples: Samples) -> None:
    start(page)
    play_hits(page, Mouse(page), samples, Random(4))  # noqa: S311
    score, target = page.get_by_test_id("score").inner_text(), get_target(page)

    server.kill()
    notice = page.get_by_test_id("offline")
    expect(notice).to_contain_text("Connection lost")
    for name in ("time", "score", "pad"):  # nothing is covered
        assert page.get_by_test_id(name).evaluate(IS_IN_SIGHT)
    server.start()
    expect(notice).not_to_be_visible(timeout=RESUME_MS)
    expect(page.get_by_test_id("target")).to_have_text(target)
    expect(page.get_by_test_id("score")).to_have_text(score)


def test_who_is_away_for_too_long_finds_the_result(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, samples: Samples
) -> None:
    with Server(tmp_path_factory.mktemp("away") / "var", module="tests.impatient") as server:
        context = browser.new_context(base_url=server.url, **DESKTOP)
        page = context.new_page()
        page.goto("/play")
        start(page)
        play_hits(page, Mouse(page), samples, Random(4))  # noqa: S311
        score = page.get_by_test_id("score").inner_text()
        page.goto("/leaderboard")
        page.wait_for_timeout(AWAY_MS)
        page.go_back()
        expect(page.get_by_test_id("result-score")).to_have_text(score)
        expect(page.get_by_test_id("result-round").first).to_be_visible()
        page.goto("/play")
        expect(page.get_by_test_id("last-result")).to_contain_text(score)

        page.get_by_test_id("start").click()
        await_start(page)
        page.context.set_offline(True)
        expect(page.get_by_test_id("offline")).to_contain_text("The clock runs on")
        page.wait_for_timeout(AWAY_MS + 1000)
        page.context.set_offline(False)
        expect(page.get_by_test_id("result")).to_be_visible(timeout=RESUME_MS)
        context.close()
