"""axe-core finds nothing on any page, in any state, in either theme."""

from __future__ import annotations

from typing import Final

import pytest

from tests.browser.axe import list_violations
from tests.browser.conftest import Visits
from tests.browser.test_pages import PAGES

SCHEMES: Final = ("light", "dark")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_on_a_page(visits: Visits, scheme: str) -> None:
    page = visits.open("about:blank", color_scheme=scheme)
    for path in (*PAGES, "/no-such-page"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        assert list_violations(page) == [], path
    visits.complaints[:] = [text for text in visits.complaints if "404" not in text]
