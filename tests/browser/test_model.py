"""The model page: a retrained model, what it learned from players, each character, and earlier versions."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from recognition.alphabets import CLASSES
from recognition.model.card import read_card
from recognition.model.network import BUNDLED, MODEL_FILE
from recognition.model.registry import REPORT_FILE, ModelRegistry
from tests.browser.audits import FAINT_TEXTS, SMALL_TARGETS
from tests.browser.conftest import PHONE, Visits
from tests.serving import Server

NAME = "retrained-62-0123456789abcdef"


@pytest.fixture
def retrained(server: Server) -> Server:
    """Promote a model with a card that has every field, then the bundled one, and roll back."""
    versions = ModelRegistry(server.models)
    card = read_card(BUNDLED)
    characters = [
        {"character": c, "samples": 100, "alone": 0.9, "folded": 0.7 if c == "g" else 0.95, "mistaken_for": other}
        for c, other in zip(CLASSES, CLASSES[1:] + "0", strict=True)
    ]
    retrained = {
        **card,
        "version": NAME,
        "figures": {**card["figures"], "by_character": characters},
        "history": [
            {"tried": "a wider network", "figures": {"digits": 99.2, "any": 83.19}, "note": "bundled"},
            {"tried": "a slower pen", "figures": {}},
        ],
        "learned": {"rounds": 1204, "players": 29, "by_source": {"challenge": 1200, "draw": 4, "upload": 0}},
    }
    versions.add((BUNDLED / MODEL_FILE).read_bytes(), retrained, {REPORT_FILE: b"<h1>Better</h1>"})
    versions.promote(NAME, "better for held-out players")
    versions.promote("bundled")
    versions.rollback()
    server.stop()
    server.start()
    return server


def test_a_retrained_model(visits: Visits, retrained: Server) -> None:
    page = visits.open("/model", url=retrained.url)
    expect(page.locator(".model-version")).to_have_text(NAME)
    expect(page.locator(".character")).to_have_count(62)
    weak = page.locator(".character-weak")
    expect(weak).to_have_count(1)
    expect(weak).to_contain_text(re.compile("lowercase g:.*70%.*most often mistaken for lowercase h", re.DOTALL))
    expect(page.locator(".model-retraining")).to_contain_text("1,204 drawings by 29 players")
    expect(page.locator(".model-retraining")).to_contain_text("1,200 from games and 4 drawn freely")
    expect(page.locator(".step").first.get_by_role("definition")).to_have_text(["99.20", "", "", "83.19", ""])
    expect(page.locator(".step-figures").last).to_be_hidden()
    expect(page.locator(".version")).to_have_count(3)
    expect(page.locator(".version").first).to_contain_text(f"back to {NAME}")
    page.get_by_role("link", name=f"Report on {NAME}").last.click()
    expect(page.get_by_role("heading", name="Better")).to_be_visible()


def test_it_fits_a_phone_by_day_and_by_night(visits: Visits, retrained: Server) -> None:
    for scheme in ("light", "dark"):
        page = visits.open("/model", url=retrained.url, color_scheme=scheme, **PHONE)
        expect(page.locator(".character")).to_have_count(62)
        assert page.evaluate(FAINT_TEXTS) == [], scheme
        assert page.evaluate(SMALL_TARGETS) == []
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_card_that_says_little_leaves_no_empty_sections(visits: Visits, server: Server) -> None:
    page = visits.open("/model", url=server.url)
    expect(page.locator(".model-version")).to_be_visible()
    expect(page.locator(".model-retraining")).to_be_hidden()
    expect(page.locator(".model-previous")).to_be_hidden()
