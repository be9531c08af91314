"""Runs ``python -m training`` in the test's own process: TensorFlow takes seconds to import."""

from __future__ import annotations

import io
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
        try:
            status = main(arguments)
        except SystemExit as wrong_use:
            assert isinstance(wrong_use.code, int)
            status = wrong_use.code
    return Ended(status, out.getvalue(), err.getvalue())
