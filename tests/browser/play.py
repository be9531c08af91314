"""What a player does on the play page."""

from __future__ import annotations

import re
from random import Random
from typing import Final

from playwright.sync_api import Page, expect

from tests.browser.drawing import Pen, draw
from tests.strokes import Samples

PATIENCE_MS: Final = 5_000
"""How long a drawing may take to be recognized on a busy machine."""
START_MS: Final = 10_000


def start(page: Page, *, name: str = "", mode: str = "sprint", alphabet: str = "digits") -> None:
    """Fill in the form and begin; returns when there is something to draw."""
    page.get_by_test_id("name").fill(name)
    page.get_by_test_id(f"mode-{mode}").check(force=True)
    page.get_by_test_id(f"alphabet-{alphabet}").check(force=True)
    leave_out_warm_up(page)
    page.get_by_test_id("start").click()
    await_start(page)


def leave_out_warm_up(page: Page) -> None:
    """Let the browser take its player for one who has done the warm-up of a first visit."""
    page.evaluate("localStorage.setItem('inkrush-taught', '{}')")


def await_start(page: Page) -> None:
    """Wait until there is something to draw, and until the countdown is over."""
    expect(page.get_by_test_id("target")).to_have_text(re.compile(r"\S"), timeout=START_MS)
    expect(page.get_by_test_id("countdown")).to_be_hidden()


def get_target(page: Page) -> str:
    """Return the character asked for now, or nothing once the game is over."""
    shown = page.get_by_test_id("target").first
    return (shown.text_content() or "").strip() if shown.is_visible() else ""


def play_round(page: Page, pen: Pen, samples: Samples, rng: Random) -> bool:
    """Draw the character asked for; return whether it was understood (or the game ended)."""
    target = get_target(page)
    if not target:
        return True

    def changed() -> bool:
        return get_target(page) != target

    size = rng.uniform(0.4, 0.8)
    drawing = rng.choice(samples.get(target)).place(size, rng.uniform(0, 1 - size), rng.uniform(0, 1 - size))
    draw(page, pen, drawing, changed)
    try:
        expect(page.get_by_test_id("target")).not_to_have_text(target, timeout=PATIENCE_MS)
    except AssertionError:
        return changed()
    return True


def play_hits(page: Page, pen: Pen, samples: Samples, rng: Random, hits: int = 1) -> None:
    """Draw until so many drawings were understood or the game is over, and skip the other rounds."""
    score = page.get_by_test_id("score")
    while hits and get_target(page):
        before = score.inner_text()
        if not play_round(page, pen, samples, rng):
            skip_round(page)
        # The target also changes with a skip that comes late, but only a hit scores.
        hits -= score.inner_text() != before


def skip_round(page: Page) -> None:
    """Skip, and wait for the next prompt."""
    target = get_target(page)
    page.keyboard.press("s")
    expect(page.get_by_test_id("target")).not_to_have_text(target)


def skip_to_the_end(page: Page) -> None:
    """Skip until the game is over and its result can be used."""
    result = page.get_by_test_id("result")
    while not result.is_visible():
        page.keyboard.press("s")
        page.wait_for_timeout(100)
    expect(page.locator("body")).to_have_attribute("data-locked", "false")
