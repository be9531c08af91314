"""Everything can be done with the keyboard alone: a whole game, drawn with the arrow keys."""

from __future__ import annotations

import re
from typing import Final

from playwright.sync_api import Page, expect

from tests.browser.axe import list_violations
from tests.browser.conftest import Visits
from tests.browser.play import await_start, get_target, start

# Corners of each digit in columns and rows of the grid, from 0 to 8. It goes straight or aslant between them.
DIGITS: Final[dict[str, list[tuple[int, int]]]] = {
    "0": [(3, 1), (5, 1), (6, 2), (6, 6), (5, 7), (3, 7), (2, 6), (2, 2), (3, 1)],
    "1": [(4, 1), (4, 7)],
    "2": [(2, 2), (3, 1), (5, 1), (6, 2), (6, 3), (2, 7), (6, 7)],
    "3": [(2, 1), (5, 1), (6, 2), (6, 3), (5, 4), (3, 4), (5, 4), (6, 5), (6, 6), (5, 7), (2, 7)],
    "4": [(5, 7), (5, 1), (2, 4), (7, 4)],
    "5": [(6, 1), (3, 1), (3, 4), (5, 4), (6, 5), (6, 6), (5, 7), (2, 7)],
    "6": [(5, 1), (3, 3), (3, 6), (4, 7), (5, 7), (6, 6), (6, 5), (5, 4), (3, 4)],
    "7": [(2, 1), (6, 1), (6, 2), (4, 4), (4, 7)],
    "8": [(5, 1), (4, 1), (3, 2), (5, 4), (6, 5), (6, 6), (5, 7), (4, 7), (3, 6), (3, 5), (6, 2), (5, 1)],
    "9": [(6, 2), (5, 1), (4, 1), (3, 2), (3, 3), (4, 4), (6, 4), (6, 2), (6, 7)],
}
KEYS: Final = {
    (-1, 0): "ArrowLeft",
    (1, 0): "ArrowRight",
    (0, -1): "ArrowUp",
    (0, 1): "ArrowDown",
    (-1, -1): "Home",
    (1, -1): "PageUp",
    (-1, 1): "End",
    (1, 1): "PageDown",
}
HITS: Final = 4


class KeyPen:
    """The pen on the page, which begins in the middle of the grid."""

    def __init__(self, page: Page) -> None:
        self._keyboard = page.keyboard
        self._place = (4, 4)

    def draw(self, corners: list[tuple[int, int]]) -> None:
        self._go_to(corners[0])
        self._keyboard.press("Space")
        for corner in corners[1:]:
            self._go_to(corner)
        self._keyboard.press("Space")

    def _go_to(self, goal: tuple[int, int]) -> None:
        while self._place != goal:
            move = tuple((end > at) - (end < at) for at, end in zip(self._place, goal, strict=True))
            self._keyboard.press(KEYS[move[0], move[1]])
            self._place = (self._place[0] + move[0], self._place[1] + move[1])


def test_a_game_is_drawn_with_the_arrow_keys(visits: Visits) -> None:
    page = visits.open("/play?mode=keys")
    page.get_by_test_id("start").press("Enter")
    await_start(page)
    expect(page.get_by_test_id("time")).to_have_text(re.compile("2[34]."))
    expect(page.get_by_test_id("pad")).to_be_focused()
    assert list_violations(page) == []
    pen, hits = KeyPen(page), 0
    said = page.locator(".play-announcement")
    while hits < HITS:
        target = get_target(page)
        pen.draw(DIGITS[target])
        try:
            expect(page.get_by_test_id("target")).not_to_have_text(target, timeout=3_000)
            hits += 1
            expect(said).to_have_text(re.compile(rf"I read {target}"))
        except AssertionError:
            page.keyboard.press("s")
            expect(said).to_have_text("Skipped. That costs 3 seconds.")
            expect(page.get_by_test_id("target")).not_to_have_text(target)
    page.keyboard.press("q")
    result = page.get_by_test_id("result")
    expect(result).to_be_focused()
    assert result.locator('[data-testid="result-round"][data-outcome="hit"]').count() >= HITS
    expect(page.locator("body")).to_have_attribute("data-locked", "false")
    assert list_violations(page) == []


def test_the_draw_page_reads_what_the_arrow_keys_draw(visits: Visits) -> None:
    page = visits.open("/draw")
    pad = page.get_by_test_id("pad")
    pad.focus()
    KeyPen(page).draw(DIGITS["7"])
    expect(page.get_by_role("status").filter(has_text="Pen up. Column 5, row 8.")).to_have_count(1)
    expect(page.get_by_text("This looks like 7.")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_test_id("key-pen")).to_be_hidden()


def test_settings_are_remembered_and_turn_shortcuts_off(visits: Visits) -> None:
    page = visits.open("/play")
    opener = page.get_by_test_id("open-settings")
    opener.press("Enter")
    panel = page.get_by_test_id("settings-panel")
    expect(panel).to_be_visible()
    assert list_violations(page) == []
    for _ in range(12):  # the focus stays in the panel, or goes to the browser's own controls
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement.closest('dialog') !== null || document.activeElement === document.body"
        )
    page.get_by_test_id("setting-shortcuts").uncheck()
    page.get_by_test_id("setting-hand").check()
    page.get_by_test_id("setting-motion").check()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(opener).to_be_focused()

    page.reload()
    start(page)
    target = get_target(page)
    for key in ("s", "q", "m", " "):
        page.keyboard.press(key)
    expect(page.get_by_test_id("mute")).to_have_attribute("aria-pressed", "false")
    assert get_target(page) == target
    words, paper = page.locator(".play-head").bounding_box(), page.get_by_test_id("pad").bounding_box()
    assert words and paper and paper["x"] < words["x"]
    page.get_by_test_id("skip").press("Enter")
    expect(page.get_by_test_id("target")).not_to_have_text(target)
    assert page.locator(".play-stamp").evaluate("(stamp) => getComputedStyle(stamp).animationName") == "none"
