"""Pictures that are read again on the upload page, and changes that are undone."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect

from tests.browser.axe import list_violations
from tests.browser.conftest import Visits
from tests.browser.test_upload import choose, picture
from tests.recognition.page.paper import encode_picture, write_page
from tests.strokes import Samples, load_fixture


def count_rounds(page: Page) -> int:
    return len(page.request.get("/api/me/rounds").text().splitlines())


def open_dog(visits: Visits) -> Page:
    page = visits.open("/upload")
    page.get_by_test_id("upload-alphabet-upper").check(force=True)
    choose(page, "page.png", "image/png", encode_picture(write_page(load_fixture(), "DOG").picture))
    expect(page.get_by_test_id("text")).to_have_text("DOG")
    return page


def test_a_turned_picture_replaces_its_rounds_however_fast_it_is_turned(visits: Visits, samples: Samples) -> None:
    page = visits.open("/upload")
    choose(page, "r.png", "image/png", picture(samples, "R"))
    expect(page.get_by_test_id("text")).to_have_text("R")
    assert count_rounds(page) == 1
    page.get_by_test_id("turn-right").dblclick()
    page.get_by_test_id("turn-right").dblclick()
    expect(page.locator(".upload")).to_have_attribute("data-state", "read")
    expect(page.get_by_test_id("text")).to_have_text("R")
    assert count_rounds(page) == 1


def test_a_response_that_is_lost_leaves_no_second_rounds(visits: Visits, samples: Samples) -> None:
    page = visits.open("/upload")

    def lose(route: Route) -> None:
        """Let the server store the picture, and lose its response."""
        route.fetch()
        route.abort("connectionreset")

    page.route("**/api/upload", lose, times=1)
    choose(page, "seven.png", "image/png", picture(samples, "7"))
    expect(page.get_by_test_id("text")).to_have_text("7")
    assert count_rounds(page) == 1
    visits.forgive("ERR_")


def test_a_picture_whose_response_is_not_waited_for_is_not_kept(visits: Visits, samples: Samples) -> None:
    page = visits.open("/upload")

    def hold(route: Route) -> None:
        """Let the server store the picture, and hold back its response."""
        route.fetch()
        page.evaluate("document.querySelector('.upload').dataset.stored = 'true'")

    page.route("**/api/upload", hold, times=1)
    choose(page, "seven.png", "image/png", picture(samples, "7"))
    expect(page.locator(".upload[data-stored]")).to_be_attached()
    with page.expect_response("**/api/uploads/*") as deleted:
        page.get_by_test_id("cancel").click()
    assert deleted.value.status == 200
    assert count_rounds(page) == 0
    visits.forgive("ERR_")


def test_a_corrected_text_is_read_again_only_if_the_person_agrees(visits: Visits) -> None:
    page = open_dog(visits)
    with page.expect_response("**/feedback"):
        page.get_by_test_id("text").get_by_role("option").nth(1).press("Q")
    ask = page.get_by_test_id("ask")
    page.get_by_test_id("turn-right").click()
    expect(ask).to_be_visible()
    expect(page.get_by_test_id("ask-no")).to_be_focused()
    assert list_violations(page) == []
    page.get_by_test_id("ask-no").click()
    expect(page.get_by_test_id("text")).to_have_text("DQG")
    page.get_by_test_id("turn-left").click()
    page.keyboard.press("Escape")
    expect(ask).not_to_be_visible()
    expect(page.get_by_test_id("text")).to_have_text("DQG")
    page.get_by_test_id("upload-alphabet-letters").check(force=True)
    page.get_by_test_id("again").click()
    with page.expect_response("**/api/upload") as answered:
        page.get_by_test_id("ask-yes").click()
    stored = [character["round"] for character in answered.value.json()["characters"]]
    assert count_rounds(page) == len(stored)
    expect(page.get_by_test_id("text")).not_to_have_text("DQG")


def test_changes_are_undone_one_after_the_other(visits: Visits) -> None:
    page = open_dog(visits)
    text, undo = page.get_by_test_id("text"), page.get_by_test_id("undo")
    expect(undo).not_to_be_visible()
    with page.expect_response("**/feedback"):
        text.get_by_role("option").nth(1).press("Q")
    with page.expect_response("**/api/rounds/*"):
        text.get_by_role("option").nth(2).press("Delete")
    expect(text).to_have_text("DQ")
    expect(page.get_by_test_id("copied")).to_have_text("I left out: uppercase G.")
    with page.expect_response("**/api/upload"):
        undo.click()
    expect(text).to_have_text("DQG")
    with page.expect_response("**/feedback") as answered:
        undo.click()
    assert answered.value.json()["label"] == "O"
    expect(text).to_have_text("DOG")
    expect(undo).not_to_be_visible()
    expect(text.get_by_role("option").nth(1)).to_be_focused()
    assert count_rounds(page) == 3
