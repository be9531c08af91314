"""How long the guess on the newest ink takes to reach the screen, in a real Chromium.

``python -m tests.bench.screen_latency`` plays a sprint on a server of its own, with strokes of ordinary speed. Two
of three drawings are not what was asked for, so that there is a guess on all of them. For each stroke it measures
from the last ``pointermove`` until the guess on the whole drawing has been painted. It also lists the tasks that
held up the page for 50 ms or more. Figures count only from a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

import numpy as np
from playwright.async_api import CDPSession, Page, async_playwright, expect

from tests.bench.hand import POINTS_PER_SECOND, place_randomly
from tests.browser.chromium import find_chromium
from tests.serving import ROOT, Server
from tests.strokes import SQUARE, Drawing, load_fixture

PEN_UP_SECONDS: Final = 0.35
"""Time in the air after each stroke: enough for the guess on it, and about what a hand takes."""
UNLIKELY: Final = "ABEGHRWabeghk"
"""Characters that are seldom taken for another."""
MOST_SECONDS: Final = {"p50": 0.050, "p95": 0.100}

PROBE: Final = """
(() => {
  localStorage.setItem("inkrush-taught", "{}"); // no warm-up
  const probe = { latencies: [], missed: 0, longTasks: [], messages: 0, drawingMs: 0 };
  let movedAt = 0, downAt = 0, sent = 0, guesses = [];  // downAt is 0 before the first stroke
  window.takeStroke = () => {
    if (!movedAt) return;
    const guess = guesses.find(({ seen }) => seen === sent);
    if (guess) probe.latencies.push(guess.paintedAt - movedAt);
    else probe.missed += 1;
    movedAt = 0;
  };
  window.probe = probe;
  const isPad = (event) => event.target instanceof HTMLCanvasElement;
  addEventListener("pointerdown", (event) => {
    if (!isPad(event)) return;
    takeStroke();
    guesses = [];
    downAt = event.timeStamp;
  }, true);
  addEventListener("pointermove", (event) => {
    if (event.buttons && isPad(event)) movedAt = event.timeStamp;
  }, true);
  addEventListener("pointerup", (event) => {
    if (isPad(event)) probe.drawingMs += event.timeStamp - downAt;
  }, true);
  const afterPaint = (run) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = run;
    port2.postMessage(null);
  });
  window.WebSocket = class extends WebSocket {
    constructor(...options) {
      super(...options);
      this.addEventListener("message", ({ data }) => {
        const { type, seen } = JSON.parse(data);
        if (type === "guess") afterPaint(() => guesses.push({ seen, paintedAt: performance.now() }));
      });
    }
    send(text) {
      const message = JSON.parse(text);
      if (message.type === "ink") [sent, probe.messages] = [sent + message.points.length / 3, probe.messages + 1];
      if (message.type === "clear") sent = 0;
      super.send(text);
    }
  };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) if (downAt) probe.longTasks.push(duration);
  }).observe({ type: "longtask" });
})();
"""


async def draw(session: CDPSession, drawing: Drawing, box: Any, rng: Random) -> None:
    """Draw at a hand's speed. Nothing waits for the page, as a hand does not."""
    step = 1 / rng.uniform(*POINTS_PER_SECOND)

    def send(kind: str, x: int, y: int) -> None:
        place = {"x": box["x"] + x / SQUARE * box["width"], "y": box["y"] + y / SQUARE * box["height"]}
        event = {"type": kind, **place, "button": "left", "buttons": int(kind != "mouseReleased"), "clickCount": 1}
        sending.append(asyncio.ensure_future(session.send("Input.dispatchMouseEvent", event)))

    for stroke in drawing:
        sending: list[asyncio.Future[Any]] = []
        started = time.monotonic()
        for number, (x, y) in enumerate(stroke):
            await asyncio.sleep(max(0, started + step * number - time.monotonic()))
            send("mouseMoved" if number else "mousePressed", x, y)
        await asyncio.sleep(step)
        send("mouseReleased", *stroke[-1])
        await asyncio.gather(*sending)
        await asyncio.sleep(PEN_UP_SECONDS)


async def play(page: Page, seconds: float, rng: Random) -> Any:
    """Draw in a sprint, and return what the probe in the page saw."""
    await page.add_init_script(PROBE)
    await page.goto("/play?mode=sprint&alphabet=any")
    await page.get_by_test_id("start").click()
    await expect(page.get_by_test_id("target")).to_have_text(re.compile(r"\S"))
    await expect(page.get_by_test_id("countdown")).to_be_hidden()
    session = await page.context.new_cdp_session(page)
    box = await page.get_by_test_id("pad").bounding_box()
    samples = load_fixture()
    deadline = time.monotonic() + seconds
    for number in itertools.count():
        target = (await page.get_by_test_id("target").text_content() or "").strip()
        if time.monotonic() > deadline or not target:
            break
        others = [label for label in UNLIKELY if label.lower() != target.lower()]
        sample = rng.choice(samples.get(rng.choice(others) if number % 3 else target))
        await draw(session, place_randomly(sample, rng), box, rng)
        await page.evaluate("takeStroke()")
        await page.keyboard.press("x")
    return await page.evaluate("probe")


async def measure(root: Path, seconds: float, rng: Random) -> Any:
    """Start the server of a checkout, and return what the probe saw with it."""
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder) / "var", root=root) as server:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=find_chromium())
            page = await browser.new_page(base_url=server.url, viewport={"width": 1280, "height": 900})
            return await play(page, seconds, rng)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; return 1 if they are worse than `MOST_SECONDS` allows."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=55, help="how long to draw (default: %(default)s)")
    parser.add_argument("--root", type=Path, default=ROOT, help="checkout to measure (default: this one)")
    options = parser.parse_args(arguments)
    seen = asyncio.run(measure(options.root, options.seconds, Random(1)))  # noqa: S311
    seconds = np.array(seen["latencies"]) / 1000
    figures = {"p50": float(np.quantile(seconds, 0.5)), "p95": float(np.quantile(seconds, 0.95))}
    print(f"strokes             {len(seconds)}, and {seen['missed']} that ended a round or got no guess")
    print(f"last move to guess  p50 {1000 * figures['p50']:.0f} ms, p95 {1000 * figures['p95']:.0f} ms")
    print(f"ink messages        {1000 * seen['messages'] / seen['drawingMs']:.1f} a second while the pen is down")
    print(f"long tasks          {', '.join(f'{ms:.0f} ms' for ms in seen['longTasks']) or 'none'}")
    return int(bool(seen["longTasks"]) or any(figures[name] > most for name, most in MOST_SECONDS.items()))


if __name__ == "__main__":
    sys.exit(main())
