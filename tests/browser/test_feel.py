"""How the play page feels: the warm-up, the countdown, quit and restart, the daily, and help after misses."""

from __future__ import annotations

import json
import re
from random import Random
from typing import Final

from playwright.sync_api import Route, expect

from tests.browser.conftest import PHONE, Visits
from tests.browser.drawing import Finger, Mouse, draw
from tests.browser.play import (
    await_start,
    get_target,
    leave_out_warm_up,
    play_hits,
    skip_round,
    skip_to_the_end,
    start,
)
from tests.browser.screens import check_in_sight
from tests.strokes import Samples

COUNT_TONES: Final = """
window.tones = 0;
window.OscillatorNode = class extends OscillatorNode {
    constructor(...given) {
        super(...given);
        window.tones += 1;
    }
};
"""
IS_RING: Final = """(canvas) => {
    const side = canvas.width;
    const { data } = canvas.getContext("2d").getImageData(0, 0, side, side);
    const isInked = (x, y) => data[4 * (y * side + x) + 3] > 0;
    const middle = Math.round(side / 2);
    const crossed = Array.from({ length: side }, (_, x) => isInked(x, middle));
    const last = crossed.lastIndexOf(true);
    return last > middle && crossed.indexOf(true) < middle && !crossed[middle];
}"""
"""Whether a canvas has ink on both sides of its middle, and none in the middle: a zero, and not a line."""
KEEP_COPIED: Final = """
navigator.clipboard.writeText = (text) => {
    window.copied = text;
    return Promise.resolve();
};
"""


def test_a_first_visit_begins_with_a_warm_up_that_can_be_drawn(visits: Visits, samples: Samples) -> None:
    page = visits.open("/play", **PHONE)
    page.get_by_test_id("start").click()
    lesson = page.get_by_test_id("lesson")
    expect(lesson).to_be_visible()
    expect(page.get_by_test_id("skip")).to_be_hidden()
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))
    draw(page, Finger(page), samples.get(get_target(page))[0].place(0.6, 0.2, 0.2))
    expect(page.get_by_test_id("stamp")).to_contain_text("+")
    assert sockets == []  # no game has begun

    expect(page.get_by_test_id("countdown")).to_have_text("3")
    expect(page.get_by_test_id("target")).to_have_text(re.compile(r"\S"))
    expect(page.get_by_test_id("time")).to_have_text("60")
    await_start(page)
    expect(lesson).to_have_count(0)

    page.evaluate("sessionStorage.clear()")
    page.reload()
    page.get_by_test_id("start").click()
    await_start(page)
    expect(lesson).to_have_count(0)


def test_a_press_on_start_before_the_script_is_there_starts_later(visits: Visits) -> None:
    page = visits.open("about:blank")
    held: list[Route] = []
    page.route("**/js/play/page.js", lambda route: held.append(route))  # noqa: PLW0108 (Playwright cannot call append)
    page.add_init_script("localStorage.setItem('inkrush-taught', '{}')")
    page.goto("/play", wait_until="commit")
    page.get_by_test_id("alphabet-upper").check(force=True)
    page.get_by_test_id("start").click()
    expect(page.get_by_role("button", name="Loading…")).to_be_visible()
    assert page.evaluate("location.search") == ""
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    await_start(page)
    assert get_target(page).isupper()


def test_a_sprint_is_restarted_ended_and_muted_with_one_key(visits: Visits) -> None:
    page = visits.open("about:blank")
    page.add_init_script(COUNT_TONES)
    page.goto("/play")
    games: list[str] = []

    def note_game(frame: str | bytes) -> None:
        if (message := json.loads(frame))["type"] == "welcome":
            games.append(message["game"])

    page.on("websocket", lambda socket: socket.on("framereceived", note_game))
    start(page)
    skip_round(page)
    page.keyboard.press("r")
    expect(page.get_by_test_id("time")).to_have_text(re.compile("60|59"))
    await_start(page)
    assert len(set(games)) == 2

    mute = page.get_by_test_id("mute")
    assert page.evaluate("window.tones") > 0  # of the countdown
    page.keyboard.press("m")
    expect(mute).to_have_attribute("aria-pressed", "true")
    tones = page.evaluate("window.tones")
    skip_round(page)
    assert page.evaluate("window.tones") == tones
    page.get_by_test_id("quit").click()
    expect(page.get_by_test_id("result")).to_be_visible()
    expect(page.get_by_test_id("result-round")).to_have_count(1)
    page.reload()
    expect(mute).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("start")).to_be_visible()


def test_a_daily_is_played_once_and_its_result_and_card_stay(visits: Visits, samples: Samples) -> None:
    page = visits.open("about:blank")
    page.add_init_script(KEEP_COPIED)
    page.goto("/play")
    start(page, mode="daily", alphabet="upper")
    expect(page.get_by_test_id("restart")).to_be_hidden()
    play_hits(page, Mouse(page), samples, Random(1))  # noqa: S311
    skip_to_the_end(page)
    rounds = page.get_by_test_id("result-round").count()
    page.get_by_test_id("share").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    card = page.evaluate("window.copied")
    assert card.startswith("Inkrush ")
    assert page.get_by_test_id("result-card").locator("[data-sign=miss]").count() == card.count("❌") > 0
    check_in_sight(page, "again")

    page.get_by_test_id("settings").click()
    expect(page.get_by_role("button", name="See the result")).to_be_visible()
    check_in_sight(page, "start")
    page.get_by_test_id("start").click()
    expect(page.get_by_test_id("result-round")).to_have_count(rounds)

    page.reload()
    page.get_by_test_id("last-result").click()
    expect(page.get_by_test_id("result-round")).to_have_count(rounds)


def test_a_link_limits_practice_to_some_characters(visits: Visits) -> None:
    page = visits.open("/play?mode=practice&characters=gq9")
    leave_out_warm_up(page)
    expect(page.get_by_text("Only g q 9.")).to_be_visible()
    page.get_by_test_id("start").click()
    await_start(page)
    for _ in range(4):
        assert get_target(page) in "gq9"
        skip_round(page)


def test_after_three_misses_practice_shows_how_others_write_it(visits: Visits) -> None:
    page = visits.open("/play?mode=practice&characters=0", reduced_motion="reduce")
    leave_out_warm_up(page)
    page.evaluate("localStorage.setItem('inkrush-misses', '{\"0\":2}')")
    page.get_by_test_id("start").click()
    await_start(page)
    page.keyboard.press("s")
    how_to = page.get_by_test_id("how-to")
    expect(how_to).to_have_attribute("data-character", "0")
    drawing = how_to.locator("canvas").first
    page.wait_for_function(IS_RING, arg=drawing.element_handle())
    page.get_by_test_id("how-to-close").click()
    expect(how_to).to_have_count(0)
    page.get_by_test_id("finish").click()
    expect(page.get_by_test_id("result").get_by_test_id("how-to")).to_have_attribute("data-character", "0")
