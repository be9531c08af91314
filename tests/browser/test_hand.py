"""What was learned from a player: shown, and forgotten."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.axe import list_violations
from tests.browser.conftest import Visits
from tests.browser.drawing import Mouse, draw
from tests.strokes import Samples

UNDO_MS = 10_000  # longer than a drawing can be brought back
COUNT = """async () => {
    const { characters } = await (await fetch("/api/me/hand")).json();
    return characters.reduce((sum, { drawings }) => sum + drawings.length, 0);
}"""


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


def _correct(page: Page, label: str) -> None:
    page.get_by_test_id("no").click()
    page.get_by_test_id("correct-label").fill(label)
    page.get_by_test_id("send-label").click()
    expect(page.get_by_test_id("feedback-done")).to_be_visible()
