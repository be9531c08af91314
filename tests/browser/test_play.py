"""The play page by other hands: keyboard, finger, and over a bad line."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visits
from tests.browser.drawing import Finger, Mouse, draw, ink_on
from tests.browser.play import play_round, start, target_of
from tests.browser.wire import Wire
from tests.serving import Server
from tests.strokes import Samples

MOST_TABS: Final = 40
RESUME_MS: Final = 12_000


@pytest.fixture
def wire(site: Server) -> Iterator[Wire]:
    """Lay a line to the server that can be cut."""
    line = Wire(site.port)
    yield line
    line.close()


def test_the_keyboard_alone_starts_and_skips(visits: Visits) -> None:
    page = visits.open("/play")
    _tab_to(page, "start")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("skip")).to_be_visible(timeout=10_000)
    expect(page.get_by_test_id("target")).not_to_be_empty()
    target = target_of(page)
    _tab_to(page, "skip")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("target")).not_to_have_text(target)


def test_guesses_come_while_drawing(visits: Visits, samples: Samples) -> None:
    page = visits.open("/play")
    start(page, mode="practice", alphabet="any")
    target = target_of(page)
    pen = Mouse(page)
    wrong = next(label for label in "HEAW" if label.lower() != target.lower())
    draw(page, pen, samples.get(wrong)[0].place())
    expect(page.get_by_test_id("guess")).to_contain_text(wrong, ignore_case=True)
    expect(page.get_by_test_id("target")).to_have_text(target)


def test_undo_and_clear_are_heard_by_the_server(visits: Visits, samples: Samples) -> None:
    page = visits.open("/play")
    start(page, mode="practice", alphabet="digits")
    target = target_of(page)
    pen = Mouse(page)
    draw(page, pen, samples.get("W")[0].place(0.9, 0.05, 0.05))
    page.get_by_test_id("clear").click()
    draw(page, pen, samples.get("X")[0].place(0.9, 0.05, 0.05)[:1], lambda: target_of(page) != target)
    if target_of(page) == target:
        page.get_by_test_id("undo").click()
    assert any(play_round(page, pen, samples, Random(seed)) for seed in range(3))  # noqa: S311


def test_a_finger_plays_on_a_phone(visits: Visits, samples: Samples) -> None:
    page = visits.open("/play", **PHONE)
    start(page)
    rng = Random(2)  # noqa: S311
    finger = Finger(page)
    before = page.evaluate("scrollY")
    understood = [play_round(page, finger, samples, rng) for _ in range(4)]
    assert any(understood)
    assert page.evaluate("scrollY") == before
    for name in ("target", "pad", "time", "skip"):
        expect(page.get_by_test_id(name)).to_be_in_viewport(ratio=0.99)


def test_a_game_outlives_a_lost_line(visits: Visits, wire: Wire, samples: Samples) -> None:
    page = visits.open("/play", url=wire.url)
    start(page)
    rng = Random(3)  # noqa: S311
    pen = Mouse(page)
    while not play_round(page, pen, samples, rng):
        page.get_by_test_id("skip").click()
    target, score = target_of(page), page.get_by_test_id("score").inner_text()
    expect(page.get_by_test_id("offline")).not_to_be_visible()

    page.context.set_offline(True)
    wire.cut()
    expect(page.get_by_test_id("offline")).to_be_visible()
    page.wait_for_timeout(1500)
    page.context.set_offline(False)

    expect(page.get_by_test_id("offline")).not_to_be_visible(timeout=RESUME_MS)
    expect(page.get_by_test_id("target")).to_have_text(target)
    expect(page.get_by_test_id("score")).to_have_text(score)
    while not play_round(page, pen, samples, rng):
        page.get_by_test_id("skip").click()
    expect(page.get_by_test_id("result")).not_to_be_visible()
    _forgive_the_cut(visits)


def test_a_line_that_stalls_is_noticed_and_survived(visits: Visits) -> None:
    page = visits.open("/play")
    start(page)
    target = target_of(page)
    page.context.set_offline(True)
    expect(page.get_by_test_id("offline")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_test_id("offline")).not_to_be_visible(timeout=RESUME_MS)
    expect(page.get_by_test_id("target")).to_have_text(target)
    _forgive_the_cut(visits)


def test_drawn_ink_is_there_after_a_cut(visits: Visits, wire: Wire, samples: Samples) -> None:
    page = visits.open("/play", url=wire.url)
    start(page, mode="practice", alphabet="digits")
    pen = Mouse(page)
    draw(page, pen, samples.get("W")[0].place(0.9, 0.05, 0.05))
    target = target_of(page)
    page.wait_for_timeout(500)
    before = ink_on(page.get_by_test_id("pad"))
    assert before > 0
    wire.cut()
    page.wait_for_timeout(3000)
    expect(page.get_by_test_id("offline")).not_to_be_visible(timeout=RESUME_MS)
    expect(page.get_by_test_id("target")).to_have_text(target)
    assert ink_on(page.get_by_test_id("pad")) > before / 2
    _forgive_the_cut(visits)


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until the element has the focus; every stop on the way must be seen to have it."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focused, marked = page.evaluate(
            """() => {
                const at = document.activeElement;
                const shown = [at, at?.nextElementSibling, at?.closest("label")].filter(Boolean);
                const isMarked = (element) => {
                    const style = getComputedStyle(element);
                    return style.outlineStyle !== "none" || style.boxShadow !== "none";
                };
                return [at?.dataset.testid ?? at?.outerHTML.slice(0, 80), shown.some(isMarked)];
            }"""
        )
        assert marked, f"{focused} does not show that it has the focus"
        if focused == name:
            return
    raise AssertionError(f"{name} is not reached by {MOST_TABS} times Tab")


def _forgive_the_cut(visits: Visits) -> None:
    """Drop what a browser always says of a broken connection; a page cannot silence it."""
    visits.complaints[:] = [
        text for text in visits.complaints if "net::ERR_" not in text and "WebSocket" not in text
    ]
