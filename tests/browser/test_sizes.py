"""Pages fit with text twice as large, Start and Play again are in sight, and forced colors hide nothing."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visits
from tests.browser.play import await_start, skip_round, start
from tests.browser.screens import SMALL_SCREENS, check_in_sight, check_width
from tests.browser.test_pages import PAGES

LANGUAGES: Final = ("en", "de", "es", "fr", "ja")
FORCED: Final = """(element) => {
    const { backgroundColor, borderTopWidth } = getComputedStyle(element);
    return [backgroundColor, parseFloat(borderTopWidth)];
}"""


def _check_large_text(page: Page, state: str) -> None:
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    for width, height in SMALL_SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        check_width(page, state)
    page.evaluate("document.documentElement.style.fontSize = ''")


def test_pages_fit_with_text_twice_as_large(visits: Visits) -> None:
    page = visits.open("about:blank", **PHONE, locale="de")
    for path in PAGES:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        _check_large_text(page, path)
    page.goto("/play")
    start(page)
    _check_large_text(page, "a game")
    skip_round(page)
    page.keyboard.press("q")
    expect(page.get_by_test_id("result")).to_be_visible()
    _check_large_text(page, "a result")
    visits.forgive("/api/games/")


def test_start_and_play_again_are_in_sight_on_a_phone(visits: Visits) -> None:
    page = visits.open("about:blank", **PHONE)
    for language in LANGUAGES:
        page.goto(f"/play?lang={language}")
        check_in_sight(page, "start")
    page.goto("/play?lang=fr")
    start(page)
    skip_round(page)
    page.keyboard.press("q")
    check_in_sight(page, "again")
    # The page asks for the result of a game that was ended early until the server has it.
    visits.forgive("/api/games/")


def test_forced_colors_leave_the_clock_and_the_pad_in_sight(visits: Visits) -> None:
    page = visits.open("/play", forced_colors="active", color_scheme="dark")
    start(page)
    await_start(page)
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    color, _ = page.locator(".play-clock span").evaluate(FORCED)
    assert color != background
    for part in (".play-clock", ".play-pad"):
        _, border = page.locator(part).evaluate(FORCED)
        assert border >= 1
