"""``python -m feedback export | import``: a store leaves for a file and comes back the same."""

from __future__ import annotations

import asyncio
import json
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


@pytest.mark.parametrize("name", sorted(FORMATS))
async def test_a_whole_store_comes_back_in_an_empty_one(
    store: Store, url: str, tmp_path: Path, samples: Samples, name: str
) -> None:
    drawings = [
        [[[x for x, _ in stroke], [y for _, y in stroke], list(range(len(stroke)))] for stroke in sample.place()]
        for sample in list(samples)[:40]
    ]
    kept = [
        a_pictured_round(drawing=drawing, target="7", outcome="hit", label="7", label_by="player")
        for drawing in drawings
    ]
    await store.add_rounds(
        [*kept, a_pictured_round(drawing=None, crop=make_png(60), flag="=1+1", source="upload")]
    )
    out, other = tmp_path / "rounds", f"sqlite:///{tmp_path}/other.db"
    assert run("--database", url, "export", "--format", name, "--out", str(out)).returncode == 0
    for said in ("41 rounds imported", "0 rounds imported, 41 were here already"):
        taken = run("--database", other, "import", str(out))
        assert (taken.returncode, taken.stdout) == (0, said + "\n")
    async with opened(other) as copy:
        assert [one async for one in copy.read_rounds()] == [one async for one in store.read_rounds()]


async def test_a_file_with_damaged_lines_is_used_as_far_as_it_goes(store: Store, url: str, tmp_path: Path) -> None:
    kept = [a_pictured_round() for _ in range(4)]
    lines = [encode_ndjson(one) for one in kept]
    file = tmp_path / "rounds.ndjson"
    file.write_bytes(
        lines[0] + lines[1][:200] + b"\n" + b"\xff\xfe\n\n" + lines[1] + json_with(kept[2], label="77") + lines[3]
    )
    taken = run("--database", url, "import", str(file))
    assert taken.returncode == 1
    assert taken.stdout == "3 rounds imported, 3 lines could not be used\n"
    assert [line.partition(":")[0] for line in taken.stderr.splitlines() if line.startswith("line ")] == [
        "line 2",
        "line 3",
        "line 6",
    ]
    assert [one async for one in store.read_rounds()] == [kept[0], kept[1], kept[3]]


def json_with(kept: Round, **fields: Any) -> bytes:
    return json.dumps(json.loads(encode_ndjson(kept)) | fields).encode() + b"\n"


async def test_what_a_player_deleted_does_not_come_back(store: Store, url: str, tmp_path: Path) -> None:
    await store.add_rounds([a_pictured_round(), a_pictured_round(player="bob")])
    file = tmp_path / "rounds.csv"
    run("--database", url, "export", "--format", "csv", "--out", str(file))
    with file.open("ab") as out:
        out.write(encode_csv_row(a_pictured_round()))  # of hers too, though it was never here
    await store.delete_player("ada")
    taken = run("--database", url, "import", str(file))
    assert (
        taken.stdout == "0 rounds imported, 1 were here already, 2 left out because their players deleted them\n"
    )
    assert [one.player async for one in store.read_rounds()] == ["bob"]


async def test_an_export_that_breaks_off_leaves_the_older_file(store: Store, url: str, tmp_path: Path) -> None:
    out = tmp_path / "rounds.csv"
    out.write_text("the older one")
    await store.add_rounds(a_pictured_round(drawing=[[[7] * 500] * 3]) for _ in range(3000))
    command = [sys.executable, "-m", "feedback", "--database", url, "export", "--out", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as export:
        part = out.with_name(".rounds.csv.part")
        while not (part.exists() and part.stat().st_size) and export.poll() is None:
            await asyncio.sleep(0.01)
        export.send_signal(signal.SIGINT)
        export.communicate()
    assert export.returncode == 1
    assert out.read_text() == "the older one"
    assert list(tmp_path.glob(".*")) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="There is no device that is always full here.")
async def test_a_full_disk_is_said_in_a_sentence(store: Store, url: str) -> None:
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


def test_what_cannot_be_read_and_what_is_wrong_use(url: str, tmp_path: Path) -> None:
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


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    store = await open_store(url)
    yield store
    await store.close()
