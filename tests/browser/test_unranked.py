"""A game that no person can have played says so, kindly, on its result and wherever it is opened."""

from __future__ import annotations

import json
import re
from typing import Final

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visits
from tests.browser.play import get_target, start
from tests.strokes import Drawing, Samples

EXPLANATION: Final = re.compile("This game isn't on the leaderboard: .+ I saved it all the same.")
HITS: Final = 8
"""Fewer than the ten digits, so that each is asked for once. After them the test only skips."""
KEEP_SOCKET: Final = """
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (data) {
  window.socket = this;
  send.call(this, data);
};
"""
CLAIMED_MS: Final = 3_600_000
"""How long each drawing claims to have taken: far longer than this test takes, on any machine."""


def test_the_result_and_the_replay_say_why_a_game_is_not_ranked(visits: Visits, samples: Samples) -> None:
    page = visits.open("/privacy")
    game = play_at_once(page, samples)
    expect(page.get_by_test_id("result-unranked")).to_have_text(EXPLANATION)
    expect(page.get_by_test_id("result-rank")).to_be_empty()
    expect(page.get_by_text("this one!")).to_have_count(0)
    board = visits.open_as(page.context, f"/leaderboard?game={game}")
    expect(board.get_by_test_id("game-unranked")).to_have_text(EXPLANATION)
    expect(board.locator("[data-testid=entry][data-you=true]")).to_have_count(0)


def play_at_once(page: Page, samples: Samples) -> str:
    """Play a sprint whose drawings are each sent at once, and return the game's id."""
    games: list[str] = []

    def note_game(frame: str | bytes) -> None:
        message = json.loads(frame)
        if message["type"] == "welcome":
            games.append(message["game"])

    page.on("websocket", lambda socket: socket.on("framereceived", note_game))
    page.add_init_script(KEEP_SOCKET)
    page.goto("/play")
    start(page, name="Ada")
    round_number = 0
    last = ""
    while not page.get_by_test_id("result").is_visible():
        target = get_target(page)
        if target in ("", last):
            continue
        last = target
        round_number += 1
        if round_number > HITS:
            page.keyboard.press("s")
        else:
            send_drawing(page, round_number, samples.get(target)[0].place())
    return games[0]


def send_drawing(page: Page, round_number: int, drawing: Drawing) -> None:
    """Send a whole drawing at once, as if it had been drawn very slowly."""
    for number, stroke in enumerate(drawing):
        points = [value for x, y in stroke for value in (x, y, CLAIMED_MS)]
        message = {"type": "ink", "round": round_number, "stroke": number, "points": points}
        page.evaluate("(message) => window.socket.send(JSON.stringify(message))", message)
