"""The draw page: drawing freely, and saying whether it was read right."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from recognition.alphabets import ALPHABETS
from tests.browser.audits import FAINT_TEXTS, SMALL_TARGETS
from tests.browser.axe import list_violations
from tests.browser.conftest import PHONE, Visits
from tests.browser.drawing import SCRIBBLE, Finger, Mouse, count_ink, draw
from tests.strokes import Samples


def test_a_drawing_is_read_and_confirmed(visits: Visits, samples: Samples) -> None:
    page = visits.open("/draw")
    draw(page, Mouse(page), samples.get("8")[0].place())
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
    draw(page, Mouse(page), samples.get("8")[1].place())
    expect(page.get_by_test_id("candidate").first).to_contain_text("8")
    page.get_by_test_id("no").click()
    page.get_by_test_id("correct-label").fill("B")
    with page.expect_response("**/feedback") as answered:
        page.get_by_test_id("send-label").click()
    assert answered.value.status == 200
    assert (answered.value.json()["label"], answered.value.json()["verdict"]) == ("B", "corrected")
    expect(page.get_by_test_id("feedback-done")).to_be_visible()


def test_after_no_the_drawing_stays_in_sight_and_one_tap_sends(visits: Visits, samples: Samples) -> None:
    page = visits.open("/draw", **PHONE)
    draw(page, Finger(page), samples.get("S")[0].place())
    expect(page.get_by_test_id("candidate").first).to_contain_text(re.compile("[Ss5]"))
    page.get_by_test_id("no").tap()
    chips = page.get_by_test_id("chip")
    expect(chips).to_have_count(5)
    expect(chips.first).to_be_in_viewport(ratio=1)
    expect(page.get_by_test_id("pad")).to_be_in_viewport(ratio=0.5)
    assert list_violations(page) == []
    label = chips.nth(1).inner_text()
    with page.expect_response("**/feedback") as answered:
        chips.nth(1).tap()
    assert (answered.value.json()["label"], answered.value.json()["verdict"]) == (label, "corrected")
    expect(page.locator(".reading-glyph")).to_have_text(label)
    expect(page.locator(".reading-text")).to_contain_text(f"{label}.")
    # A cleared drawing comes back.
    page.get_by_test_id("clear").tap()
    expect(page.locator(".reading-glyph")).to_be_empty()
    page.get_by_test_id("undo").tap()
    expect(page.locator(".reading-glyph")).to_have_text(re.compile("[Ss5]"))
    assert count_ink(page.get_by_test_id("pad")) > 0


def test_the_guess_follows_undo_and_clear(visits: Visits, samples: Samples) -> None:
    page = visits.open("/draw")
    drawing = samples.get("T")[0].place()
    draw(page, Mouse(page), drawing)
    expect(page.get_by_test_id("candidate").first).to_be_visible()
    for _ in drawing[1:]:
        page.get_by_test_id("undo").click()
    expect(page.get_by_test_id("candidate").first).to_be_visible()
    page.get_by_test_id("clear").click()
    expect(page.get_by_test_id("candidate")).to_have_count(0)
    expect(page.get_by_test_id("yes")).not_to_be_visible()
    draw(page, Mouse(page), SCRIBBLE)
    expect(page.locator(".reading-text")).to_contain_text("No idea yet")
    expect(page.get_by_test_id("candidate").first).to_be_visible()


def test_the_page_lists_every_alphabet_of_the_recognizer(visits: Visits) -> None:
    page = visits.open("/draw")
    alphabets = page.evaluate("JSON.parse(document.querySelector('#alphabets').textContent)")
    assert {alphabet["name"]: alphabet["characters"] for alphabet in alphabets} == dict(ALPHABETS)
    for name in ALPHABETS:
        expect(page.get_by_test_id(f"alphabet-{name}")).to_have_count(1)


def test_an_alphabet_limits_the_guesses(visits: Visits, samples: Samples) -> None:
    page = visits.open("/draw")
    page.get_by_test_id("alphabet-digits").check(force=True)
    # A letter that looks like no digit in particular: the guess must be a digit all the same.
    draw(page, Mouse(page), samples.get("Z")[0].place())
    expect(page.get_by_test_id("candidate").first).to_contain_text(re.compile(r"^\s*\d\s"))


def test_why_shows_the_ink_that_decided_and_known_drawings(visits: Visits, samples: Samples) -> None:
    page = visits.open("/draw")
    page.get_by_test_id("alphabet-digits").check(force=True)
    draw(page, Mouse(page), samples.get("8")[0].place())
    expect(page.get_by_test_id("candidate").first).to_contain_text("8")
    why = page.get_by_test_id("why")
    with page.expect_response("**/api/explain") as answered:
        why.focus()
        page.keyboard.press("Enter")
    rival = answered.value.json()["rival"]["label"]
    answer = page.get_by_test_id("why-answer")
    expect(answer).to_contain_text(f"8 rather than {rival}")
    expect(why).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_test_id("why-side")).to_have_count(2)
    canvases = answer.locator("canvas")
    assert canvases.count() == 7
    for nth in range(7):
        assert count_ink(canvases.nth(nth)) > 0
    assert page.evaluate(FAINT_TEXTS) == []
    page.keyboard.press("Enter")
    expect(answer).not_to_be_visible()
    # The answer goes away when the drawing changes.
    why.click()
    expect(answer).to_be_visible()
    draw(page, Mouse(page), samples.get("1")[0].place())
    expect(answer).not_to_be_visible()


def test_why_fits_a_phone(visits: Visits, samples: Samples) -> None:
    page = visits.open("/draw", **PHONE, color_scheme="dark")
    draw(page, Finger(page), samples.get("R")[0].place())
    expect(page.get_by_test_id("candidate").first).to_be_visible()
    page.get_by_test_id("why").tap()
    expect(page.get_by_test_id("why-answer")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert page.evaluate(SMALL_TARGETS) == []
    assert page.evaluate(FAINT_TEXTS) == []


def test_why_shows_an_error_when_the_server_is_out_of_reach(visits: Visits, samples: Samples) -> None:
    page = visits.open("/draw")
    draw(page, Mouse(page), samples.get("8")[0].place())
    expect(page.get_by_test_id("candidate").first).to_be_visible()
    page.route("**/api/explain", lambda route: route.abort())
    page.get_by_test_id("why").click()
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("cannot reach the server")
    expect(page.get_by_test_id("why-answer")).not_to_be_visible()
    visits.forgive("ERR_FAILED")


def test_a_finger_draws_without_moving_the_page(visits: Visits, samples: Samples) -> None:
    page = visits.open("/draw", **PHONE)
    _finger_draws(page, samples)


def test_a_finger_draws_on_a_phone_held_sideways(visits: Visits, samples: Samples) -> None:
    page = visits.open("/draw", **(PHONE | {"viewport": {"width": 844, "height": 390}}))
    _finger_draws(page, samples)


def _finger_draws(page: Page, samples: Samples) -> None:
    page.get_by_test_id("pad").scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    draw(page, Finger(page), samples.get("3")[0].place(0.6, 0.2, 0.2))
    assert page.evaluate("scrollY") == before
    expect(page.get_by_test_id("candidate").first).to_contain_text("3")
