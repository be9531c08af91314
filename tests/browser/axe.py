"""axe-core in a page: what it finds there that keeps people out."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from playwright.sync_api import Page

from tests.browser.audits import FINISH_TRANSITIONS

_AXE: Final = Path(__file__).with_name("vendor") / "axe-core-4.14.1.min.js"
_RUN: Final = """async () => (await axe.run()).violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`
)"""


def list_violations(page: Page) -> list[str]:
    """Return what axe-core finds on the page as it is now, with its usual rules and best practices."""
    page.evaluate(FINISH_TRANSITIONS)
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE.read_text(encoding="utf-8"))
    violations: list[str] = page.evaluate(_RUN)
    return violations
