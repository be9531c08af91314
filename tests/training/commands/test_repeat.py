"""``--every``: when the next retrain is due, and that no failure stops it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from training.commands import repeat
from training.commands.repeat import find_next, run_turn


def run_python(script: str) -> str:
    return run_turn((sys.executable, "-c", script))


def test_due_times_stay_on_the_grid_whatever_a_turn_takes() -> None:
    assert find_next(begin=100.0, interval=60.0, now=100.0) == 160.0
    assert find_next(begin=100.0, interval=60.0, now=159.9) == 160.0
    assert find_next(begin=100.0, interval=60.0, now=160.0) == 220.0
    assert find_next(begin=100.0, interval=60.0, now=100.0 + 500 * 60 + 1) == 100.0 + 501 * 60


def test_every_way_to_end_becomes_one_line() -> None:
    assert run_python("print('Comparing.'); print('The model in service stays.')") == "The model in service stays."
    failed = run_python("import sys; print('no\\nspace', file=sys.stderr); sys.exit(1)")
    assert failed == "Failed: no space"
    assert run_python("raise KeyError('x')") == "Failed: KeyError: 'x'"
    killed = run_python("import os; os.kill(os.getpid(), 9)")
    assert killed == "Failed: the retrain was ended by SIGKILL, probably because memory ran out."
    assert run_turn(("/nowhere/python",)).startswith("Failed: no process could be started")


def test_a_clock_that_is_set_moves_no_due_time_and_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    uptime, clock_is_off = [1000.0], [timedelta()]

    def sleep(seconds: float) -> None:
        uptime[0] += seconds
        if uptime[0] > 1200:
            clock_is_off[0] = timedelta(hours=-3)

    begin = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)
    monkeypatch.setattr(repeat, "read_clock", lambda: begin + timedelta(seconds=uptime[0]) + clock_is_off[0])
    monkeypatch.setattr(repeat, "read_uptime", lambda: uptime[0])
    repeat.wait_until(4600.0, sleep)
    assert uptime[0] == 4600.0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.endswith("next 2026-11-26 02:16 UTC: The clock was set.")


@pytest.fixture
def repeating(request: pytest.FixtureRequest) -> Iterator[subprocess.Popen[str]]:
    """Start `repeat` with a command in Python, and return its process when it has begun."""
    script = (
        "import sys; from datetime import timedelta; from training.commands.repeat import repeat; "
        f"print('begun', flush=True); repeat((sys.executable, '-c', {request.param!r}), timedelta(days=1))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert read_line(process) == "begun\n"
        yield process
        process.kill()


def read_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline()


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # before or after the file is opened
        return False


@pytest.mark.slow
@pytest.mark.parametrize("repeating", ["print('Done.')"], indirect=True)
def test_ctrl_c_while_it_waits_ends_it_at_once(repeating: subprocess.Popen[str]) -> None:
    line = read_line(repeating)
    assert ", next 2" in line
    assert line.endswith("UTC: Done.\n")
    repeating.send_signal(signal.SIGINT)
    assert repeating.wait(timeout=60) != 0


@pytest.mark.slow
@pytest.mark.parametrize("repeating", ["import time; time.sleep(600)"], indirect=True)
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_retrain_ends_with_the_process_that_started_it(repeating: subprocess.Popen[str], sent: int) -> None:
    children = Path(f"/proc/{repeating.pid}/task/{repeating.pid}/children")
    while not (child := children.read_text()):
        time.sleep(0.02)
    repeating.send_signal(sent)
    assert repeating.wait(timeout=60) != 0
    while is_running(int(child)):
        time.sleep(0.02)
