"""The play page: with the keyboard, with a finger, and over a bad connection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visits
from tests.browser.drawing import SCRIBBLE, Finger, Mouse, count_ink, draw
from tests.browser.play import await_start, get_target, play_hits, play_round, start
from tests.browser.wire import Wire
from tests.serving import Server
from tests.strokes import Samples

MOST_TABS: Final = 40
RESUME_MS: Final = 12_000


@pytest.fixture
def wire(site: Server) -> Iterator[Wire]:
    """Open a connection to the server that the test can cut."""
    opened = Wire(site.port)
    yield opened
    opened.close()


def test_the_keyboard_alone_starts_and_skips(visits: Visits) -> None:
    page = visits.open("/play")
    _tab_to(page, "start")
    page.keyboard.press("Enter")
    page.get_by_test_id("lesson-skip").press("Enter")
    await_start(page)
    expect(page.get_by_test_id("skip")).to_be_visible(timeout=10_000)
    expect(page.get_by_test_id("target")).not_to_be_empty()
    target = get_target(page)
    _tab_to(page, "skip")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("target")).not_to_have_text(target)


def test_guesses_come_while_drawing(visits: Visits, samples: Samples) -> None:
    page = visits.open("/play")
    start(page, mode="practice", alphabet="any")
    target = get_target(page)
    pen = Mouse(page)
    draw(page, pen, SCRIBBLE)
    expect(page.get_by_test_id("guess")).to_have_text("No idea yet")
    page.get_by_test_id("clear").click()
    wrong = next(label for label in "HEAW" if label.lower() != target.lower())
    draw(page, pen, samples.get(wrong)[0].place())
    expect(page.get_by_test_id("guess")).to_contain_text(wrong, ignore_case=True)
    expect(page.get_by_test_id("target")).to_have_text(target)


def test_undo_and_clear_reach_the_server(visits: Visits, samples: Samples) -> None:
    page = visits.open("/play")
    start(page, mode="practice", alphabet="digits")
    target = get_target(page)
    pen = Mouse(page)
    draw(page, pen, samples.get("W")[0].place(0.9, 0.05, 0.05))
    page.get_by_test_id("clear").click()
    draw(page, pen, samples.get("X")[0].place(0.9, 0.05, 0.05)[:1], lambda: get_target(page) != target)
    if get_target(page) == target:
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


def test_a_game_survives_a_cut_connection(visits: Visits, wire: Wire, samples: Samples) -> None:
    page = visits.open("/play", url=wire.url)
    start(page)
    rng = Random(3)  # noqa: S311
    pen = Mouse(page)
    play_hits(page, pen, samples, rng)
    target, score = get_target(page), page.get_by_test_id("score").inner_text()
    expect(page.get_by_test_id("offline")).not_to_be_visible()

    page.context.set_offline(True)
    wire.cut()
    expect(page.get_by_test_id("offline")).to_be_visible()
    page.wait_for_timeout(1500)
    page.context.set_offline(False)

    expect(page.get_by_test_id("offline")).not_to_be_visible(timeout=RESUME_MS)
    expect(page.get_by_test_id("target")).to_have_text(target)
    expect(page.get_by_test_id("score")).to_have_text(score)
    play_hits(page, pen, samples, rng)
    expect(page.get_by_test_id("result")).not_to_be_visible()
    _drop_cut_complaints(visits)


def test_a_game_survives_a_stalled_connection(visits: Visits) -> None:
    page = visits.open("/play")
    start(page)
    target = get_target(page)
    page.context.set_offline(True)
    expect(page.get_by_test_id("offline")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_test_id("offline")).not_to_be_visible(timeout=RESUME_MS)
    expect(page.get_by_test_id("target")).to_have_text(target)
    _drop_cut_complaints(visits)


def test_the_drawing_is_still_there_after_a_cut(visits: Visits, wire: Wire, samples: Samples) -> None:
    page = visits.open("/play", url=wire.url)
    start(page, mode="practice", alphabet="digits")
    pen = Mouse(page)
    draw(page, pen, samples.get("W")[0].place(0.9, 0.05, 0.05))
    target = get_target(page)
    expect(page.get_by_test_id("guess")).to_have_text(re.compile(r"\S"))
    page.wait_for_timeout(500)
    before = count_ink(page.get_by_test_id("pad"))
    assert before > 0
    with page.expect_websocket(timeout=RESUME_MS):
        wire.cut()
    page.wait_for_timeout(500)
    expect(page.get_by_test_id("offline")).not_to_be_visible(timeout=RESUME_MS)
    expect(page.get_by_test_id("target")).to_have_text(target)
    assert count_ink(page.get_by_test_id("pad")) > before / 2
    _drop_cut_complaints(visits)


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until the element has the focus. Every stop on the way must show its focus."""
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


def _drop_cut_complaints(visits: Visits) -> None:
    """Drop the complaints that browsers always make about a broken connection."""
    visits.forgive("net::ERR_")
    visits.forgive("WebSocket")
