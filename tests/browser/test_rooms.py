"""A duel of two browsers, and a class of a host's screen, two browsers and bots. All draw real strokes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import list_violations
from tests.browser.conftest import PHONE, Visits
from tests.browser.drawing import Finger, Mouse, Pen, await_ink
from tests.browser.play import await_start, get_target, play_round
from tests.browser.pupils import let_pupils_play
from tests.serving import Server
from tests.strokes import Samples

pytestmark = pytest.mark.slow

OPEN_CLASS: Final = """async (names) => {
    const body = JSON.stringify({ alphabet: "digits", duration_s: 30, names });
    const headers = { "content-type": "application/json" };
    const opened = await (await fetch("/api/rooms", { method: "POST", headers, body })).json();
    return [opened.room, opened.host_token];
}"""
"""Opens a class of 30 seconds. The page offers a minute at least."""
BOTS: Final = 6
END_MS: Final = 90_000
"""How long a game may take to end on a busy machine."""


@dataclass
class Duel:
    """Two browsers in a duel that runs."""

    visits: Visits
    ada: Page
    bob: Page
    pen: Pen


@pytest.fixture(scope="module")
def duel(browser: Browser, site: Server) -> Iterator[Duel]:
    """Begin a duel, which takes a minute. The test of a class runs meanwhile."""
    visits = Visits(browser, site.url)
    ada = visits.open("/play")
    ada.get_by_test_id("name").fill("Ada")
    ada.get_by_test_id("mode-duel").check(force=True)
    ada.get_by_test_id("alphabet-digits").check(force=True)
    ada.get_by_test_id("start").click()
    code = ada.get_by_test_id("code")
    expect(code).to_have_text(re.compile(r"^\w{5}$"))
    expect(ada.get_by_test_id("start")).to_be_disabled()  # nobody to race yet

    bob = visits.open(f"/room/{(code.text_content() or '').lower()}", **PHONE)
    expect(bob.locator(".room-door h1")).to_contain_text("Ada")
    assert list_violations(bob) == []
    bob.get_by_test_id("name").fill("fuck")
    bob.get_by_test_id("join").tap()
    expect(bob.get_by_role("alert").filter(visible=True)).to_contain_text("another one")  # the form stays
    bob.get_by_test_id("name").fill("Bob")
    bob.get_by_test_id("join").tap()
    expect(ada.get_by_test_id("people")).to_contain_text("Bob")
    assert list_violations(ada) == []
    ada.reload()  # the lobby keeps the seat, and who the host is
    expect(ada.get_by_test_id("people").locator("li")).to_have_count(2)
    ada.get_by_test_id("start").click()
    for page in (ada, bob):
        await_start(page)
    yield Duel(visits, ada, bob, Finger(bob))
    visits.close()
    assert visits.complaints == []


def play_until(page: Page, pen: Pen, samples: Samples, hits: int) -> None:
    """Draw until so many drawings were understood."""
    rng = Random(hits)  # noqa: S311
    for _ in range(4 * hits):
        hits -= play_round(page, pen, samples, rng)
        if not hits:
            return
    pytest.fail("Too few drawings were understood.")


def test_a_duel_shows_the_other_and_keeps_the_seat(duel: Duel, samples: Samples) -> None:
    ada, bob = duel.ada, duel.bob
    play_until(bob, duel.pen, samples, 2)
    rival = ada.get_by_test_id("rival")
    expect(rival).to_contain_text("Bob")
    expect(rival.locator(".rival-score")).to_have_text(re.compile("[1-9]"))
    await_ink(rival.locator("canvas"))
    assert list_violations(ada) == []
    target, score = get_target(bob), bob.get_by_test_id("score").text_content() or ""

    bob.reload()
    expect(bob.get_by_test_id("target")).to_have_text(target)
    expect(bob.get_by_test_id("score")).to_have_text(score)
    play_until(bob, duel.pen, samples, 1)
    expect(bob.get_by_test_id("rival")).to_contain_text("Ada")

    score = bob.get_by_test_id("score").text_content() or ""
    bob.context.set_offline(True)
    expect(bob.get_by_test_id("offline")).to_contain_text("Your seat is kept")
    bob.context.set_offline(False)
    expect(bob.get_by_test_id("offline")).to_be_hidden()
    expect(bob.get_by_test_id("score")).to_have_text(score)
    duel.visits.forgive("ERR_INTERNET_DISCONNECTED")

    late = duel.visits.open(ada.url)
    expect(late.get_by_test_id("join")).to_have_text("Watch")
    late.get_by_test_id("join").click()
    expect(late.get_by_test_id("board-card")).to_have_count(2)
    assert list_violations(late) == []


@pytest.mark.usefixtures("duel")
def test_a_host_leads_a_class(visits: Visits, site: Server, samples: Samples, tmp_path: Path) -> None:
    host = visits.open("/class", color_scheme="dark")
    code, token = host.evaluate(OPEN_CLASS, "own")
    host.goto(f"/class/{code}#host_token={token}")
    expect(host.get_by_test_id("code")).to_have_text(code)
    assert token not in host.url  # it would be on the big screen
    names = ("Finn", "Gwen", "Rude", "Nosy")
    with let_pupils_play(site.port, code, BOTS, names):
        lea = visits.open("/room", **PHONE)
        lea.get_by_test_id("code-input").fill(f"{code[:2]} {code[2:]}".lower())
        lea.keyboard.press("Enter")
        lea.get_by_test_id("name").fill("Lea")
        lea.get_by_test_id("join").tap()
        expect(lea.locator(".room-lobby-title")).to_contain_text("Lea")
        mo = visits.open(f"/room/{code}")
        mo.get_by_test_id("name").fill("Mo")
        mo.get_by_test_id("join").click()
        pupils = host.get_by_test_id("pupil-name")
        expect(pupils).to_have_count(BOTS + 2)

        assert list_violations(host) == []
        pupils.filter(has_text="Rude").click()
        assert list_violations(host) == []
        host.get_by_test_id("hide").click()
        expect(pupils.filter(has_text="Rude")).to_have_count(0)
        expect(pupils).to_have_count(BOTS + 2)
        pupils.filter(has_text="Nosy").click()
        host.get_by_test_id("remove").click()
        expect(pupils).to_have_count(BOTS + 1)
        host.get_by_test_id("lock").click()
        expect(host.get_by_test_id("lock")).to_have_attribute("aria-pressed", "true")
        stranger = visits.open(f"/room/{code}")
        expect(stranger.get_by_test_id("problem")).to_be_visible()

        host.reload()
        expect(pupils).to_have_count(BOTS + 1)
        host.get_by_test_id("start").click()
        for page in (lea, mo):
            await_start(page)
        play_until(lea, Finger(lea), samples, 2)
        mo.get_by_test_id("skip").click()
        expect(mo.get_by_test_id("countdown")).to_be_visible()  # a skip costs three seconds
        await_start(mo)
        play_until(mo, Mouse(mo), samples, 1)
        cards = host.get_by_test_id("board-card")
        expect(cards).to_have_count(BOTS + 1)
        await_ink(cards.filter(has_text="Lea").locator("canvas"))
        assert list_violations(host) == []
        mo.reload()
        expect(mo.get_by_test_id("score")).to_have_text(re.compile("[1-9]"))

        expect(host.get_by_test_id("class-over")).to_be_visible(timeout=END_MS)
        expect(host.get_by_test_id("podium-step")).to_have_count(3)
        first = host.get_by_test_id("gallery-drawing").first
        await_ink(first.locator("canvas"))
        assert list_violations(host) == []
        first.get_by_role("button").click()
        expect(first.locator("canvas")).to_be_hidden()
        expect(lea.get_by_test_id("podium")).to_be_visible()
        expect(lea.get_by_test_id("result-round").first).to_be_visible()

        host.get_by_test_id("report").click()
        expect(host.get_by_test_id("player")).to_have_count(BOTS + 1)
        with host.expect_download() as download:
            host.get_by_test_id("csv").click()
        rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
        assert {"Lea", "Mo", "Finn"} <= {row["player"] for row in rows}
        assert "Rude" not in {row["player"] for row in rows}
        assert list_violations(host) == []
        assert count_pages(host, tmp_path / "report.pdf") == 1

        host.get_by_test_id("back").click()
        host.get_by_test_id("rematch").click()
        expect(host.get_by_test_id("code")).not_to_have_text(code)
        expect(lea.locator(".room-lobby-title")).to_contain_text("Lea")
        expect(host.get_by_test_id("pupil-name").filter(has_text="Lea")).to_be_visible()


def test_a_duel_ends_with_a_podium_and_leads_on(duel: Duel) -> None:
    ada, bob = duel.ada, duel.bob
    for page in (ada, bob):
        expect(page.get_by_test_id("podium-step")).to_have_count(2, timeout=END_MS)
    expect(bob.locator(".room-result-title")).to_have_text("You won!")
    expect(bob.get_by_test_id("result-round")).not_to_have_count(0)
    expect(ada.get_by_test_id("gallery-drawing")).not_to_have_count(0)
    assert list_violations(ada) == []
    before = ada.url
    ada.wait_for_timeout(1_100)  # for a second, nothing can be pressed
    ada.get_by_test_id("rematch").click()
    expect(ada).not_to_have_url(before)
    expect(bob).to_have_url(ada.url)
    expect(ada.get_by_test_id("people").locator("li")).to_have_count(3)  # with the one who watched


def test_a_link_that_leads_nowhere_says_what_to_do(visits: Visits) -> None:
    page = visits.open("/room/CDFHJ")
    expect(page.get_by_test_id("problem")).to_contain_text("I don't know this code")
    assert list_violations(page) == []
    page.get_by_role("link", name="Type a code").click()
    expect(page.get_by_test_id("code-input")).to_be_focused()
    host = visits.open("/class/CDFHJ")
    expect(host.get_by_test_id("problem")).to_be_visible()
    visits.forgive("404")


def count_pages(page: Page, path: Path) -> int:
    """Return how many sheets of paper a page is printed on."""
    page.pdf(path=path, prefer_css_page_size=True)
    return len(re.findall(rb"/Type\s*/Page\b", path.read_bytes()))
