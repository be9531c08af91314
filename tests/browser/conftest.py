"""A real Chromium in front of a real server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.browser.chromium import NAMES, find_chromium
from tests.serving import Server

DESKTOP: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 900}}
PHONE: Final[dict[str, Any]] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
}
WORKER_BLOCKED: Final = "Service Worker registration blocked by Playwright"

expect.set_options(timeout=20_000)  # a busy machine may take long to show what is expected


class Visits:
    """Opens pages as separate people, and collects the errors and warnings of their browsers."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser = browser
        self._url = url
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def open(self, path: str, *, url: str | None = None, **options: Any) -> Page:
        """Open ``path`` as a new visitor; ``options`` are those of a Playwright context."""
        options = {"service_workers": "block"} | DESKTOP | options  # test_installing.py has the worker
        context = self._browser.new_context(base_url=url or self._url, **options)
        self._contexts.append(context)
        return self.open_as(context, path)

    def open_as(self, context: BrowserContext, path: str) -> Page:
        """Open ``path`` in another tab of the same visitor."""
        page = context.new_page()
        page.on("console", self._collect)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.goto(path)
        page.wait_for_load_state("load")
        return page

    def forgive(self, text: str) -> None:
        """Forget the complaints with a text: the test itself is to blame for them."""
        self.complaints[:] = [complaint for complaint in self.complaints if text not in complaint]

    def close(self) -> None:
        """Close every page."""
        for context in self._contexts:
            context.close()

    def _collect(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and message.text != WORKER_BLOCKED:
            self.complaints.append(f"{message.location.get('url', '')}: {message.text}")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start Debian's Chromium, or another one on the PATH."""
    executable = find_chromium()
    if executable is None:
        pytest.skip(f"There is no Chromium here: none of {', '.join(NAMES)} is on the PATH.")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=executable)
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start one server for all browser tests."""
    with Server(tmp_path_factory.mktemp("site") / "var") as server:
        yield server


@pytest.fixture
def visits(browser: Browser, site: Server) -> Iterator[Visits]:
    """Open pages, and check at the end that no browser reported an error or a warning."""
    opened = Visits(browser, site.url)
    yield opened
    opened.close()
    assert opened.complaints == []
