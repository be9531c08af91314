"""What was learned from a player: shown, forgotten one by one, switched off; and that it helps to read them."""

from __future__ import annotations

from functools import partial

from playwright.sync_api import Page, expect

from tests.browser.audits import SMALL_TARGETS
from tests.browser.axe import list_violations
from tests.browser.conftest import PHONE, Visits
from tests.browser.drawing import Finger, Mouse, draw
from tests.browser.play import await_start, leave_out_warm_up
from tests.strokes import Samples

UNDO_MS = 10_000  # longer than a drawing can be brought back
COUNT = """async () => {
    const { characters } = await (await fetch("/api/me/hand")).json();
    return characters.reduce((sum, { drawings }) => sum + drawings.length, 0);
}"""


def test_what_is_learned_helps_until_it_is_switched_off(visits: Visits, samples: Samples) -> None:
    page = visits.open("/play", **PHONE)
    leave_out_warm_up(page)
    page.goto("/play?mode=practice&characters=7#start")
    await_start(page)
    for hits, seven in enumerate(samples.get("7")[:3], 1):
        draw(page, Finger(page), seven.place(), partial(_has_hits, page, hits))
        expect(page.get_by_test_id("combo")).to_have_text(str(hits))
    expect(page.locator(".play-announcement")).to_contain_text("I know your 7 now!")
    page.get_by_test_id("finish").tap()
    known = page.get_by_test_id("result-known")
    expect(known).to_contain_text("I know your 7 by now.")
    expect(page.locator("body")).to_have_attribute("data-locked", "false")
    known.tap()
    expect(page.get_by_test_id("summary")).to_contain_text("3 drawings · I know 1 of your characters by now.")

    page.goto("/draw")
    ring = samples.get("O")[0].place()
    answer = page.request.post("/api/recognize", data={"strokes": ring, "alphabet": "any", "store": False})
    before, label = (candidate["label"] for candidate in answer.json()["candidates"][:2])
    assert {before, label} < set("O0oQD")
    draw(page, Finger(page), ring)
    expect(page.locator(".reading-glyph")).to_have_text(before)
    for _ in range(2):
        _correct(page, label)
        expect(page.get_by_test_id("memo")).to_contain_text("I'll remember that")
        assert list_violations(page) == []
        page.get_by_test_id("clear").tap()
        draw(page, Finger(page), ring)
    expect(page.locator(".reading-glyph")).to_have_text(label)

    page.goto("/me/hand")
    expect(page.get_by_test_id("summary")).to_contain_text("5 drawings")
    page.get_by_test_id("switch").uncheck()
    expect(page.get_by_text("Learning is off")).to_be_visible()
    assert list_violations(page) == []
    assert page.evaluate(SMALL_TARGETS) == []
    page.reload()
    expect(page.get_by_text("Learning is off")).to_be_visible()
    expect(page.get_by_test_id("switch")).not_to_be_checked()
    page.goto("/draw")
    draw(page, Finger(page), ring)
    expect(page.locator(".reading-glyph")).to_have_text(before)
    _correct(page, label)
    expect(page.get_by_test_id("feedback-done")).to_be_visible()
    expect(page.get_by_test_id("memo")).to_be_hidden()


def test_drawings_are_forgotten_one_by_one_a_character_at_a_time_and_all(visits: Visits, samples: Samples) -> None:
    page = visits.open("/draw")
    for character in "3388":
        draw(page, Mouse(page), samples.get(character)[0].place())
        _correct(page, character)
        page.get_by_role("button", name="Draw another").click()
    draw(page, Mouse(page), samples.get("2")[0].place())
    _correct(page, "2")
    page.get_by_test_id("forget").click()
    expect(page.get_by_text("Forgotten. I won't use this drawing")).to_be_focused()

    page.clock.install()
    page.get_by_test_id("learned").click()
    summary, drawings = page.get_by_test_id("summary"), page.get_by_test_id("drawing")
    expect(summary).to_have_text("4 drawings")
    drawings.first.focus()
    page.keyboard.press("Enter")
    expect(drawings.first).to_have_accessible_name("Undo: keep this 3")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Not forgotten: 3.")).to_be_visible()
    page.keyboard.press("Enter")
    assert list_violations(page) == []
    with page.expect_response("**/api/me/hand/rounds/**"):
        page.clock.fast_forward(UNDO_MS)
    expect(summary).to_have_text("3 drawings")
    expect(drawings.first).to_be_focused()
    page.reload()
    expect(summary).to_have_text("3 drawings")

    page.get_by_test_id("forget-character").last.click()
    page.goto("/me")  # whoever leaves has made up their mind
    page.wait_for_function(f"async () => await ({COUNT})() === 1")
    page.get_by_test_id("hand").click()
    expect(drawings).to_have_count(1)
    page.get_by_test_id("forget-all").click()
    expect(page.get_by_role("button", name="No, keep them")).to_be_focused()
    page.get_by_test_id("forget-all-yes").click()
    expect(page.get_by_test_id("empty")).to_be_visible()
    expect(page.get_by_text("I forgot 1 drawing.")).to_be_focused()


def _has_hits(page: Page, hits: int) -> bool:
    return page.get_by_test_id("combo").inner_text() == str(hits)


def _correct(page: Page, label: str) -> None:
    page.get_by_test_id("no").click()
    page.get_by_test_id("correct-label").fill(label)
    page.get_by_test_id("send-label").click()
    expect(page.get_by_test_id("feedback-done")).to_be_visible()
