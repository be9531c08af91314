"""Drawing freely, and saying whether it was read right."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visits
from tests.browser.drawing import Finger, Mouse, draw
from tests.strokes import Samples


def test_a_drawing_is_read_and_confirmed(visits: Visits, samples: Samples) -> None:
    page = visits.open("/draw")
    draw(page, Mouse(page), samples.of("8")[0].placed())
    expect(page.get_by_test_id("candidate").first).to_contain_text("8")
    expect(page.get_by_test_id("seen")).to_be_visible()
    expect(page.get_by_test_id("seen")).to_have_js_property("naturalWidth", 28)
    expect(page.get_by_test_id("seen")).to_have_js_property("naturalHeight", 28)
    with page.expect_response("**/feedback") as answered:
        page.get_by_test_id("yes").click()
    assert answered.value.status == 200
    assert answered.value.json()["verdict"] == "confirmed"
    expect(page.get_by_test_id("feedback-done")).to_be_visible()


def test_a_reading_is_corrected(visits: Visits, samples: Samples) -> None:
    page = visits.open("/draw")
    draw(page, Mouse(page), samples.of("8")[1].placed())
    expect(page.get_by_test_id("candidate").first).to_contain_text("8")
    page.get_by_test_id("no").click()
    page.get_by_test_id("correct-label").fill("B")
    with page.expect_response("**/feedback") as answered:
        page.get_by_test_id("send-label").click()
    assert answered.value.status == 200
    assert (answered.value.json()["label"], answered.value.json()["verdict"]) == ("B", "corrected")
    expect(page.get_by_test_id("feedback-done")).to_be_visible()


def test_undo_and_clear_are_read_too(visits: Visits, samples: Samples) -> None:
    page = visits.open("/draw")
    drawing = samples.of("T")[0].placed()
    draw(page, Mouse(page), drawing)
    expect(page.get_by_test_id("candidate").first).to_be_visible()
    for _ in drawing[1:]:
        page.get_by_test_id("undo").click()
    expect(page.get_by_test_id("candidate").first).to_be_visible()
    page.get_by_test_id("clear").click()
    expect(page.get_by_test_id("candidate")).to_have_count(0)
    expect(page.get_by_test_id("yes")).not_to_be_visible()


def test_an_alphabet_narrows_what_is_seen(visits: Visits, samples: Samples) -> None:
    page = visits.open("/draw")
    page.get_by_test_id("alphabet-digits").check(force=True)
    # A letter, of which no reader can say which digit it is: what is seen must be one all the same.
    draw(page, Mouse(page), samples.of("Z")[0].placed())
    expect(page.get_by_test_id("candidate").first).to_contain_text(re.compile(r"^\s*\d\s"))


def test_a_finger_draws_without_moving_the_page(visits: Visits, samples: Samples) -> None:
    page = visits.open("/draw", **PHONE)
    _finger_draws(page, samples)


def test_a_finger_draws_on_a_phone_held_sideways(visits: Visits, samples: Samples) -> None:
    page = visits.open("/draw", **(PHONE | {"viewport": {"width": 844, "height": 390}}))
    _finger_draws(page, samples)


def _finger_draws(page: Page, samples: Samples) -> None:
    page.get_by_test_id("pad").scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    draw(page, Finger(page), samples.of("3")[0].placed(0.6, 0.2, 0.2))
    assert page.evaluate("scrollY") == before
    expect(page.get_by_test_id("candidate").first).to_contain_text("3")
