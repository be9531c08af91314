"""One whole sprint, drawn with the mouse by a player with a hostile name, and what it leads to."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from game.rules import tuning
from tests.browser.conftest import Visits
from tests.browser.drawing import Mouse, count_ink
from tests.browser.play import await_start, get_target, play_round, start
from tests.serving import Server
from tests.strokes import Samples

NAME: Final = "<img src=x>&amp; Ada"
ENOUGH: Final = 6
"""Hits in the game. After them the test only skips, since more hits would add time."""
LAST_SECONDS: Final = 8
"""What the skips leave on the clock. The test lets this run out."""
LONGEST_SECONDS: Final = 150.0


@dataclass
class Played:
    """A finished game, its result still on the page."""

    page: Page
    visits: Visits
    understood: int
    misread: int
    skipped: int
    seconds: float


PRESS_AT_THE_END: Final = """() => {
    const play = document.querySelector(".play");
    new MutationObserver(() => {
        if (play.dataset.state !== "result") return;
        document.querySelector("[data-testid=again]").click();
        for (const key of ["Enter", " "]) {
            document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        }
    }).observe(play, { attributeFilter: ["data-state"] });
}"""
"""Presses what would start a new game in the very moment in which the result appears."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start a server of its own, on whose leaderboards nobody else is."""
    with Server(tmp_path_factory.mktemp("site") / "var") as server:
        yield server


@pytest.fixture(scope="module")
def played(browser: Browser, site: Server, samples: Samples) -> Iterator[Played]:
    """Play once for all tests here, because it takes long."""
    rng = Random(5)  # noqa: S311
    visits = Visits(browser, site.url)
    page = visits.open("/play")
    start(page, name=NAME)
    page.evaluate(PRESS_AT_THE_END)
    game = Played(page, visits, 0, 0, 0, 0.0)
    pen = Mouse(page)
    result = page.get_by_test_id("result")
    begun = time.monotonic()
    while not result.is_visible():
        game.seconds = time.monotonic() - begun
        assert game.seconds < LONGEST_SECONDS, "The game does not end"
        if game.understood < ENOUGH:
            if play_round(page, pen, samples, rng):
                game.understood += 1
            elif get_target(page):
                page.keyboard.press("s")  # the button could be gone by now; a key is ignored then
                game.misread += 1
        elif _number(page.get_by_test_id("time").inner_text()) > LAST_SECONDS:
            target = get_target(page)
            page.keyboard.press("s")
            expect(page.get_by_test_id("target")).not_to_have_text(target)
            game.skipped += 1
        else:
            page.wait_for_timeout(200)
    expect(page.locator("body")).to_have_attribute("data-locked", "false")
    yield game
    visits.close()
    assert visits.complaints == []


def test_most_drawings_are_understood(played: Played) -> None:
    assert played.understood == ENOUGH
    assert played.misread <= 1
    skipped_ms = tuning.SKIP_COST_MS * (played.misread + played.skipped)
    assert 1000 * played.seconds + skipped_ms >= tuning.DURATION_MS - 5000


def test_a_tap_at_the_end_starts_no_new_game(played: Played) -> None:
    expect(played.page.get_by_test_id("result")).to_be_visible()


def test_the_result_shows_score_rank_and_every_drawing(played: Played) -> None:
    page = played.page
    assert _number(page.get_by_test_id("result-score").inner_text()) > 0
    expect(page.get_by_test_id("result-rank")).to_contain_text("1")
    rounds = page.get_by_test_id("result-round")
    assert rounds.count() >= played.understood
    for nth in range(3):
        rounds.nth(nth).scroll_into_view_if_needed()
        expect(rounds.nth(nth)).to_be_visible()
        assert count_ink(rounds.nth(nth).locator("canvas").first) > 0


def test_a_round_of_the_result_can_be_confirmed(played: Played) -> None:
    first = played.page.get_by_test_id("result-round").first
    first.locator("summary").click()
    with played.page.expect_response("**/feedback") as answered:
        first.get_by_test_id("yes").click()
    assert answered.value.json()["verdict"] == "confirmed"
    expect(first.get_by_test_id("feedback-done")).to_be_visible()


def test_a_round_of_the_result_can_be_explained(played: Played) -> None:
    second = played.page.get_by_test_id("result-round").nth(1)
    second.locator("summary").click()
    second.get_by_test_id("why").click()
    expect(second.get_by_test_id("why-answer")).to_contain_text("rather than")
    assert count_ink(second.get_by_test_id("why-drawing")) > 0


def test_its_player_finds_it_on_the_leaderboard_by_name(played: Played) -> None:
    score = _number(played.page.get_by_test_id("result-score").inner_text())
    board = played.visits.open_as(played.page.context, "/leaderboard")
    own = board.locator("[data-testid=entry][data-you=true]")
    expect(own).to_have_count(1)
    expect(own).to_contain_text(NAME)
    assert score in {_number(text) for text in own.locator("td").all_inner_texts()}
    assert board.locator("img[src=x]").count() == 0


def test_it_is_on_its_own_board_only(played: Played) -> None:
    board = played.visits.open_as(played.page.context, "/leaderboard")
    board.get_by_test_id("board-alphabet-upper").check(force=True)
    expect(board.get_by_test_id("empty")).to_be_visible()
    expect(board.get_by_test_id("entry")).to_have_count(0)
    board.get_by_test_id("board-alphabet-digits").check(force=True)
    for period in ("day", "week", "all"):
        board.get_by_test_id(f"board-period-{period}").check(force=True)
        expect(board.locator("[data-testid=entry][data-you=true]")).to_have_count(1)


def test_others_see_the_name_as_text(played: Played, visits: Visits) -> None:
    board = visits.open("/leaderboard")
    entry = board.get_by_test_id("entry").first
    expect(entry).to_contain_text(NAME)
    expect(board.locator("[data-you=true]")).to_have_count(0)
    entry.click()
    expect(board.get_by_role("dialog")).to_contain_text(NAME)
    assert board.locator("img[src=x]").count() == 0
    assert played.page.locator("img[src=x]").count() == 0


def test_another_game_is_one_key_away(played: Played) -> None:
    again = played.page.get_by_test_id("again")
    again.focus()
    played.page.keyboard.press("Enter")
    await_start(played.page)
    expect(played.page.get_by_test_id("result")).not_to_be_visible()


def _number(text: str) -> int:
    digits = re.sub(r"\D", "", text)
    return int(digits) if digits else -1
