"""``python -m feedback`` as a person runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from feedback.store import open_store
from tests.feedback.making import a_round

pytestmark = pytest.mark.slow


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "feedback", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


async def test_status_and_export(url: str, tmp_path: Path) -> None:
    store = await open_store(url)
    hit = a_round(target="7", outcome="hit")
    await store.add_rounds([hit, a_round(source="draw", drawing=None)])
    await store.close()

    status = run("--database", url, "status")
    assert status.returncode == 0
    assert "2 rounds stored: 1 challenge, 1 draw" in status.stdout

    out = tmp_path / "rounds.ndjson"
    assert run("--database", url, "export", "--out", str(out)).returncode == 0
    first, second = (json.loads(line) for line in out.read_text().splitlines())
    assert (first["key_id"], first["word"], first["recognized"]) == (hit.id, "7", True)
    assert first["drawing"] == hit.drawing
    assert (second["word"], second["recognized"], second["drawing"]) == (None, None, None)

    piped = run("--database", url, "export")
    assert piped.stdout == out.read_text()


async def test_a_reader_may_stop_early(url: str) -> None:
    store = await open_store(url)
    await store.add_rounds(a_round() for _ in range(3000))
    await store.close()
    command = [sys.executable, "-m", "feedback", "--database", url, "export"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as export:
        assert export.stdout is not None
        assert export.stderr is not None
        json.loads(export.stdout.readline())
        export.stdout.close()
        messages = export.stderr.read()
    assert export.returncode == 1
    assert "Traceback" not in messages
    assert "Broken pipe" not in messages


async def test_a_path_is_shown_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "[red]" / ("long" * 30) / "inkrush.db"
    status = run("--database", f"sqlite:///{path}", "status")
    assert status.stdout.startswith(f"{path}: ")
    (tmp_path / "file").write_text("")
    folder = tmp_path / "file" / "[red]" / ("long" * 30)
    failed = run("--database", f"sqlite:///{folder}/inkrush.db", "status")
    assert str(folder) in failed.stderr


def test_the_exit_status_tells_failure_from_wrong_use() -> None:
    failed = run("--database", "sqlite:////proc/no/store.db", "status")
    assert failed.returncode == 1
    assert "cannot be created" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert run("frobnicate").returncode == 2
    key = run("status", INKRUSH_VAR='{"private_key": "s3cret"}')
    assert (key.returncode, key.stderr) == (1, "INKRUSH_VAR holds a key, but must be the path of a folder.\n")
    assert run("--help").returncode == 0
