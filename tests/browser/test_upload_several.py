"""The upload page with several pictures."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.browser.audits import FAINT_TEXTS, SMALL_TARGETS
from tests.browser.axe import list_violations
from tests.browser.conftest import PHONE, Visits
from tests.browser.test_languages import check_widths
from tests.browser.test_upload import picture
from tests.recognition.page.paper import encode_picture, write_page
from tests.strokes import Samples, load_fixture


def make_files(samples: Samples) -> list[FilePayload]:
    """Return a page, a file that is no picture, a PDF and a seven."""
    page = encode_picture(write_page(load_fixture(), "BAD DOG\nHEN").picture)
    return [
        FilePayload(name="page.png", mimeType="image/png", buffer=page),
        FilePayload(name="notes.png", mimeType="image/png", buffer=b"This is a text file."),
        FilePayload(name="notes.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7"),
        FilePayload(name="seven.png", mimeType="image/png", buffer=picture(samples, "7")),
    ]


def test_several_pictures_are_read_corrected_and_copied_together(
    visits: Visits, samples: Samples, tmp_path: Path
) -> None:
    page = visits.open("/upload", **PHONE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_test_id("upload-alphabet-upper").check(force=True)
    page.get_by_test_id("file").set_input_files(make_files(samples)[:3])
    items = page.get_by_test_id("listed-picture")
    expect(items).to_have_count(3)
    expect(page.get_by_test_id("list-status")).to_have_text("I read 1 of 3 pictures.")
    expect(items.first).to_contain_text("BAD DOG HEN")
    expect(items.nth(1)).to_contain_text("not read")
    items.nth(2).tap()
    expect(page.get_by_test_id("upload-error")).to_contain_text("PDF")
    page.get_by_test_id("upload-alphabet-digits").check(force=True)
    page.get_by_test_id("file").set_input_files(make_files(samples)[3:])
    expect(page.get_by_test_id("text")).to_have_text("7")
    expect(page.get_by_test_id("place")).to_have_text("Picture 4 of 4")
    expect(page.get_by_test_id("next")).to_have_attribute("aria-disabled", "true")
    page.get_by_test_id("previous").tap()
    expect(page.get_by_test_id("upload-error")).to_contain_text("PDF")
    items.first.tap()
    page.get_by_test_id("text").get_by_role("option").nth(5).press("F")
    expect(items.first).to_contain_text("BAD DOF HEN")
    items.last.tap()
    expect(page.get_by_test_id("text")).to_have_text("7")
    items.first.tap()
    expect(page.get_by_test_id("text")).to_contain_text("BAD DOF")  # it is still corrected
    page.get_by_test_id("copy-all").tap()
    expect(page.get_by_test_id("copied-all")).to_have_text("Copied")
    text = "BAD DOF\nHEN\n\n7"
    assert page.evaluate("navigator.clipboard.readText()") == text
    with page.expect_download() as downloading:
        page.get_by_test_id("save-all").tap()
    downloading.value.save_as(tmp_path / "text")
    assert (tmp_path / "text").read_text("utf-8") == text + "\n"
    for audit in (SMALL_TARGETS, FAINT_TEXTS):
        assert [fault for fault in page.evaluate(audit) if "href" not in fault] == []
    assert list_violations(page) == []
    check_widths(page)
    page.get_by_test_id("clear").tap()
    expect(page.get_by_test_id("text")).not_to_be_visible()
    expect(items).to_have_count(0)
    visits.forgive("Failed to load resource")


def test_with_many_pictures_more_can_be_chosen_without_scrolling(visits: Visits) -> None:
    page = visits.open("/upload", viewport={"width": 1440, "height": 900})
    pdf = FilePayload(name="notes.pdf", mimeType="application/pdf", buffer=b"%PDF-1.7")
    sheet = encode_picture(Image.new("L", (900, 1200), 240))
    blank = FilePayload(name="blank.png", mimeType="image/png", buffer=sheet)
    page.get_by_test_id("file").set_input_files([blank, *[pdf] * 19])
    expect(page.get_by_test_id("listed-picture")).to_have_count(20)
    expect(page.get_by_role("status").filter(has_text="no ink")).to_be_visible()
    expect(page.get_by_text("Choose pictures")).to_be_in_viewport(ratio=1)


def test_a_busy_server_is_waited_for_and_a_stopped_list_goes_on(visits: Visits, samples: Samples) -> None:
    page = visits.open("/upload")

    def refuse(route: Route) -> None:
        route.fulfill(status=429, headers={"Retry-After": "30"}, json={})

    page.route("**/api/upload", refuse, times=1)
    files = [*make_files(samples)[:1], *make_files(samples)[3:]]
    page.get_by_test_id("file").set_input_files(files)
    expect(page.get_by_test_id("list-status")).to_contain_text("go on in 30 seconds")
    page.get_by_test_id("cancel").click()
    expect(page.get_by_test_id("listed-picture").filter(has_text="stopped")).to_have_count(2)
    page.get_by_test_id("retry").click()
    expect(page.get_by_test_id("list-status")).to_have_text("I read 2 of 2 pictures.")
    visits.forgive("Failed to load resource")


def test_after_a_lost_connection_pictures_and_corrections_are_sent_again(visits: Visits, samples: Samples) -> None:
    page = visits.open("/upload")
    page.context.set_offline(True)
    page.get_by_test_id("file").set_input_files(make_files(samples)[3:])
    expect(page.get_by_role("status").filter(has_text="try again in")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_test_id("text")).to_have_text("7")
    page.context.set_offline(True)
    page.get_by_test_id("chip").first.click()
    expect(page.locator(".letter-problem")).to_contain_text("I will save your change")
    assert _is_asked_before_leaving(page)
    with page.expect_response("**/feedback") as answered:
        page.context.set_offline(False)
    assert answered.value.json()["verdict"] == "confirmed"
    expect(page.get_by_test_id("letter-status")).to_contain_text("saved it as 7")
    assert not _is_asked_before_leaving(page)
    visits.forgive("ERR_")


def _is_asked_before_leaving(page: Page) -> bool:
    return bool(page.evaluate("!dispatchEvent(new Event('beforeunload', { cancelable: true }))"))
