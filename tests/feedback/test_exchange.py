"""``python -m feedback export | import``: a store is written to a file and comes back the same."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from feedback.export import FORMATS, encode_csv_row, encode_ndjson
from feedback.records import Round
from feedback.store import Store, open_store
from tests.feedback.rounds import PNG, a_pictured_round, make_png
from tests.feedback.test_command import run
from tests.strokes import Samples

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", sorted(FORMATS))
async def test_a_whole_store_comes_back_in_an_empty_one(
    store: Store, url: str, tmp_path: Path, samples: Samples, name: str
) -> None:
    drawings = [
        [[[x for x, _ in stroke], [y for _, y in stroke], list(range(len(stroke)))] for stroke in sample.place()]
        for sample in list(samples)[:40]
    ]
    rounds = [
        a_pictured_round(drawing=drawing, target="7", outcome="hit", label="7", label_by="player")
        for drawing in drawings
    ]
    await store.add_rounds(
        [*rounds, a_pictured_round(drawing=None, crop=make_png(60), flag="=1+1", source="upload")]
    )
    out, other = tmp_path / "rounds", f"sqlite:///{tmp_path}/other.db"
    assert run("--database", url, "export", "--format", name, "--out", str(out)).returncode == 0
    for summary in ("41 rounds imported", "0 rounds imported, 41 were here already"):
        imported = run("--database", other, "import", str(out))
        assert (imported.returncode, imported.stdout) == (0, summary + "\n")
    async with open_and_close(other) as copy:
        assert await list_rounds(copy) == await list_rounds(store)


async def test_damaged_lines_are_named_and_the_others_imported(store: Store, url: str, tmp_path: Path) -> None:
    rounds = [a_pictured_round() for _ in range(4)]
    lines = [encode_ndjson(round_) for round_ in rounds]
    file = tmp_path / "rounds.ndjson"
    file.write_bytes(
        lines[0]
        + lines[1][:200]
        + b"\n"
        + b"\xff\xfe\n\n"
        + lines[1]
        + encode_with(rounds[2], label="77")
        + lines[3]
    )
    imported = run("--database", url, "import", str(file))
    assert imported.returncode == 1
    assert imported.stdout == "3 rounds imported, 3 lines could not be used\n"
    assert [line.partition(":")[0] for line in imported.stderr.splitlines() if line.startswith("line ")] == [
        "line 2",
        "line 3",
        "line 6",
    ]
    assert await list_rounds(store) == [rounds[0], rounds[1], rounds[3]]


def encode_with(round_: Round, **fields: Any) -> bytes:
    return json.dumps(json.loads(encode_ndjson(round_)) | fields).encode() + b"\n"


async def test_deleted_rounds_do_not_come_back(store: Store, url: str, tmp_path: Path) -> None:
    await store.add_rounds([a_pictured_round(), a_pictured_round(player="bob")])
    file = tmp_path / "rounds.csv"
    run("--database", url, "export", "--format", "csv", "--out", str(file))
    with file.open("ab") as out:
        out.write(encode_csv_row(a_pictured_round()))  # also Ada's, but it was never here
    await store.delete_player("ada")
    imported = run("--database", url, "import", str(file))
    assert (
        imported.stdout
        == "0 rounds imported, 1 were here already, 2 left out because their players deleted them\n"
    )
    assert [round_.player for round_ in await list_rounds(store)] == ["bob"]


async def test_an_interrupted_export_leaves_the_older_file(store: Store, url: str, tmp_path: Path) -> None:
    out = tmp_path / "rounds.csv"
    out.write_text("the older file")
    await store.add_rounds(a_pictured_round(drawing=[[[7] * 500] * 3]) for _ in range(3000))
    command = [sys.executable, "-m", "feedback", "--database", url, "export", "--out", str(out)]
    part = out.with_name(".rounds.csv.part")
    os.mkfifo(part)  # nothing but the first 64 kB can be written to it before it is read
    with subprocess.Popen(command, stderr=subprocess.PIPE) as export, part.open("rb") as written:
        written.read(1)
        export.send_signal(signal.SIGINT)
        written.read()
        export.communicate()
    assert export.returncode == 1
    assert out.read_text() == "the older file"
    assert list(tmp_path.glob(".*")) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="There is no device that is always full here.")
async def test_a_full_disk_is_reported_in_one_sentence(store: Store, url: str) -> None:
    await store.add_round(a_pictured_round())
    named = run("--database", url, "export", "--out", "/dev/full")
    assert (named.returncode, named.stderr.splitlines()[-1]) == (
        1,
        "/dev/full cannot be written: No space left on device.",
    )
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "feedback", "--database", url, "export"]
        piped = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert piped.returncode == 1
    assert piped.stderr.splitlines()[-1] == "The output cannot be written: No space left on device."


def test_unreadable_files_fail_and_wrong_use_is_told_apart(url: str, tmp_path: Path) -> None:
    absent = run("--database", url, "import", str(tmp_path / "absent.csv"))
    assert absent.returncode == 1
    assert absent.stderr.endswith("absent.csv cannot be read: No such file or directory.\n")
    other = tmp_path / "photo.png"
    other.write_bytes(PNG)
    refused = run("--database", url, "import", str(other))
    assert refused.returncode == 1
    assert "there are no rounds in it" in refused.stderr
    assert run("--database", url, "import").returncode == 2
    assert run("--database", url, "export", "--format", "xlsx").returncode == 2


async def list_rounds(store: Store) -> list[Round]:
    return [round_ async for round_ in store.read_rounds()]


@asynccontextmanager
async def open_and_close(url: str) -> AsyncIterator[Store]:
    store = await open_store(url)
    yield store
    await store.close()
