"""The unit tests of the client's pure modules, which run under Node's own test runner."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

from game.rules import tuning
from recognition.alphabets import CLASSES, get_look_alikes

FOLDER: Final = Path(__file__).parent
CLIENT: Final = FOLDER.parent.parent / "client"
TESTS: Final = sorted(FOLDER.glob("*.test.mjs"))


def test_the_client_knows_the_same_look_alikes_as_the_server() -> None:
    source = (CLIENT / "static" / "js" / "parts" / "look-alikes.js").read_text("utf-8")
    line = next(line for line in source.splitlines() if line.startswith("const LOOK_ALIKES = "))
    groups = {get_look_alikes(character, "any") for character in CLASSES}
    assert sorted(re.findall(r'"(\w+)"', line)) == sorted(group for group in groups if len(group) > 1)


def test_the_client_counts_with_the_numbers_of_the_server() -> None:
    source = (CLIENT / "static" / "js" / "parts" / "tuning.js").read_text("utf-8")
    lines = re.findall(r"export const (\w+) = ([\d_]+);", source)
    assert len(lines) == source.count("export const") > 0
    numbers = {name: int(number) for name, number in lines}
    assert numbers == {name: getattr(tuning, name) for name in numbers}


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.name.removesuffix(".test.mjs"))
def test_a_module_of_the_client(node: str, path: Path) -> None:
    done = subprocess.run([node, "--test", path], capture_output=True, text=True, check=False, cwd=FOLDER)
    assert done.returncode == 0, done.stdout + done.stderr
