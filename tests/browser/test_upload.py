"""The upload page: having a picture read."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw, ImageOps
from playwright.sync_api import JSHandle, Page, Route, expect

from tests.browser.audits import FAINT_TEXTS, SMALL_TARGETS
from tests.browser.axe import list_violations
from tests.browser.conftest import PHONE, Visits
from tests.browser.test_languages import check_widths
from tests.recognition.page.heic import make_grid
from tests.recognition.page.paper import draw_symbols, encode_picture, write_page
from tests.strokes import Samples, load_fixture

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


def choose(page: Page, name: str, kind: str, content: bytes) -> None:
    """Choose one file."""
    page.get_by_test_id("file").set_input_files({"name": name, "mimeType": kind, "buffer": content})


def photograph(page: Page, name: str, kind: str, content: bytes) -> None:
    """Take a photo with the camera."""
    page.get_by_test_id("camera").set_input_files({"name": name, "mimeType": kind, "buffer": content})


def drop(page: Page, name: str, kind: str, content: bytes) -> None:
    """Drop one file on the page."""
    transfer = make_transfer(page, name, kind, content)
    page.get_by_test_id("drop").dispatch_event("drop", {"dataTransfer": transfer})


def paste(page: Page, name: str, kind: str, content: bytes) -> None:
    """Paste one file."""
    make_transfer(page, name, kind, content).evaluate(
        "(clipboardData) => document.dispatchEvent(new ClipboardEvent('paste', { clipboardData }))"
    )


def make_transfer(page: Page, name: str, kind: str, content: bytes) -> JSHandle:
    """Return what the browser hands over when a file is dropped or pasted."""
    return page.evaluate_handle(
        """([name, type, encoded]) => {
            const bytes = Uint8Array.from(atob(encoded), (c) => c.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], name, { type }));
            return transfer;
        }""",
        [name, kind, base64.b64encode(content).decode()],
    )


def test_a_picture_is_read_confirmed_and_corrected(visits: Visits, samples: Samples) -> None:
    page = visits.open("/upload")
    choose(page, "seven.png", "image/png", picture(samples, "7"))
    expect(page.get_by_test_id("text")).to_have_text("7")
    expect(page.get_by_test_id("preview").locator("img")).to_be_visible()
    chips = page.get_by_test_id("letter").get_by_test_id("chip")
    expect(chips).to_have_count(5)
    with page.expect_response("**/feedback") as answered:
        chips.first.click()
    assert answered.value.json()["verdict"] == "confirmed"
    expect(page.get_by_test_id("letter-status")).to_contain_text("saved it as 7")
    with page.expect_response("**/feedback") as answered:
        page.get_by_test_id("correct-label").press_sequentially("k")
    assert (answered.value.json()["label"], answered.value.json()["verdict"]) == ("k", "corrected")
    expect(page.get_by_test_id("text")).to_have_text("k")


def test_the_text_of_a_page_is_edited_by_keyboard_alone_and_copied(visits: Visits) -> None:
    page = visits.open("/upload")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.post_data or "") if "feedback" in request.url else None)
    text = page.get_by_test_id("text")
    page.get_by_test_id("upload-alphabet-upper").check(force=True)
    paper = write_page(load_fixture(), "BAD DOG\nHEN").picture
    choose(page, "page.jpg", "image/jpeg", encode_picture(paper, "JPEG"))
    letters = text.get_by_role("option")
    expect(letters).to_have_count(9)
    expect(page.get_by_role("status").filter(has_text="I found 9 characters. BAD DOG HEN")).to_be_visible()
    assert page.locator("[role=option][tabindex='0']").count() == 1
    letters.first.focus()
    for key in ("End", "F", "ArrowDown", "Home", "T", "ArrowLeft", "Space", "End", "Delete", "ArrowLeft", "!"):
        page.keyboard.press(key)
    expect(text).to_have_text("BAD DOF T!", use_inner_text=False)
    assert text.text_content() == "BAD DOF T!"
    expect(page.locator(".picture-box").nth(5)).to_have_text("F")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.testid") == "chip"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.role") == "option"
    page.get_by_test_id("copy").press("Enter")
    expect(page.get_by_test_id("copied")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "BAD DOF T!"
    assert sent == ['{"label":"F"}', '{"label":"T"}']
    assert list_violations(page) == []


def test_a_page_fits_a_phone_and_is_corrected_by_taps(visits: Visits) -> None:
    page = visits.open("/upload", **PHONE, color_scheme="dark")
    text = "THE CAT AND\nA RED FOX\nRAN UP THE\nHILL BY SUN"
    choose(page, "page.png", "image/png", encode_picture(write_page(load_fixture(), text).picture))
    letters = page.get_by_test_id("text").get_by_role("option")
    expect(letters.nth(30)).to_be_visible()
    box = page.locator(".picture-box").nth(4).bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(letters.nth(4)).to_be_focused()
    expect(page.locator(".picture-box span").filter(visible=True)).to_have_count(1)
    panel = page.get_by_test_id("letter")
    expect(panel).to_be_in_viewport(ratio=1)
    expect(letters.nth(4)).to_be_in_viewport()
    second = panel.get_by_test_id("chip").nth(1)
    label = second.get_attribute("data-label")
    with page.expect_response("**/feedback"):
        second.tap()
    expect(letters.nth(4)).to_have_text(label or "")
    page.get_by_test_id("tags").tap()
    expect(page.locator(".picture-box span").filter(visible=True)).to_have_count(letters.count())
    assert page.evaluate("document.documentElement.scrollHeight") < 2 * PHONE["viewport"]["height"]
    for audit in (SMALL_TARGETS, FAINT_TEXTS):
        assert [fault for fault in page.evaluate(audit) if "href" not in fault] == []
    assert list_violations(page) == []
    check_widths(page)


def test_a_long_text_on_a_phone_scrolls_to_what_is_tapped_in_the_picture(visits: Visits) -> None:
    page = visits.open("/upload", **PHONE)
    lines = write_page(load_fixture(), "\n".join(["A RED FOX"] * 20)).picture
    choose(page, "page.png", "image/png", encode_picture(lines))
    letters = page.get_by_test_id("text").get_by_role("option")
    expect(letters.nth(100)).to_be_attached()
    expect(page.get_by_test_id("copy")).to_be_in_viewport(ratio=1)
    assert page.get_by_test_id("text").evaluate("(text) => text.scrollHeight > text.clientHeight")
    picture = page.get_by_test_id("preview")
    picture.evaluate("(picture) => picture.scrollIntoView({ block: 'end' })")
    before = page.evaluate("scrollY")
    last = letters.last
    box = page.locator(".picture-box:not([data-sign=true])").last.bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(last).to_be_focused()
    assert page.evaluate("scrollY") == before
    expect(last).to_be_in_viewport()
    expect(page.get_by_test_id("letter")).to_be_in_viewport(ratio=1)


def test_a_picture_is_turned(visits: Visits, samples: Samples) -> None:
    page = visits.open("/upload")
    with Image.open(io.BytesIO(picture(samples, "R"))) as upright:
        aside = io.BytesIO()
        upright.transpose(Image.Transpose.ROTATE_90).save(aside, "PNG")
    choose(page, "aside.png", "image/png", aside.getvalue())
    expect(page.get_by_test_id("letter")).to_be_visible()
    page.get_by_test_id("turn-right").click()
    expect(page.get_by_test_id("text")).to_have_text("R")


def test_a_transparent_picture_stays_transparent_when_it_is_turned(visits: Visits, samples: Samples) -> None:
    page = visits.open("/upload")
    with Image.open(io.BytesIO(picture(samples, "R"))) as opaque:
        ground = ImageOps.invert(opaque.convert("L"))
        aside = Image.merge("LA", (Image.new("L", ground.size, 40), ground)).rotate(90)
    choose(page, "aside.png", "image/png", encode_picture(aside))
    expect(page.get_by_test_id("letter")).to_be_visible()
    page.get_by_test_id("turn-right").click()
    expect(page.get_by_test_id("text")).to_have_text("R")
    alpha = (
        page.get_by_test_id("preview")
        .locator("img")
        .evaluate(
            """(image) => {
            const context = document.createElement("canvas").getContext("2d");
            context.drawImage(image, 0, 0);
            return context.getImageData(5, 5, 1, 1).data[3];
        }"""
        )
    )
    assert alpha < 20


def test_a_turned_picture_is_shown_turned_with_its_boxes_and_turned_back(visits: Visits) -> None:
    page = visits.open("/upload")

    def ask_for_turn(route: Route) -> None:
        """Add the field `turn`, which the page leaves out: the server then says that it has turned the picture."""
        end = b"--" + route.request.headers["content-type"].partition("boundary=")[2].encode()
        field = b'\r\nContent-Disposition: form-data; name="turn"\r\n\r\n1\r\n'
        body = (route.request.post_data_buffer or b"").replace(end + b"--", end + field + end + b"--")
        route.continue_(post_data=body)

    page.route("**/api/upload", ask_for_turn, times=1)
    page.get_by_test_id("upload-alphabet-upper").check(force=True)
    aside = write_page(load_fixture(), "BAD DOG").picture.rotate(90, expand=True)
    choose(page, "aside.png", "image/png", encode_picture(aside))
    text = page.get_by_test_id("text")
    expect(text).to_have_text("BAD DOG")
    boxes = page.locator(".picture-box")
    lefts = [float(boxes.nth(i).evaluate("(box) => box.offsetLeft")) for i in range(6)]
    assert lefts == sorted(lefts)
    assert lefts[0] < lefts[5] / 3
    page.get_by_test_id("turn-back").click()
    expect(page.get_by_test_id("turned")).not_to_be_visible()
    expect(text).to_be_visible()
    expect(text).not_to_have_text("BAD DOG")


@pytest.mark.parametrize(
    ("kind", "name", "type_"),
    [
        ("TIFF", "e.tiff", "image/tiff"),
        ("AVIF", "e.avif", "image/avif"),
        ("AVIF", "e.jpg", "image/jpeg"),
        ("AVIF", "e", ""),
    ],
)
def test_a_picture_of_which_only_browser_or_server_knows_the_format_is_shown_and_read(
    visits: Visits, samples: Samples, kind: str, name: str, type_: str
) -> None:
    page = visits.open("/upload")
    with Image.open(io.BytesIO(picture(samples, "E"))) as opened:
        encoded = io.BytesIO()
        opened.save(encoded, kind)
    choose(page, name, type_, encoded.getvalue())
    expect(page.get_by_test_id("text")).to_have_text("E")
    expect(page.get_by_test_id("preview").locator("img")).to_be_visible()
    expect(page.get_by_test_id("turn-right")).to_be_visible()


@pytest.mark.parametrize(
    ("give", "type_"),
    [
        (choose, "image/heic"),
        (photograph, "image/heif"),
        (drop, ""),
        (paste, "application/octet-stream"),
    ],
)
def test_a_photo_of_an_iphone_is_read_and_shown_whatever_its_type_and_way(
    visits: Visits, give: Callable[[Page, str, str, bytes], None], type_: str
) -> None:
    page = visits.open("/upload")
    with page.expect_response("**/api/upload") as answered:
        give(page, "IMG_0001.HEIC", type_, make_grid(2, 1))
    assert answered.value.json()["width"] == 512
    image = page.get_by_test_id("preview").locator("img")
    expect(image).to_be_visible()
    assert image.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 512


def test_the_page_that_was_read_is_outlined_in_the_picture(visits: Visits) -> None:
    page = visits.open("/upload", **PHONE)
    sheet = write_page(load_fixture(), "BAD DOG").picture.convert("RGB")
    desk = Image.new("RGB", (2 * sheet.width, 2 * sheet.height), (70, 50, 40))
    desk.paste(sheet, (sheet.width // 2, sheet.height // 2))
    choose(page, "desk.jpg", "image/jpeg", encode_picture(desk, "JPEG"))
    expect(page.get_by_test_id("page-found")).to_be_visible()
    outline = page.locator(".picture-page polygon").first.bounding_box()
    image = page.get_by_test_id("preview").locator("img").bounding_box()
    assert outline is not None
    assert image is not None
    assert abs(outline["width"] / image["width"] - 0.5) < 0.08
    assert abs((outline["x"] - image["x"]) / image["width"] - 0.25) < 0.05
    expect(page.get_by_test_id("copy")).to_be_in_viewport()
    expect(page.get_by_test_id("text")).to_be_in_viewport()
    expect(page.get_by_test_id("preview")).to_be_in_viewport(ratio=1)


def test_reading_is_stopped_and_begun_again(visits: Visits, samples: Samples) -> None:
    page = visits.open("/upload")

    def hold(_: Route) -> None:
        """Let the request wait for good."""

    page.route("**/api/upload", hold, times=1)
    choose(page, "seven.png", "image/png", picture(samples, "7"))
    page.get_by_test_id("cancel").click()
    expect(page.get_by_role("status").filter(has_text="Stopped")).to_be_visible()
    expect(page.get_by_test_id("cancel")).not_to_be_visible()
    page.get_by_test_id("again").click()
    expect(page.get_by_test_id("text")).to_have_text("7")
    visits.forgive("ERR_")


@pytest.mark.parametrize(
    ("name", "kind", "content", "word"),
    [
        ("a.pdf", "application/pdf", b"%PDF-1.7", "PDF"),
        ("a.png", "image/png", b"%PDF-1.7", "PDF"),
        ("a.zip", "application/zip", b"PK", "ZIP"),
        ("a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK", "document"),
        ("a.mp4", "video/mp4", b"words", "video"),
        ("a.txt", "text/plain", b"words", "not a picture"),
    ],
)
def test_a_file_that_cannot_be_read_is_not_even_sent(
    visits: Visits, name: str, kind: str, content: bytes, word: str
) -> None:
    page = visits.open("/upload")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    choose(page, name, kind, content)
    expect(page.get_by_test_id("upload-error")).to_contain_text(word)
    expect(page.get_by_test_id("again")).not_to_be_visible()
    assert [url for url in sent if "/api/" in url] == []


def test_a_picture_may_be_dropped(visits: Visits, samples: Samples) -> None:
    page = visits.open("/upload")
    drop(page, "e.png", "image/png", picture(samples, "E"))
    expect(page.get_by_test_id("text")).to_have_text("E")


def test_a_file_that_is_no_picture_is_refused_in_words(visits: Visits, samples: Samples) -> None:
    page = visits.open("/upload")
    choose(page, "notes.png", "image/png", b"This is a text file, not a picture.")
    error = page.get_by_test_id("upload-error")
    expect(error).to_be_visible()
    assert len(error.inner_text().split()) >= 4
    expect(page.get_by_test_id("again")).not_to_be_visible()
    choose(page, "seven.png", "image/png", picture(samples, "7"))
    expect(error).not_to_be_visible()
    expect(page.get_by_test_id("text")).to_have_text("7")
    # The browser itself reports every response that is an error, and every picture that it cannot show.
    visits.forgive("Failed to load resource")


def test_a_blank_sheet_is_reported_as_blank(visits: Visits) -> None:
    page = visits.open("/upload")
    sheet = io.BytesIO()
    Image.new("L", (400, 300), 240).save(sheet, "PNG")
    choose(page, "blank.png", "image/png", sheet.getvalue())
    expect(page.get_by_role("status").filter(has_text="no ink")).to_be_visible()
    expect(page.get_by_test_id("copy")).not_to_be_visible()
    expect(page.get_by_test_id("tags")).not_to_be_visible()


def test_symbols_are_pale_signs_or_letters_that_are_marked_as_unsure(visits: Visits) -> None:
    page = visits.open("/upload")
    with page.expect_response("**/api/upload") as answered:
        choose(page, "signs.png", "image/png", encode_picture(draw_symbols()))
    body = answered.value.json()
    signs, sure = body.get("signs", []), [character["sure"] for character in body["characters"]]
    assert signs or False in sure
    expect(page.locator(".picture-box[data-sign=true]")).to_have_count(len(signs))
    letters = page.get_by_test_id("text").get_by_role("option")
    expect(letters).to_have_count(len(sure))
    for place, is_sure in enumerate(sure):
        assert ("not sure" in (letters.nth(place).get_attribute("aria-label") or "")) != is_sure
