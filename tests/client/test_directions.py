"""Style sheets fit both directions of writing: they say start and end instead of left and right."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from game.app import CLIENT

SHEETS: Final = sorted((CLIENT / "static" / "css").rglob("*.css"))

COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
SIDED: Final = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-)?(?:left|right)[\w-]*\s*:"
    r"|(?<![\w-])float\s*:|text-align:\s*(?:left|right)"
)
# Four sides: the second is the right one, the fourth the left one.
FOUR_SIDES: Final = re.compile(
    r"(?<![\w-])(?:margin|padding|inset):\s*([^\s;]+)\s+([^\s;]+)\s+([^\s;]+)\s+([^\s;]+)\s*[;}]"
)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.relative_to(CLIENT).name)
def test_a_style_sheet_says_start_and_end(path: Path) -> None:
    sheet = COMMENT.sub("", path.read_text(encoding="utf-8"))
    assert SIDED.findall(sheet) == []
    assert [sides for sides in FOUR_SIDES.findall(sheet) if sides[1] != sides[3]] == []
