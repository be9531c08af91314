"""axe-core finds nothing in any state of any page, in either theme. Tests of single pages look at more states."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.axe import list_violations
from tests.browser.conftest import Visits
from tests.browser.drawing import Mouse, draw
from tests.browser.play import await_start, get_target
from tests.browser.test_pages import PAGES
from tests.strokes import Samples


def test_axe_finds_nothing_on_a_page(visits: Visits) -> None:
    page = visits.open("about:blank")
    for path in (*PAGES, "/offline", "/no-such-page"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert list_violations(page) == [], path
    visits.complaints[:] = [text for text in visits.complaints if "404" not in text]


def test_axe_finds_nothing_from_the_warm_up_to_the_replay(visits: Visits, samples: Samples) -> None:
    page = visits.open("/play")
    page.get_by_test_id("start").click()
    expect(page.get_by_test_id("lesson")).to_be_visible()
    assert list_violations(page) == []
    page.get_by_test_id("lesson-skip").click()
    expect(page.get_by_test_id("countdown")).to_be_visible()
    assert list_violations(page) == []
    await_start(page)
    for _ in range(6):
        _play_round(page, samples)
    while not page.get_by_test_id("result").is_visible():  # a finished game is on the leaderboard
        page.keyboard.press("s")
        page.wait_for_timeout(100)
    expect(page.locator("body")).to_have_attribute("data-locked", "false")
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


def _play_round(page: Page, samples: Samples) -> None:
    target = get_target(page)
    draw(page, Mouse(page), samples.get(target)[0].place(0.6, 0.2, 0.2), lambda: get_target(page) != target)
    try:
        expect(page.get_by_test_id("target")).not_to_have_text(target, timeout=3_000)
    except AssertionError:
        page.keyboard.press("s")
