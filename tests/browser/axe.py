"""axe-core in a page: what it finds there that keeps people out."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from playwright.sync_api import Page

from tests.browser.audits import FINISH_TRANSITIONS

_AXE: Final = Path(__file__).with_name("vendor") / "axe-core-4.14.1.min.js"
_RUN: Final = """async (rules) => (await axe.run(rules ? { runOnly: rules } : {})).violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`
)"""
_SET_THEME: Final = """(theme) => {
    const { dataset } = document.documentElement;
    const before = dataset.theme ?? "";
    if (theme) dataset.theme = theme;
    else delete dataset.theme;
    return before;
}"""


def list_violations(page: Page) -> list[str]:
    """Return what axe-core finds on the page as it is now, with its usual rules, in both themes."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE.read_text(encoding="utf-8"))
    chosen: str = page.evaluate(_SET_THEME, "day")
    page.evaluate(FINISH_TRANSITIONS)
    violations: list[str] = page.evaluate(_RUN, None)
    page.evaluate(_SET_THEME, "night")
    page.evaluate(FINISH_TRANSITIONS)
    violations += [f"by night, {violation}" for violation in page.evaluate(_RUN, ["color-contrast"])]
    page.evaluate(_SET_THEME, chosen)
    return violations
