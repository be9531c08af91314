"""The game can be installed, and without a network it says so in the person's language."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE
from tests.serving import Server

HAS_WORKER = """async (language) => {
  const { serviceWorker } = navigator;
  const happen = (target, name) => new Promise((done) => target.addEventListener(name, done, { once: true }));
  while (!serviceWorker.controller?.scriptURL.includes(`lang=${language}`)) {
    await happen(serviceWorker, "controllerchange");
  }
  while (serviceWorker.controller.state !== "activated") await happen(serviceWorker.controller, "statechange");
}"""
KEPT = """async () => {
  const names = await caches.keys();
  const requests = (await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))).flat();
  return { names, paths: requests.map(({ url }) => new URL(url).pathname) };
}"""


def test_a_page_can_be_installed_and_its_worker_speaks_up_while_the_server_is_away(
    browser: Browser, server: Server
) -> None:
    context = browser.new_context(base_url=server.url, locale="de", **PHONE)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/play")
    page.evaluate(HAS_WORKER, "de")
    check_installable(page)

    kept = page.evaluate(KEPT)
    assert len(kept["names"]) == 1
    assert "/offline" in kept["paths"]
    assert all(path == "/offline" or path.startswith("/static/") for path in kept["paths"])

    server.stop()
    page.reload()
    expect(page.locator("h1")).to_have_text("Du bist offline")
    assert page.url == f"{server.url}/play"
    color = page.get_by_role("link", name="Noch mal versuchen").evaluate(
        "link => getComputedStyle(link).backgroundColor"
    )
    assert color != "rgba(0, 0, 0, 0)", "the page has lost its style sheet"

    server.start()
    expect(page.get_by_test_id("start")).to_be_visible()  # the page has noticed by itself
    page.goto("/play?lang=fr")  # another language is another worker, which replaces the first
    page.evaluate(HAS_WORKER, "fr")
    names = page.evaluate(KEPT)["names"]
    assert len(names) == 1
    assert "lang=fr" in names[0]
    server.stop()
    page.reload()
    expect(page.locator("h1")).to_have_text("Tu es hors ligne")
    assert errors == []
    context.close()


def check_installable(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    manifest = session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert re.search(r"/manifest\.webmanifest\?lang=de$", manifest["url"])
    reasons = {error["errorId"] for error in session.send("Page.getInstallabilityErrors")["installabilityErrors"]}
    assert reasons <= {"in-incognito"}, "the tests' windows are private ones; there is no other reason"
