"""The unit tests of the client's pure modules, which run under Node's own test runner."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

FOLDER: Final = Path(__file__).parent
TESTS: Final = sorted(FOLDER.glob("*.test.mjs"))


@pytest.fixture(scope="module")
def node() -> str:
    command = shutil.which("node")
    if command is None:
        pytest.skip("There is no node on the PATH: the client's unit tests need Node 18.19 or later.")
    return command


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name.removesuffix(".test.mjs"))
def test_a_module_of_the_client(node: str, path: Path) -> None:
    done = subprocess.run([node, "--test", path], capture_output=True, text=True, check=False, cwd=FOLDER)
    assert done.returncode == 0, done.stdout + done.stderr
