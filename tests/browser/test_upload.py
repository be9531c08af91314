"""The upload page: having a picture read."""

from __future__ import annotations

import base64
import io

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visits
from tests.recognition.page.paper import draw_symbols, encode_picture
from tests.strokes import Samples

SIDE = 640


def picture(samples: Samples, label: str) -> bytes:
    """Return a PNG of a character in dark ink on light paper."""
    paper = Image.new("RGB", (SIDE, SIDE), (243, 240, 231))
    pen = ImageDraw.Draw(paper)
    for stroke in samples.get(label)[0].place(0.5, 0.3, 0.2):
        pen.line(
            [(x * SIDE / 1023, y * SIDE / 1023) for x, y in stroke], fill=(30, 34, 60), width=14, joint="curve"
        )
    png = io.BytesIO()
    paper.save(png, "PNG")
    return png.getvalue()


def test_a_picture_is_read_and_confirmed(visits: Visits, samples: Samples) -> None:
    page = visits.open("/upload")
    _choose(page, "seven.png", "image/png", picture(samples, "7"))
    expect(page.get_by_test_id("character")).to_have_count(1)
    expect(page.get_by_test_id("text")).to_have_text("7")
    expect(page.get_by_test_id("preview")).to_be_visible()
    row = page.get_by_test_id("character")
    with page.expect_response("**/feedback") as answered:
        row.get_by_test_id("yes").click()
    assert answered.value.json()["verdict"] == "confirmed"
    expect(row.get_by_test_id("feedback-done")).to_be_visible()


def test_a_reading_of_a_picture_is_corrected(visits: Visits, samples: Samples) -> None:
    page = visits.open("/upload")
    _choose(page, "r.png", "image/png", picture(samples, "R"))
    row = page.get_by_test_id("character")
    row.get_by_test_id("no").click()
    row.get_by_test_id("correct-label").fill("k")
    with page.expect_response("**/feedback") as answered:
        row.get_by_test_id("send-label").click()
    assert (answered.value.json()["label"], answered.value.json()["verdict"]) == ("k", "corrected")


def test_a_picture_may_be_dropped(visits: Visits, samples: Samples) -> None:
    page = visits.open("/upload")
    transfer = page.evaluate_handle(
        """(encoded) => {
            const bytes = Uint8Array.from(atob(encoded), (c) => c.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], "e.png", { type: "image/png" }));
            return transfer;
        }""",
        base64.b64encode(picture(samples, "E")).decode(),
    )
    page.get_by_test_id("drop").dispatch_event("drop", {"dataTransfer": transfer})
    expect(page.get_by_test_id("text")).to_have_text("E")


def test_a_file_that_is_no_picture_is_refused_in_words(visits: Visits, samples: Samples) -> None:
    page = visits.open("/upload")
    _choose(page, "notes.png", "image/png", b"This is a text file, not a picture.")
    error = page.get_by_test_id("upload-error")
    expect(error).to_be_visible()
    assert len(error.inner_text().split()) >= 4
    _choose(page, "seven.png", "image/png", picture(samples, "7"))
    expect(error).not_to_be_visible()
    expect(page.get_by_test_id("text")).to_have_text("7")
    # The browser itself reports every response that is an error, and every picture that it cannot show.
    visits.complaints[:] = [text for text in visits.complaints if "Failed to load resource" not in text]


def test_a_blank_sheet_is_reported_as_blank(visits: Visits) -> None:
    page = visits.open("/upload")
    sheet = io.BytesIO()
    Image.new("L", (400, 300), 240).save(sheet, "PNG")
    _choose(page, "blank.png", "image/png", sheet.getvalue())
    expect(page.get_by_role("status").filter(has_text="no ink")).to_be_visible()
    expect(page.get_by_test_id("character")).to_have_count(0)


def test_a_sign_that_looks_like_no_character_is_marked(visits: Visits) -> None:
    page = visits.open("/upload")
    with page.expect_response("**/api/upload") as answered:
        _choose(page, "signs.png", "image/png", encode_picture(draw_symbols()))
    sure = [character["sure"] for character in answered.value.json()["characters"]]
    assert False in sure
    rows = page.get_by_test_id("character")
    expect(rows).to_have_count(len(sure))
    for place, is_sure in enumerate(sure):
        doubt = rows.nth(place).get_by_text("not sure")
        expect(doubt).to_be_visible(visible=not is_sure)


def _choose(page: Page, name: str, kind: str, content: bytes) -> None:
    page.get_by_test_id("file").set_input_files({"name": name, "mimeType": kind, "buffer": content})
