"""A first game asks for little, so that it starts soon over a slow line."""

from __future__ import annotations

from random import Random

from playwright.sync_api import Browser, expect

from tests.browser.conftest import PHONE
from tests.browser.drawing import Finger
from tests.browser.play import play_round, start
from tests.browser.traffic import watch_traffic
from tests.serving import Server
from tests.strokes import Samples

MAX_BYTES = 120_000
MAX_REQUESTS = 15


def test_a_first_game_stays_within_its_bytes_and_requests(
    browser: Browser, site: Server, samples: Samples
) -> None:
    context = browser.new_context(base_url=site.url, **PHONE)
    page = context.new_page()
    traffic = watch_traffic(page)
    page.goto("/play")
    start(page, mode="practice")
    play_round(page, Finger(page), samples, Random(1))  # noqa: S311
    page.get_by_test_id("finish").tap()
    expect(page.get_by_test_id("result")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert 30_000 < traffic.received <= MAX_BYTES, traffic.bytes_by_path
    assert 3 < traffic.requests <= MAX_REQUESTS, traffic.bytes_by_path
    context.close()
