"""Screens of phones, and what must fit on them."""

from __future__ import annotations

from typing import Final

from playwright.sync_api import Page, expect

SMALL_SCREENS: Final = ((390, 844), (844, 390))
"""A phone in CSS pixels, upright and on its side."""


def check_width(page: Page, state: str) -> None:
    """Check that the page is not wider than its window. ``state`` says what it shows, for the message."""
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{state} is {overflow} px too wide at {page.viewport_size}"


def check_in_sight(page: Page, name: str) -> None:
    """Check that an element is in sight on small screens, without scrolling."""
    for width, height in SMALL_SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("scrollTo(0, 0)")
        expect(page.get_by_test_id(name)).to_be_in_viewport(ratio=0.99)
