"""Draws real strokes on a page's pad, with a mouse or a finger, and counts the ink on a canvas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from playwright.sync_api import CDPSession, Locator, Page

from tests.strokes import SQUARE, Drawing

GLANCE: Final = 6
"""Points drawn between two checks whether to go on."""

SCRIBBLE: Final[Drawing] = [
    [(693, 190), (692, 897), (141, 815), (628, 333)],
    [(159, 200), (720, 374), (899, 179), (218, 745)],
    [(647, 789), (759, 268), (848, 246), (384, 260), (743, 324)],
]
"""A drawing in which the model sees no character with a probability of more than about 0.1."""

# Reads a copy, because the browser treats a canvas differently once it has been read.
_COUNT_INK: Final = """(canvas) => {
    const { width, height } = canvas;
    const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    let inked = 0;
    for (let i = 3; i < data.length; i += 4) inked += data[i] > 64;
    return inked;
}"""

Stop = Callable[[], bool]


class Pen(Protocol):
    """Something that touches the screen, in CSS pixels of the viewport."""

    def down(self, x: float, y: float) -> None: ...
    def move(self, x: float, y: float) -> None: ...
    def up(self) -> None: ...


class Mouse:
    """The left button of a mouse."""

    def __init__(self, page: Page) -> None:
        self._mouse = page.mouse

    def down(self, x: float, y: float) -> None:
        self._mouse.move(x, y)
        self._mouse.down()

    def move(self, x: float, y: float) -> None:
        self._mouse.move(x, y)

    def up(self) -> None:
        self._mouse.up()


class Stylus:
    """A pen with its own input, which hovers until it is pressed down."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._place = (0.0, 0.0)

    def down(self, x: float, y: float) -> None:
        self._send("mousePressed", x, y)

    def move(self, x: float, y: float) -> None:
        self._send("mouseMoved", x, y)

    def up(self) -> None:
        self._send("mouseReleased", *self._place)

    def _send(self, kind: str, x: float, y: float) -> None:
        self._place = (x, y)
        buttons = int(kind != "mouseReleased")
        event = {"type": kind, "x": x, "y": y, "pointerType": "pen", "button": "left", "buttons": buttons}
        self._session.send("Input.dispatchMouseEvent", event | {"clickCount": 1, "force": buttons / 2})


class Finger:
    """One finger, through the browser's own touch input."""

    def __init__(self, page: Page) -> None:
        self._session: CDPSession = page.context.new_cdp_session(page)

    def down(self, x: float, y: float) -> None:
        self._send("touchStart", [{"x": x, "y": y, "id": 1}])

    def move(self, x: float, y: float) -> None:
        self._send("touchMove", [{"x": x, "y": y, "id": 1}])

    def up(self) -> None:
        self._send("touchEnd", [])

    def cancel(self) -> None:
        """Let the system take the touch away, as it does for a palm or a gesture of its own."""
        self._send("touchCancel", [])

    def move_two(self, first: tuple[float, float], second: tuple[float, float]) -> None:
        """Put a second finger down beside the first, and move both."""
        for kind, shift in (("touchStart", 0), ("touchMove", 20), ("touchMove", 40)):
            places = [{"x": x + shift, "y": y, "id": number} for number, (x, y) in enumerate((first, second), 1)]
            self._send(kind, places)

    def _send(self, kind: str, points: list[dict[str, float]]) -> None:
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def draw(page: Page, pen: Pen, drawing: Drawing, stop: Stop = lambda: False) -> None:
    """Draw on the page's pad until ``stop`` returns true."""
    pad = page.get_by_test_id("pad")
    # Playwright's own scrolling would wait for a pad that is gone when the game has ended.
    pad.evaluate("(pad) => pad.scrollIntoView({ block: 'nearest', behavior: 'instant' })")
    box = pad.bounding_box()
    if box is None:
        assert stop(), "There is no pad to draw on"
        return
    drawn = 0
    for stroke in drawing:
        points = [(box["x"] + x / SQUARE * box["width"], box["y"] + y / SQUARE * box["height"]) for x, y in stroke]
        pen.down(*points[0])
        for x, y in points[1:]:
            pen.move(x, y)
            drawn += 1
            if drawn % GLANCE == 0 and stop():
                break
        pen.up()
        if stop():
            return


def count_ink(canvas: Locator) -> int:
    """Return how many pixels of a canvas are painted."""
    count: int = canvas.evaluate(_COUNT_INK)
    return count


def await_ink(canvas: Locator) -> None:
    """Wait until something is painted on a canvas, on which drawings grow as they were drawn."""
    canvas.page.wait_for_function(f"(canvas) => ({_COUNT_INK})(canvas) > 0", arg=canvas.element_handle())
