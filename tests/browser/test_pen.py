"""Pen, palm, fingers and mouse on the pad of a game: what is drawn is what the player meant, on the server too."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.browser.conftest import Visits
from tests.browser.drawing import Finger, Mouse, Pen, Stylus, count_ink, draw
from tests.browser.play import await_start, leave_out_warm_up
from tests.strokes import Samples

PEN_AWAY_MS: Final = 2_100
SETTLE_MS: Final = 300
PATIENCE_SECONDS: Final = 10.0
ZIGZAG: Final = [(0.2, 0.3), (0.4, 0.7), (0.5, 0.3), (0.6, 0.7), (0.8, 0.3), (0.5, 0.5)]
"""Shares of the pad."""
TARGET: Final = "8"
"""What is asked for. None of the strokes here look like it, so the round goes on."""
TABLET: Final[dict[str, Any]] = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}

PAD_LEFT: Final = 208
PAD_SIDE: Final = 608
"""The part of the square that the pad shows, as in client/static/js/parts/geometry.js."""

Points = list[tuple[int, int]]


class Pad:
    """The pad of a running game, and the drawing that the server has after all messages."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._moves: list[dict[str, Any]] = []
        page.on("websocket", self._listen)
        leave_out_warm_up(page)
        page.goto(f"/play?mode=practice&characters={TARGET}")
        page.get_by_test_id("start").click()
        await_start(page)
        box = page.get_by_test_id("pad").bounding_box()
        assert box is not None
        self._box = box

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return a place on the screen for shares of the pad."""
        return self._box["x"] + x * self._box["width"], self._box["y"] + y * self._box["height"]

    def draw(self, pen: Pen, shares: list[tuple[float, float]]) -> None:
        """Draw a stroke of straight lines."""
        pen.down(*self.place(*shares[0]))
        for (x, y), (to_x, to_y) in pairwise(shares):
            for step in range(1, 7):
                pen.move(*self.place(x + (to_x - x) * step / 6, y + (to_y - y) * step / 6))
        pen.up()

    def await_strokes(self, count: int) -> list[Points]:
        """Return the strokes that the server has, once they are so many and all are lifted."""
        self.page.wait_for_timeout(SETTLE_MS)  # more may come
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            strokes, is_lifted = self._replay()
            if (len(strokes) == count and is_lifted) or time.monotonic() > deadline:
                break
            self.page.wait_for_timeout(50)
        assert is_lifted
        assert len(strokes) == count
        return strokes

    def count_ink(self) -> int:
        """Return how many pixels of the pad are painted, once all frames are."""
        self.page.evaluate(
            "new Promise((done) => setTimeout(() => requestAnimationFrame(() => setTimeout(done)), 50))"
        )
        return count_ink(self.page.get_by_test_id("pad"))

    def clear(self) -> None:
        """Begin anew, in the same round."""
        self.page.get_by_test_id("clear").click()
        self.await_strokes(0)

    def _replay(self) -> tuple[list[Points], bool]:
        """Return the strokes after all messages, and whether every one of them is lifted."""
        strokes: dict[int, Points] = {}
        lifted: dict[int, bool] = {}
        for move in self._moves:
            if move["type"] == "ink":
                points = move["points"]
                strokes.setdefault(move["stroke"], []).extend(zip(points[::3], points[1::3], strict=True))
                lifted[move["stroke"]] = move.get("up", False)
            elif move["type"] == "undo":
                strokes.popitem()
                lifted.popitem()
            elif move["type"] == "clear":
                strokes, lifted = {}, {}
        return list(strokes.values()), all(lifted.values())

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: self._moves.append(json.loads(frame)))


@pytest.fixture
def pad(visits: Visits) -> Iterator[Pad]:
    """Start a game of practice on a tablet."""
    yield Pad(visits.open("/play", **TABLET))


def test_the_pen_draws_and_the_palm_does_not(pad: Pad) -> None:
    palm, pen = Finger(pad.page), Stylus(pad.page)
    # The palm lands first.
    palm.down(*pad.place(0.85, 0.9))
    palm.move(*pad.place(0.86, 0.91))
    pad.page.wait_for_timeout(100)  # its dot is sent
    pad.draw(pen, ZIGZAG)
    palm.move(*pad.place(0.87, 0.92))
    palm.up()
    (drawn,) = pad.await_strokes(1)
    assert max(x for x, _ in drawn) < PAD_LEFT + 0.82 * PAD_SIDE
    # The palm lands during the stroke, and stays for the next one.
    pen.down(*pad.place(0.1, 0.1))
    palm.down(*pad.place(0.85, 0.9))
    pen.move(*pad.place(0.3, 0.1))
    pen.up()
    palm.move(*pad.place(0.9, 0.9))
    pad.draw(pen, [(0.1, 0.8), (0.3, 0.8)])
    palm.up()
    pad.await_strokes(3)
    # The pen is put away, and a finger draws.
    pad.page.wait_for_timeout(PEN_AWAY_MS)
    pad.draw(palm, [(0.1, 0.9), (0.3, 0.9)])
    pad.await_strokes(4)


def test_a_cancelled_touch_and_a_second_finger_draw_nothing(pad: Pad) -> None:
    finger = Finger(pad.page)
    pad.draw(finger, ZIGZAG)
    finger.down(*pad.place(0.2, 0.8))
    finger.move(*pad.place(0.4, 0.8))
    pad.page.wait_for_timeout(100)
    finger.cancel()
    pad.await_strokes(1)
    before = pad.count_ink()
    finger.down(*pad.place(0.2, 0.8))
    finger.move_two(pad.place(0.2, 0.8), pad.place(0.8, 0.2))
    finger.up()
    strokes = pad.await_strokes(2)
    assert max(x for x, _ in strokes[1]) < PAD_LEFT + 0.4 * PAD_SIDE
    assert pad.count_ink() > before


def test_a_growing_stroke_looks_as_if_it_were_painted_anew(pad: Pad) -> None:
    pad.draw(Mouse(pad.page), ZIGZAG)
    pad.page.mouse.move(*pad.place(0.2, 0.2))
    pad.page.mouse.down()
    for step in range(40):
        pad.page.mouse.move(*pad.place(0.2 + 0.015 * step, 0.2 + 0.1 * (step % 7)))
    ink = pad.count_ink()
    pad.page.evaluate("document.dispatchEvent(new Event('themechange'))")
    assert pad.count_ink() == pytest.approx(ink, rel=0.001)
    pad.page.mouse.up()


def test_undo_brings_a_cleared_drawing_back(pad: Pad) -> None:
    mouse = Mouse(pad.page)
    pad.draw(mouse, ZIGZAG)
    pad.draw(mouse, [(0.1, 0.1), (0.2, 0.1)])
    drawn = pad.await_strokes(2)
    ink = pad.count_ink()
    pad.clear()
    pad.page.get_by_test_id("undo").click()
    assert pad.await_strokes(2) == drawn
    assert pad.count_ink() == ink
    pad.page.mouse.move(*pad.place(0.5, 0.9))
    pad.page.mouse.down(button="right")
    pad.page.mouse.move(*pad.place(0.9, 0.9))
    pad.page.mouse.up(button="right")
    assert pad.await_strokes(2) == drawn


def test_a_stroke_that_leaves_the_pad_keeps_its_shape(pad: Pad) -> None:
    pad.draw(Mouse(pad.page), [(0.3, 0.5), (1.2, 0.5), (0.6, 1.25)])
    (stroke,) = pad.await_strokes(1)
    (left, top), (right, bottom) = stroke[0], stroke[-1]
    corner = max(stroke)
    # A third of the way back, and 0.75 down for 0.9 to the right.
    assert (corner[0] - right) / (corner[0] - left) == pytest.approx(0.6 / 0.9, abs=0.02)
    assert (bottom - top) / (corner[0] - left) == pytest.approx(0.75 / 0.9, abs=0.02)
    pad.clear()
    pad.draw(Mouse(pad.page), [(0.1, 0.5), (0.1, -0.2), (0.9, -0.2), (0.9, 0.5)])
    (stroke,) = pad.await_strokes(1)
    xs, ys = {x for x, _ in stroke}, {y for _, y in stroke}
    assert max(xs) - min(xs) == pytest.approx(0.8 * PAD_SIDE, abs=2)
    assert min(ys) == pytest.approx(PAD_LEFT - 0.2 * PAD_SIDE, abs=2)


def test_the_draw_page_brings_a_cleared_drawing_back(visits: Visits, samples: Samples) -> None:
    page = visits.open("/draw")
    draw(page, Mouse(page), samples.get("8")[0].place())
    expect(page.get_by_test_id("candidate").first).to_contain_text("8")
    page.get_by_test_id("clear").click()
    expect(page.get_by_test_id("candidate")).to_have_count(0)
    page.get_by_test_id("undo").click()
    expect(page.get_by_test_id("candidate").first).to_contain_text("8")
