"""Where everything is installed, a test that skips itself fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving import ROOT

pytestmark = pytest.mark.slow

SKIPS = {
    "in a test": "import pytest\n\ndef test_it():\n    pytest.skip('no luck')\n",
    "by a mark": "import pytest\n\n@pytest.mark.skip(reason='no luck')\ndef test_it():\n    pass\n",
    "as a whole": "import pytest\n\npytest.skip('no luck', allow_module_level=True)\n",
}


@pytest.mark.parametrize(
    ("how", "require_all", "fails"),
    [*((how, "1", True) for how in SKIPS), ("in a test", "", False), ("as a whole", "0", False)],
)
def test_a_skip(tmp_path: Path, how: str, require_all: str, fails: bool) -> None:
    (tmp_path / "test_skips.py").write_text(SKIPS[how])
    (tmp_path / "test_passes.py").write_text("def test_it():\n    pass\n")
    done = _pytest(tmp_path, require_all)
    assert (done.returncode != 0) == fails, done.stdout
    assert ("INKRUSH_REQUIRE_ALL is set: Skipped: no luck" in done.stdout) == fails, done.stdout


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    (tmp_path / "test_fails.py").write_text(
        "import pytest\n\n@pytest.mark.xfail\ndef test_it():\n    assert False\n"
    )
    done = _pytest(tmp_path, "1")
    assert done.returncode == 0, done.stdout


def _pytest(folder: Path, require_all: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-ra", "-p", "tests.conftest", "--rootdir", str(folder), str(folder)],
        cwd=ROOT,
        env=os.environ | {"INKRUSH_REQUIRE_ALL": require_all},
        capture_output=True,
        text=True,
        check=False,
    )
