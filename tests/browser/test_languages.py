"""Pages in every language: chosen at the bottom of the page, remembered, and never too wide."""

from __future__ import annotations

import json
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from game.app import CLIENT
from tests.browser.conftest import Visits
from tests.browser.screens import SMALL_SCREENS, check_width
from tests.browser.test_pages import PAGES

LANGUAGES: Final = {path.stem: json.loads(path.read_bytes()) for path in (CLIENT / "messages").glob("*.json")}
SIZES: Final = ((320, 640), *SMALL_SCREENS)

# Words cut off at the edge of something smaller than the page, such as a button.
CUT_WORDS: Final = """() => [...document.querySelectorAll("button, .button, label, nav a, th, dt")]
    .filter((element) => element.checkVisibility({ visibilityProperty: true }))
    .filter((element) => getComputedStyle(element).display !== "inline" && element.clientWidth > 1)
    .filter((element) => element.scrollWidth > element.clientWidth + 1)
    .map((element) => element.outerHTML.slice(0, 120))
"""


def check_widths(page: Page) -> None:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        check_width(page, page.url)
        assert page.evaluate(CUT_WORDS) == [], f"{page.url} at {width} px"


@pytest.mark.parametrize("code", sorted(set(LANGUAGES) - {"en"}))  # test_pages.py does so in English
def test_every_page_fits_in_a_language(visits: Visits, code: str) -> None:
    page = visits.open("/", locale=code)
    for path in PAGES:
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("lang", code)
        check_widths(page)


def test_every_page_fits_when_it_is_written_from_right_to_left(visits: Visits) -> None:
    page = visits.open("/")
    for path in PAGES:
        page.goto(path)
        page.evaluate("document.documentElement.dir = 'rtl'")
        check_widths(page)


def test_a_person_chooses_a_language(visits: Visits) -> None:
    page = visits.open("/leaderboard?alphabet=upper", locale="fr")
    expect(page.locator("h1")).to_have_text(LANGUAGES["fr"]["board"]["title"])
    page.get_by_role("link", name="Deutsch").click()
    expect(page.locator("h1")).to_have_text(LANGUAGES["de"]["board"]["title"])
    expect(page.get_by_test_id("board-alphabet-upper")).to_be_checked()
    page.goto("/draw")
    expect(page.locator(".reading-text")).to_have_text(LANGUAGES["de"]["drawing"]["empty"])
