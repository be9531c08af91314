"""The server's log: every line has a time, a level and a logger."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving import ROOT, Server

pytestmark = pytest.mark.slow

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} (INFO|WARNING|ERROR) [\w.]+: .+")

EVERYBODY_LOGS = r"""
import asyncio, logging, sys, warnings
from quart import Quart
from game.logs import configure_logging
configure_logging()
logging.getLogger("game.play.session").info("ours, information")
logging.getLogger("feedback.sheet.mirror").error("ours, an error")
logging.getLogger("hypercorn.error").warning("the server's")
logging.getLogger("google.auth").info("too much")
warnings.warn("the language's")
Quart("game").logger.warning("the framework's")
async def fail():
    asyncio.get_running_loop().call_exception_handler({"message": "a task's"})
asyncio.run(fail())
logging.getLogger("game").error("A path: %s", "/a\r\n2026-01-01T00:00:00+0000 INFO game: forged\x1b[2J")
try:
    raise ValueError("why")
except ValueError:
    logging.getLogger("game").exception("It failed.")
"""


def test_every_line_has_a_time_a_level_and_a_logger() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", EVERYBODY_LOGS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ended.stdout == ""
    log, _, trace = ended.stderr.partition("Traceback")
    lines = [line for line in log.splitlines() if not line.startswith("  ")]
    for line in lines:
        assert LINE.fullmatch(line), line
    for words in ("ours, information", "ours, an error", "the server's", "the language's", "the framework's"):
        assert sum(words in line for line in lines) == 1, words
    assert "a task's" in log
    assert "too much" not in log
    assert trace.endswith("ValueError: why\n")


def test_a_logged_value_cannot_start_a_new_line() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", EVERYBODY_LOGS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    (line,) = (line for line in ended.stderr.splitlines() if "forged" in line)
    assert line.endswith(r"A path: /a\x0d\x0a2026-01-01T00:00:00+0000 INFO game: forged\x1b[2J")


def test_the_server_logs_in_this_form(tmp_path: Path) -> None:
    server = Server(tmp_path / "var")
    server.models.mkdir(parents=True)
    # The server says so, and serves with the bundled model.
    (server.models / "promotions.json").write_text("no JSON")
    with server:
        lines = [line for line in server.log.splitlines() if "model" in line]
    assert lines
    for line in lines:
        assert LINE.fullmatch(line), line
