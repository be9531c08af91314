"""axe-core finds nothing in any state of any page, in either theme. Tests of single pages look at more states."""

from __future__ import annotations

from random import Random

from playwright.sync_api import expect

from game.rules import tuning
from tests.browser.axe import list_violations
from tests.browser.conftest import Visits
from tests.browser.drawing import Mouse
from tests.browser.play import await_start, play_hits, skip_to_the_end
from tests.browser.test_pages import PAGES
from tests.strokes import Samples


def test_axe_finds_nothing_on_a_page(visits: Visits) -> None:
    page = visits.open("about:blank")
    for path in (*PAGES, "/offline", "/no-such-page"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert list_violations(page) == [], path
    visits.forgive("404")


def test_axe_finds_nothing_from_the_warm_up_to_the_replay(visits: Visits, samples: Samples) -> None:
    page = visits.open("/play")
    page.get_by_test_id("start").click()
    expect(page.get_by_test_id("lesson")).to_be_visible()
    assert list_violations(page) == []
    page.get_by_test_id("lesson-skip").click()
    expect(page.get_by_test_id("countdown")).to_be_visible()
    assert list_violations(page) == []
    await_start(page)
    # With fewer hits the game would not be on the leaderboard.
    play_hits(page, Mouse(page), samples, Random(1), tuning.LEAST_RANKED_HITS)  # noqa: S311
    skip_to_the_end(page)
    page.locator(".result-round summary").first.click()
    page.get_by_test_id("no").first.click()
    page.get_by_test_id("why").first.click()
    expect(page.get_by_test_id("why-answer").first).to_be_visible()
    assert list_violations(page) == []

    page.goto("/leaderboard")
    page.get_by_test_id("entry").first.get_by_role("button").click()
    expect(page.locator("dialog.game")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert list_violations(page) == []
    page.goto("/me")
    page.wait_for_load_state("networkidle")
    assert list_violations(page) == []
