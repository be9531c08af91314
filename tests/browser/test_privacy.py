"""The page "Your data": downloading and deleting, with a mouse, a finger and the keyboard."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from random import Random

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Visits
from tests.browser.drawing import Mouse, draw
from tests.browser.play import play_round, start
from tests.strokes import Samples


def confirm_drawing(page: Page, samples: Samples) -> str:
    """Draw an 8, say that it is one, and return the round's id."""
    page.goto("/draw")
    draw(page, Mouse(page), samples.get("8")[0].place())
    expect(page.get_by_test_id("candidate").first).to_contain_text("8")
    with page.expect_response("**/feedback") as answered:
        page.get_by_test_id("yes").click()
    return str(answered.value.json()["round"])


def download(page: Page, which: str, folder: Path) -> Path:
    with page.expect_download() as event:
        page.get_by_test_id(which).click()
    path = folder / event.value.suggested_filename
    event.value.save_as(path)
    return path


def test_every_page_links_to_it(visits: Visits) -> None:
    page = visits.open("about:blank")
    for path in ("/", "/play", "/draw", "/upload", "/leaderboard", "/model", "/me"):
        page.goto(path)
        page.get_by_role("link", name="Your data").click()
        expect(page.locator("h1")).to_have_text("Your data")


def test_drawings_are_downloaded_and_deleted(visits: Visits, samples: Samples, tmp_path: Path) -> None:
    page = visits.open("/draw")
    round_id = confirm_drawing(page, samples)
    page.goto("/privacy")
    lines = download(page, "ndjson", tmp_path).read_text().splitlines()
    assert [json.loads(line)["key_id"] for line in lines] == [round_id]
    with download(page, "csv", tmp_path).open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["key_id"], row["label"], row["verdict"]) == (round_id, "8", "confirmed")

    page.get_by_test_id("delete").click()
    page.get_by_test_id("go-on").click()
    page.get_by_role("button", name="No, keep it").click()
    expect(page.get_by_test_id("delete")).to_be_focused()

    page.keyboard.press("Enter")  # from here on by keyboard; the safe answer has the focus first
    expect(page.get_by_role("button", name="No, keep it")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Are you sure?")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    done = page.get_by_role("status")
    expect(done).to_contain_text("Deleted: 1 drawing and 0 games")
    expect(done).to_be_focused()
    assert page.context.cookies() == []
    assert download(page, "ndjson", tmp_path).read_text() == ""


def test_deleting_ends_a_game_in_another_tab(visits: Visits, samples: Samples) -> None:
    game = visits.open("/play", **PHONE)
    start(game, name="Ada", mode="practice")
    assert play_round(game, Mouse(game), samples, Random(1))  # noqa: S311
    page = visits.open_as(game.context, "/privacy")
    page.get_by_test_id("delete").tap()
    page.get_by_test_id("go-on").tap()
    page.get_by_test_id("for-good").tap()
    expect(page.get_by_role("status")).to_contain_text("1 drawing and 1 game,")
    expect(game.get_by_text("has been deleted").filter(visible=True)).to_be_visible()
    assert page.evaluate("localStorage.getItem('inkrush-play')") is None
    game.goto("/play")
    start(game, mode="practice")
    expect(game.get_by_text("has been deleted").filter(visible=True)).to_have_count(0)


def test_a_failed_deletion_can_be_tried_again(visits: Visits) -> None:
    page = visits.open("/privacy")
    page.context.set_offline(True)
    page.get_by_test_id("delete").click()
    page.get_by_test_id("go-on").click()
    page.get_by_test_id("for-good").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot reach the server")
    page.context.set_offline(False)
    page.get_by_test_id("delete").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_test_id("go-on").click()
    page.get_by_test_id("for-good").click()
    expect(page.get_by_role("status")).to_contain_text("We had nothing stored for you.")
    visits.forgive("ERR_INTERNET_DISCONNECTED")
