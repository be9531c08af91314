"""Runs ``python -m training``, mostly in the test's own process, because TensorFlow takes seconds to import."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from training.__main__ import main


@dataclass(frozen=True)
class Ended:
    """What a command left behind; the names are those of `subprocess.CompletedProcess`."""

    returncode: int
    stdout: str
    stderr: str


def run_training(data: Path, *arguments: str) -> Ended:
    """Run one command on a data folder, and return its exit status and what it printed."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setenv("INKRUSH_DATA", str(data))
        patch.setenv("COLUMNS", "120")
        patch.setattr("training.commands.retrain.give_way", lambda: None)  # it cannot be undone
        try:
            status = main(arguments)
        except SystemExit as wrong_use:
            assert isinstance(wrong_use.code, int)
            status = wrong_use.code
    return Ended(status, out.getvalue(), err.getvalue())


_WITHOUT_TENSORFLOW = """
import runpy, sys
for name in ("tensorflow", "keras", "emnist"):
    sys.modules[name] = None
runpy.run_module("training", run_name="__main__", alter_sys=True)
"""


def run_without_tensorflow(*arguments: str, data: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run one command in a process in which importing TensorFlow or Keras fails."""
    environment = {**os.environ, "COLUMNS": "120"}
    if data is not None:
        environment["INKRUSH_DATA"] = str(data)
    return subprocess.run(
        [sys.executable, "-c", _WITHOUT_TENSORFLOW, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
