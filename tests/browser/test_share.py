"""A board that follows what is played, a race against a game on it, and what is shared of that race: one story."""

from __future__ import annotations

import io
import re
from random import Random
from typing import Any, Final

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.axe import list_violations
from tests.browser.conftest import Visits
from tests.browser.drawing import Mouse, await_ink
from tests.browser.play import await_start, get_target, leave_out_warm_up, play_hits
from tests.browser.sprinter import begin_sprint
from tests.serving import Server
from tests.strokes import Samples

ALPHABET: Final = "lower"
"""Nobody else plays it on the server of these tests."""
BOARD: Final = f"/leaderboard?mode=sprint&alphabet={ALPHABET}&period=day"
HITS: Final = 5
"""Of each game: as many as a ranked one needs."""
LAST_SECONDS: Final = 5
PATIENCE_MS: Final = 60_000
"""How long a short sprint may take on a busy machine."""

GET_TICK_COLOR: Final = """(mark) => getComputedStyle(mark.querySelector("svg")).stroke"""
GET_RIGHT_COLOR: Final = """() => {
    const probe = document.createElement("i");
    probe.style.color = "var(--right)";
    document.body.append(probe);
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
}"""


@pytest.mark.slow
def test_a_game_is_found_raced_and_shared(visits: Visits, site: Server, samples: Samples) -> None:
    ada = begin_sprint(site.play_url, "Ada", ALPHABET, HITS, samples).result()
    page = visits.open(BOARD, permissions=["clipboard-read", "clipboard-write"])
    watch_a_board(page, site, samples)
    open_a_replay(page, ada)
    page.get_by_test_id("race").click()
    game = race(page, ada, samples)
    check_sharing(page, game, site)
    check_own_row(visits, page)
    check_game_page(visits, game)


def watch_a_board(page: Page, site: Server, samples: Samples) -> None:
    """See that a game that ends meanwhile appears and is announced, without another load of the page."""
    expect(page.get_by_test_id("entry")).to_have_count(1)
    page.evaluate("window.isSame = true")
    bob = begin_sprint(site.play_url, "Bob", ALPHABET, HITS, samples)
    row = page.get_by_test_id("entry").filter(has_text="Bob")
    expect(row).to_be_visible(timeout=PATIENCE_MS)
    expect(row).to_have_attribute("data-new", "true")
    expect(page.locator(".board-news")).to_contain_text("Bob is ")
    assert page.evaluate("window.isSame")
    bob.result()


def open_a_replay(page: Page, game: str) -> None:
    """See that the prompt stands above the paper, and that hits have the tick of all pages."""
    page.locator(f"[data-game='{game}']").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_have_attribute("data-state", "shown")
    prompt, paper = (dialog.locator(f".game-stage {part}").bounding_box() for part in (".game-prompt", "canvas"))
    assert prompt
    assert paper
    assert prompt["y"] + prompt["height"] <= paper["y"] + 1
    tick = dialog.locator(".game-drawing[data-outcome=hit]").first
    assert tick.evaluate(GET_TICK_COLOR) == page.evaluate(GET_RIGHT_COLOR)
    assert list_violations(page) == []


def race(page: Page, ghost: str, samples: Samples) -> str:
    """Race by real strokes, with a reload of the page in the middle, and return the id of the own game."""
    expect(page.get_by_test_id("ghost-choice").locator(f"[value='{ghost}']")).to_be_checked()
    assert page.locator(f"[data-testid=alphabet-{ALPHABET}]").is_checked()
    page.get_by_test_id("name").fill("Eve")
    leave_out_warm_up(page)
    page.get_by_test_id("start").click()
    await_start(page)
    rng, pen = Random(2), Mouse(page)  # noqa: S311
    play_hits(page, pen, samples, rng, HITS // 2)
    page.reload()
    await_start(page)
    play_hits(page, pen, samples, rng, HITS - HITS // 2)
    expect(page.get_by_test_id("ghost-score")).to_have_text(re.compile("[1-9]"))
    await_ink(page.get_by_test_id("ghost").locator("canvas"))
    result = page.get_by_test_id("result")
    while not result.is_visible():
        target = get_target(page)
        if target and _read_number(page.get_by_test_id("time").inner_text()) > LAST_SECONDS:
            page.keyboard.press("s")
        page.wait_for_timeout(200)
    game: str = page.evaluate("JSON.parse(localStorage.getItem('inkrush-last')).game")
    rival, own = (_get(page, f"/api/games/{each}") for each in (ghost, game))
    points = own["score"] - rival["score"]
    outcome = "won" if points > 0 else "lost" if points < 0 else "tied"
    shown = page.get_by_test_id("result-ghost")
    expect(shown).to_have_attribute("data-outcome", outcome)
    expect(shown).to_contain_text(f"{abs(points)}")
    return game


def check_sharing(page: Page, game: str, site: Server) -> None:
    expect(page.locator("body")).to_have_attribute("data-locked", "false")
    link = f"{site.url}/games/{game}"
    said = page.locator(".result-shared")
    page.get_by_test_id("copy-link").click()
    expect(said).to_have_text("Link copied.")
    assert _read_clipboard(page) == link
    page.get_by_test_id("share").click()
    expect(said).to_contain_text("Paste it")
    assert _read_clipboard(page) == f"{_get(page, f'/api/games/{game}')['card']}\n{link}"
    with page.expect_download() as saved:
        page.get_by_test_id("share-picture").click()
    picture = Image.open(io.BytesIO(saved.value.path().read_bytes()))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    expect(said).to_contain_text("saved")
    assert _read_clipboard(page) == link


def check_own_row(visits: Visits, page: Page) -> None:
    """See that the link to the board names it whole, and that the own row is in sight in a small window."""
    href = page.get_by_test_id("leaders").get_attribute("href") or ""
    assert f"mode=sprint&alphabet={ALPHABET}" in href
    board = visits.open_as(page.context, BOARD)
    board.set_viewport_size({"width": 844, "height": 390})
    own = board.locator("[data-testid=entry][data-you=true]")
    expect(own).to_contain_text("Eve")
    for top in (0, 10_000):
        board.evaluate("(top) => scrollTo(0, top)", top)
        box = own.locator("td").first.bounding_box()  # cells stick, rows do not
        assert box
        assert 0 <= box["y"] <= 390 - box["height"] + 1


def check_game_page(visits: Visits, game: str) -> None:
    """See that the link shows the game to others, by day and by night, on a small phone."""
    for scheme in ("light", "dark"):
        page = visits.open(f"/games/{game}", color_scheme=scheme, viewport={"width": 320, "height": 640})
        expect(page.get_by_role("heading", level=1)).to_have_text("Eve")
        expect(page.locator("article.game")).to_have_attribute("data-state", "shown")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert list_violations(page) == []
    expect(page.get_by_test_id("race")).to_have_attribute("href", f"/play?ghost={game}")


def _get(page: Page, path: str) -> Any:
    return page.evaluate("async (path) => (await fetch(path)).json()", path)


def _read_clipboard(page: Page) -> str:
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def _read_number(text: str) -> int:
    return int(re.sub(r"\D", "", text) or 0)
