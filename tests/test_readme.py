"""The README says what is so."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from game.settings import SETTINGS, Setting

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_in_the_table(setting: Setting) -> None:
    name, default, explained = setting
    shown = f"`{default}`" if default else "none"
    assert f"| `{name}` | {shown} | {explained} |" in README


def test_every_variable_that_is_read_is_in_the_table() -> None:
    root = Path(__file__).parents[1]
    read = {
        node.value
        for folder in ("recognition", "feedback", "game", "training")
        for path in (root / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.fullmatch(r"INKRUSH_[A-Z_]+", node.value)
    }
    assert read
    assert [name for name in sorted(read) if f"| `{name}` |" not in README] == []


def test_every_file_it_names_is_there() -> None:
    root = Path(__file__).parents[1]
    named = re.findall(r"[`(]((?:game|recognition|feedback|tests|\.github)/[\w./-]+\.\w+)[`)]", README)
    assert named
    assert [name for name in named if not (root / name).is_file()] == []


def test_its_program_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(compile(program, "README.md", "exec"), {})  # noqa: S102 (our own text)
    assert capsys.readouterr().out.startswith("7 ")
