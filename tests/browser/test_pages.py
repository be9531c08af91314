"""What holds for every page: it fits, in both themes, and its browser reports no errors."""

from __future__ import annotations

from typing import Final, Literal

import pytest
from playwright.sync_api import expect

from tests.browser.audits import FAINT_TEXTS, FINISH_TRANSITIONS, SMALL_TARGETS
from tests.browser.conftest import PHONE, Visits
from tests.browser.screens import check_width

PAGES: Final = (
    "/", "/play", "/draw", "/upload", "/leaderboard", "/model", "/me", "/me/hand", "/privacy", "/class", "/room",
)  # fmt: skip
WIDTHS: Final = (320, 360, 390, 600, 768, 1024, 1440)

Scheme = Literal["light", "dark"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_every_width(visits: Visits, path: str, scheme: Scheme) -> None:
    page = visits.open(path, color_scheme=scheme)
    expect(page.locator("h1").filter(visible=True)).to_have_count(1)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.title()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        check_width(page, path)


@pytest.mark.parametrize("path", PAGES)
def test_text_has_enough_contrast(visits: Visits, path: str) -> None:
    for scheme in ("light", "dark"):
        page = visits.open(path, color_scheme=scheme)
        page.wait_for_timeout(300)
        page.evaluate(FINISH_TRANSITIONS)
        assert page.evaluate(FAINT_TEXTS) == [], scheme


def test_a_chosen_theme_is_remembered(visits: Visits) -> None:
    background = "getComputedStyle(document.body).backgroundColor + getComputedStyle(document.body).color"
    page = visits.open("/", color_scheme="light")
    day = page.evaluate(background)
    page.get_by_test_id("theme").click()
    expect(page.locator("body")).not_to_have_css("color", day[day.rindex("rgb") :])
    page.goto("/draw")
    page.evaluate(FINISH_TRANSITIONS)
    chosen = page.evaluate(background)
    night = visits.open("/draw", color_scheme="dark").evaluate(background)
    assert chosen == night != day


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_nothing_from_other_sites(visits: Visits, path: str) -> None:
    page = visits.open("about:blank")
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    page.goto(path)
    page.wait_for_load_state("load")
    own = page.evaluate("location.origin")
    assert [url for url in urls if not url.startswith((own, "data:", "blob:"))] == []


def test_an_unknown_address_shows_an_error_page(visits: Visits) -> None:
    page = visits.open("/no-such-page")
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_role("link", name="play").first).to_be_visible()
    visits.forgive("404")


@pytest.mark.parametrize("path", PAGES)
def test_controls_are_large_enough_for_a_finger(visits: Visits, path: str) -> None:
    page = visits.open(path, **PHONE)
    assert page.evaluate(SMALL_TARGETS) == []
