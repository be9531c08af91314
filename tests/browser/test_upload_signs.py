"""Signs on the upload page: pale marks in the picture, until somebody says what they are."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.axe import list_violations
from tests.browser.conftest import DESKTOP, PHONE, Visits
from tests.browser.test_upload import choose
from tests.recognition.page.paper import encode_picture, write_page
from tests.strokes import load_fixture


def take_for_sign(route: Route) -> None:
    """Let the server read the picture, and take its second character for a sign."""
    response = route.fetch()
    body = response.json()
    if len(body["characters"]) > 1:
        character = body["characters"].pop(1)
        names = ("box", "label", "confidence", "candidates", "image")
        body |= {"signs": [{name: character[name] for name in names}], "frames": 3}
        body["text"] = body["text"][0] + body["text"][2:]
    route.fulfill(response=response, json=body)


def open_page_with_sign(visits: Visits, *, is_phone: bool) -> Page:
    page = visits.open("/upload", **(PHONE if is_phone else DESKTOP))
    page.route("**/api/upload", take_for_sign)
    page.get_by_test_id("upload-alphabet-upper").check(force=True)
    choose(page, "page.png", "image/png", encode_picture(write_page(load_fixture(), "BAD DOG").picture))
    expect(page.get_by_test_id("text")).to_have_text("BD DOG")
    expect(page.get_by_test_id("frames")).to_have_text("This file has 3 pages. I read the first.")
    return page


@pytest.mark.parametrize("is_phone", [False, True])
def test_a_sign_becomes_a_letter_that_is_stored_and_is_taken_back(visits: Visits, *, is_phone: bool) -> None:
    page = open_page_with_sign(visits, is_phone=is_phone)
    box = page.locator(".picture-box[data-sign=true]").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    panel = page.get_by_test_id("letter")
    expect(panel).to_contain_text("I took this for a sign")
    expect(panel.get_by_test_id("chip").first).to_be_focused()
    assert list_violations(page) == []
    with page.expect_response("**/feedback") as answered:
        panel.get_by_test_id("chip").first.click()
    assert (answered.value.json()["label"], answered.value.status) == ("A", 200)
    expect(page.get_by_test_id("text")).to_have_text("BAD DOG")
    expect(page.get_by_test_id("signs")).not_to_be_visible()
    with page.expect_response("**/api/rounds/*") as deleted:
        panel.get_by_test_id("leave-out").click()
    assert (deleted.value.request.method, deleted.value.status) == ("DELETE", 200)
    expect(page.get_by_test_id("text")).to_have_text("BD DOG")


def test_signs_are_reached_by_keyboard_and_arrow_keys_pass_them(visits: Visits) -> None:
    page = open_page_with_sign(visits, is_phone=False)
    letters = page.get_by_test_id("text").get_by_role("option")
    letters.first.press("ArrowRight")
    expect(letters.nth(1)).to_be_focused()
    assert letters.nth(1).get_attribute("aria-label") == "uppercase D, 2 of 5"
    page.locator("[data-testid=signs] summary").press("Enter")
    sign = page.get_by_role("button", name="Sign 1 of 1")
    sign.press("Enter")
    expect(page.get_by_test_id("chip").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(sign).to_be_focused()
    page.get_by_test_id("correct-label").press_sequentially("(")
    expect(page.get_by_test_id("text")).to_have_text("B(D DOG")
    expect(page.get_by_test_id("letter-status")).to_contain_text("do not save")


def test_a_character_that_is_none_is_deleted_and_can_come_back(visits: Visits) -> None:
    page = open_page_with_sign(visits, is_phone=False)
    with page.expect_response("**/api/rounds/*") as deleted:
        page.get_by_test_id("text").get_by_role("option").last.press("Delete")
    assert deleted.value.status == 200
    expect(page.get_by_test_id("text")).to_have_text("BD DO")
    page.get_by_test_id("leave-out").click()
    expect(page.get_by_test_id("text")).to_have_text("BD DOG")
    expect(page.get_by_test_id("letter-status")).to_have_text("I saved its cutout.")
