"""The server does what ``/openapi.json`` says, for inputs that Schemathesis makes of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving import Server

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")


@pytest.mark.slow
def test_the_description_says_what_is_taken_and_what_is_refused(server: Server, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIGURATION)]
    result = subprocess.run(
        [*command, "run", f"{server.url}/openapi.json", "--phases", "examples,coverage,fuzzing", "--no-color"],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert result.returncode == 0, (result.stdout + result.stderr)[-4000:]
    assert "Traceback" not in server.log
