"""The page "My letters": what it shows of a player, practice of the weakest characters, and another device."""

from __future__ import annotations

import re
from functools import partial
from random import Random

from playwright.sync_api import BrowserContext, Locator, Page, expect

from game.web.players import COOKIE
from tests.browser.axe import list_violations
from tests.browser.conftest import PHONE, Visits
from tests.browser.drawing import Finger, Mouse, draw
from tests.browser.play import await_start, get_target, play_round, skip_to_the_end, start
from tests.strokes import Samples


def test_a_sprint_fills_the_page_and_practice_of_the_weakest_changes_it(visits: Visits, samples: Samples) -> None:
    page = visits.open("/me", **PHONE)
    expect(page.get_by_test_id("empty")).to_be_visible()
    page.get_by_test_id("play").tap()
    start(page)
    understood = _hit(page, samples)
    misread = _draw_something_else(page, samples)
    skip_to_the_end(page)

    page.goto("/me")
    expect(page.get_by_test_id("summary")).to_contain_text("understood")
    expect(page.get_by_text("too few to be sure")).to_be_visible()
    expect(_figure(page, misread)).to_have_text("0%")
    expect(_cell(page, "A")).to_have_accessible_name("uppercase A: not played yet")
    expect(page.get_by_test_id("misread").get_by_role("button")).to_contain_text(f"Your {misread}")
    expect(page.get_by_text("A line needs two days")).to_be_visible()

    assert list_violations(page) == []
    _cell(page, misread).focus()
    page.keyboard.press("Enter")
    details = page.get_by_test_id("details")
    expect(details.get_by_role("heading", name=misread, exact=True)).to_be_visible()
    expect(details.get_by_test_id("yours")).to_contain_text("read as")
    others = details.get_by_test_id("how-to").locator("canvas")
    expect(others).to_have_count(3)
    page.wait_for_function("() => document.querySelector('.how-to canvas').width > 300")
    assert list_violations(page) == []
    page.keyboard.press("Escape")
    expect(details).to_be_hidden()
    expect(_cell(page, misread)).to_be_focused()

    weakest = page.get_by_test_id("practice-weakest")
    characters = set((weakest.locator("b").text_content() or "").split())
    assert len(characters) == 5
    assert understood not in characters
    weakest.tap()
    await_start(page)
    practiced = get_target(page)
    assert practiced in characters
    assert _hit(page, samples, Finger(page)) == practiced
    page.goto("/me")
    expect(_figure(page, practiced)).to_have_text(re.compile("[1-9]"))

    game = page.get_by_test_id("games").get_by_role("link", name="Sprint")
    assert game.evaluate("(link) => link.pathname.startsWith('/games/')")
    game.tap()
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".game-drawing")).not_to_have_count(0)


def test_another_device_becomes_that_of_the_same_player(visits: Visits, samples: Samples) -> None:
    old, new = visits.open("/draw"), visits.open("/draw", **PHONE)
    for page in (old, new):
        draw(page, Mouse(page), samples.get("8")[0].place())
        with page.expect_response("**/feedback"):
            page.get_by_test_id("yes").click()
    old.goto("/me")
    old.get_by_test_id("make-code").click()
    expect(old.get_by_test_id("code")).to_have_text(re.compile("-.{4}-"))
    code = old.get_by_test_id("code").inner_text()
    expect(old.get_by_text("It works once")).to_contain_text(re.compile("10:00|9:5"))
    expect(old.get_by_role("img", name="QR code")).to_be_visible()

    before = _get_player(new.context)
    new.goto(f"/me?code={code}")
    ask = new.get_by_test_id("ask")
    expect(ask).to_contain_text("The 1 round of this device is not merged")
    assert "code" not in new.url
    new.get_by_test_id("no").tap()
    expect(ask).to_be_hidden()
    assert _get_player(new.context) == before

    new.get_by_test_id("enter-code").fill(code.lower().replace("-", " "))
    new.get_by_test_id("use-code").tap()
    new.get_by_test_id("yes").tap()
    done = new.get_by_text("Done. This device now has your 1 round.")
    expect(done).to_contain_text("1 round of this device was left behind.")
    expect(done).to_be_focused()
    assert _get_player(new.context) == _get_player(old.context) != before

    new.get_by_test_id("enter-code").fill(code)
    new.get_by_test_id("use-code").tap()
    new.get_by_test_id("yes").tap()
    expect(ask).to_contain_text("This code doesn't work.")
    new.keyboard.press("Escape")
    expect(new.get_by_test_id("enter-code")).to_be_visible()
    visits.forgive("404")


def _cell(page: Page, character: str) -> Locator:
    return page.get_by_test_id("map").locator(f"[data-character='{character}']")


def _figure(page: Page, character: str) -> Locator:
    return _cell(page, character).locator(".cell-figure")


def _get_player(context: BrowserContext) -> str:
    (value,) = [cookie["value"] for cookie in context.cookies() if cookie["name"] == COOKIE]
    return value.partition(".")[0]


def _hit(page: Page, samples: Samples, pen: Finger | None = None) -> str:
    """Draw until a character is understood, and return it."""
    rng = Random(1)  # noqa: S311
    while True:
        target = get_target(page)
        if play_round(page, pen or Mouse(page), samples, rng):
            return target
        page.get_by_test_id("clear").click()


def _draw_something_else(page: Page, samples: Samples) -> str:
    """Draw another character than the one that is asked for, give up, and return what was asked for."""
    target = ""
    while get_target(page) != target:  # the beginning of a drawing may be understood as what is asked for
        target = get_target(page)
        other = samples.get("7" if target == "3" else "3")[0]
        draw(page, Mouse(page), other.place(), partial(_has_other_target, page, target))
        page.wait_for_function(
            """(asked) => {
                const read = (name) => document.querySelector(`[data-testid=${name}]`).textContent;
                return read("target") !== asked || /[37]/.test(read("guess"));
            }""",
            arg=target,
        )
    page.get_by_test_id("skip").click()
    expect(page.get_by_test_id("target")).not_to_have_text(target)
    return target


def _has_other_target(page: Page, target: str) -> bool:
    return get_target(page) != target
