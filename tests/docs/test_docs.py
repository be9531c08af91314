"""What README and docs say is so: commands, files, links and generated tables."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.docs.tables import DOCS, write_tables
from tests.serving import Server

ROOT = DOCS.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted(DOCS.rglob("*.md"))]
PYTHON = re.compile(
    r"(?:\.venv/bin/)?python -m (?P<module>(?:game|feedback|training|recognition|tests)[\w.]*)(?P<rest>.*)"
)

FOLDERS = "client|docs|feedback|game|recognition|tests|training|.github|.ci"


def find_blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


def find_commands() -> list[tuple[str, str]]:
    """Return every command line of every page, with the page's name; lines that go on are joined."""
    commands = []
    for page in PAGES:
        text = "".join(find_blocks(page, "sh")).replace("\\\n", " ")
        lines = (line.split("  #")[0].strip() for line in text.splitlines())
        commands += [(page.name, line) for line in lines if line and not line.startswith("#")]
        inline = re.findall(r"`((?:\.venv/bin/)?(?:make|python -m) [^`\n]+)`", page.read_text(encoding="utf-8"))
        commands += [(page.name, line) for line in inline]
    return sorted(set(commands))


COMMANDS = find_commands()

pytestmark = pytest.mark.slow


@cache
def read_help(module: str, command: str) -> str:
    words = [sys.executable, "-m", module, *([command] if command else []), "--help"]
    return subprocess.run(words, capture_output=True, text=True, check=True, cwd=ROOT).stdout


@pytest.mark.slow
@pytest.mark.parametrize(("page", "line"), [c for c in COMMANDS if PYTHON.search(c[1])])
def test_every_python_command_exists_with_its_options(page: str, line: str) -> None:
    match = PYTHON.search(line)
    assert match is not None
    words = shlex.split(re.split(r"[|>&;]", match["rest"])[0])
    takes_commands = match["module"] in {"feedback", "training"}
    command = words[0] if takes_commands and words and not words[0].startswith("-") else ""
    shown = read_help(match["module"], command)
    options = [word.split("=")[0] for word in words if word.startswith("--")]
    assert [option for option in options if option not in shown] == [], f"{page}: {line}"


@pytest.mark.parametrize(("page", "line"), [c for c in COMMANDS if c[1].startswith("make ")])
def test_every_make_target_exists(page: str, line: str) -> None:
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert line.split()[1] in targets, page


def test_every_curl_command_works(server: Server) -> None:
    lines = [line for _, line in COMMANDS if line.startswith("curl ") and "127.0.0.1:8000" in line]
    assert lines
    for line in lines:
        words = shlex.split(line.replace("http://127.0.0.1:8000", server.url))
        answer = subprocess.run([*words, "--fail-with-body"], capture_output=True, text=True, check=False)
        assert answer.returncode == 0, (line, answer.stdout)


def test_the_readmes_program_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (program,) = find_blocks(ROOT / "README.md", "python")
    exec(compile(program, "README.md", "exec"), {})  # noqa: S102 (our own text)
    assert capsys.readouterr().out.startswith("7 ")


def test_the_readme_is_short() -> None:
    assert (ROOT / "README.md").stat().st_size <= 6_000


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_file_that_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = re.findall(rf"`((?:{FOLDERS})/[\w./-]*)`", text)
    named += re.findall(r"`(sheet/[\w.]+)`", text)
    assert [name for name in named if not (ROOT / name).exists()] == []
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert [link for link in links if link and not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.name)
def test_generated_tables_are_what_the_code_says(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text == write_tables(text), "Run: python -m tests.docs.tables"
