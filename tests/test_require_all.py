"""With INKRUSH_REQUIRE_ALL set, a skipped test fails: where everything is installed, a skip hides a fault."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving import ROOT

pytestmark = pytest.mark.slow

TESTS = {
    "skips_itself": "def test_it():\n    pytest.skip('no luck')\n",
    "is_marked": "@pytest.mark.skip(reason='no luck')\ndef test_it():\n    pass\n",
    "skips_its_module": "pytest.skip('no luck', allow_module_level=True)\n",
    "passes": "def test_it():\n    pass\n",
    "fails_as_expected": "@pytest.mark.xfail\ndef test_it():\n    assert False\n",
}
SKIPS = ("skips_itself", "is_marked", "skips_its_module")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, test in TESTS.items():
        (tmp_path / f"test_{name}.py").write_text(f"import pytest\n\n{test}")
    return tmp_path


def run_pytest(folder: Path, require_all: str) -> subprocess.CompletedProcess[str]:
    options = ("-ra", "-p", "tests.conftest", "--continue-on-collection-errors", "--rootdir", str(folder))
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(folder)],
        cwd=ROOT,
        env=os.environ | {"INKRUSH_REQUIRE_ALL": require_all},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_skip_fails_and_nothing_else_does(folder: Path) -> None:
    ended = run_pytest(folder, "1")
    assert ended.returncode != 0
    failed = [line for line in ended.stdout.splitlines() if line.startswith(("FAILED", "ERROR "))]
    assert [name for name in TESTS if any(f"test_{name}.py" in line for line in failed)] == list(SKIPS)
    assert ended.stdout.count("Skipped, but INKRUSH_REQUIRE_ALL is set: Skipped: no luck") >= len(SKIPS)
    assert "1 passed" in ended.stdout
    assert "1 xfailed" in ended.stdout


@pytest.mark.parametrize("require_all", ["", "0"])
def test_skips_are_allowed_otherwise(folder: Path, require_all: str) -> None:
    ended = run_pytest(folder, require_all)
    assert ended.returncode == 0, ended.stdout
    assert "3 skipped" in ended.stdout
