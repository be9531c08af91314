"""A page that shows the spreadsheets, for a person who tries the mirror without Google."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

from feedback.data_uri import PNG_URI_PREFIX
from tests.sheets import a1
from tests.sheets.cells import render
from tests.sheets.grid import Grid
from tests.sheets.workbook import Workbook

SHOWN: Final = 200
"""How many of a worksheet's last rows are shown."""

_STYLE: Final = (
    "body{font:14px system-ui;margin:1rem}table{border-collapse:collapse}"
    "td,th{border:1px solid #ccc;padding:2px 6px;max-width:16rem;overflow:hidden;text-overflow:ellipsis;"
    "white-space:nowrap}th{background:#eee}img{height:28px;image-rendering:pixelated}"
)


def render_page(workbooks: Iterable[Workbook]) -> str:
    """Return the page as HTML."""
    sheets = [
        f"<h1>{escape(workbook.id)}</h1>" + "".join(_table(grid) for grid in workbook.grids)
        for workbook in workbooks
    ]
    body = "".join(sheets) or "<p>Nobody has asked for a spreadsheet yet.</p>"
    head = f"<meta charset=utf-8><title>Sheets</title><style>{_STYLE}</style>"
    return f"<!DOCTYPE html><html lang=en>{head}{body}</html>"


def _table(grid: Grid) -> str:
    first = max(0, len(grid.cells) - SHOWN)
    width = max((len(row) for row in grid.cells), default=0)
    head = "".join(f"<th>{a1.name_column(column)}</th>" for column in range(width))
    rows = "".join(
        f"<tr><th>{number}</th>{''.join(_cell(str(render(cell))) for cell in row)}</tr>"
        for number, row in enumerate(grid.cells[first:], first + 1)
    )
    title = f"{escape(grid.title)}: {len(grid.cells)} of {grid.rows} rows filled"
    return f"<h2>{title}</h2><table><tr><th></th>{head}</tr>{rows}</table>"


def _cell(text: str) -> str:
    shown = f'<img src="{escape(text)}" alt="">' if text.startswith(PNG_URI_PREFIX) else escape(text[:200])
    return f"<td>{shown}</td>"
