"""Rounds leave for a file and come back the same, whatever has happened to the file."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from feedback.drawing import LAST_COORDINATE
from feedback.export import FORMATS, encode_csv_row, encode_ndjson, make_csv_header
from feedback.importing.errors import NotRounds, UnusableLine
from feedback.importing.rounds_file import read_rounds
from feedback.line import Line
from feedback.records import LABELS, Confirmation, LabelledBy, Outcome, Round, Source
from feedback.store import Store, open_store
from recognition.alphabets import ALPHABETS
from tests.feedback.making import a_round
from tests.feedback.test_command import run
from tests.strokes import Samples


def png(side: int = 28) -> bytes:
    out = io.BytesIO()
    Image.new("L", (side, side), 200).save(out, "PNG")
    return out.getvalue()


PNG = png()


def good(**fields: Any) -> Round:
    return a_round(**{"image": PNG, **fields})


def read(data: bytes) -> list[Round | UnusableLine]:
    return list(read_rounds(io.BufferedReader(io.BytesIO(data))))


def rounds() -> st.SearchStrategy[Round]:
    characters = st.sampled_from(LABELS)
    text = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
    whole = st.integers(0, 2**53)
    share = st.floats(0, 1)
    points = st.tuples(st.integers(0, LAST_COORDINATE), st.integers(0, LAST_COORDINATE), whole)
    stroke = st.lists(points, max_size=4).map(
        lambda found: [list(axis) for axis in zip(*found, strict=True)] or [[]] * 3
    )

    def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.none() | strategy

    return st.builds(
        Round,
        id=st.uuids().map(str),
        at=st.datetimes(timezones=st.just(UTC)),
        player=text,
        source=st.sampled_from(get_args(Source)),
        alphabet=st.sampled_from(sorted(ALPHABETS)),
        model=text,
        predicted=maybe(characters),
        confidence=maybe(share),
        top=st.lists(st.tuples(characters, share), max_size=5),
        game=maybe(st.uuids().map(str)),
        number=maybe(whole),
        mode=maybe(st.sampled_from(["sprint", "daily", "practice", "duel"])),
        target=maybe(characters),
        outcome=maybe(st.sampled_from(get_args(Outcome))),
        verdict=maybe(st.sampled_from(get_args(Confirmation))),
        label=maybe(characters),
        label_by=maybe(st.sampled_from(get_args(LabelledBy))),
        duration_ms=maybe(whole),
        points=maybe(whole),
        drawing=maybe(st.lists(stroke, max_size=3)),
        crop=maybe(st.just(png(40))),
        image=maybe(st.just(PNG)),
        flag=maybe(text),
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(rounds(), max_size=4), st.sampled_from(sorted(FORMATS)))
def test_what_is_exported_comes_back_the_same(kept: list[Round], name: str) -> None:
    written = FORMATS[name]
    assert read(written.header + b"".join(map(written.encode, kept))) == kept


@pytest.mark.parametrize("name", sorted(FORMATS))
async def test_a_whole_store_comes_back_in_an_empty_one(
    store: Store, url: str, tmp_path: Path, samples: Samples, name: str
) -> None:
    drawings = [
        [[[x for x, _ in stroke], [y for _, y in stroke], list(range(len(stroke)))] for stroke in sample.place()]
        for sample in list(samples)[:40]
    ]
    kept = [good(drawing=drawing, target="7", outcome="hit", label="7", label_by="player") for drawing in drawings]
    await store.add_rounds([*kept, good(drawing=None, crop=png(60), flag="=1+1", source="upload")])
    out, other = tmp_path / "rounds", f"sqlite:///{tmp_path}/other.db"
    assert run("--database", url, "export", "--format", name, "--out", str(out)).returncode == 0
    for said in ("41 rounds imported", "0 rounds imported, 41 were here already"):
        taken = run("--database", other, "import", str(out))
        assert (taken.returncode, taken.stdout) == (0, said + "\n")
    async with opened(other) as copy:
        assert [one async for one in copy.rounds()] == [one async for one in store.rounds()]


async def test_a_file_with_damaged_lines_is_used_as_far_as_it_goes(store: Store, url: str, tmp_path: Path) -> None:
    kept = [good() for _ in range(4)]
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
    assert [one async for one in store.rounds()] == [kept[0], kept[1], kept[3]]


def json_with(kept: Round, **fields: Any) -> bytes:
    return json.dumps(json.loads(encode_ndjson(kept)) | fields).encode() + b"\n"


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("key_id", "=1+1", "in key_id expected a UUID"),
        ("key_id", "01a2149a-b5bf-7251-9cef-2cd1f1d0bf04\n", "in key_id"),
        ("timestamp", "2026-11-23T12:00:00", "in timestamp"),
        ("timestamp", "0001-01-01T00:00:00+14:00", "in timestamp"),
        ("source", "dreamt", "in source"),
        ("alphabet", "greek", "in alphabet"),
        ("label", "é", "in label expected one of 0-9, A-Z and a-z"),
        ("confidence", 1.5, "in confidence"),
        ("number", 2**64, "number"),
        ("player", "", "in player"),
        ("drawing", [[[1, 2], [3, 4]]], "in drawing[0]"),
        ("drawing", [[[1, 2], [3, 4], [0]]], "in drawing a stroke"),
        ("drawing", [[[1, 2], [3, 1024], [0, 1]]], "in drawing[0]"),
        ("drawing", [[[1] * 2049, [1] * 2049, [1] * 2049]] * 2, "in drawing there are more than 4,096 points"),
        ("drawing", [[[1], [1], [1]]] * 65, "in drawing"),
        ("image", "https://elsewhere.example/7.png", "in image expected a PNG as a data URI"),
        ("image", "data:image/png;base64,???", "in image the base64 is damaged"),
        ("image", "data:image/png;base64,R0lGODlh", "in image there is no PNG"),
        ("top", [["77", 1]], "in top[0][0]"),
        ("target", "\ud800", "it is not JSON"),
    ],
)
def test_what_is_no_round_of_ours_is_refused_with_a_reason(field: str, value: object, why: str) -> None:
    (refused,) = read(json_with(good(), **{field: value}))
    assert isinstance(refused, UnusableLine)
    assert refused.line == 1
    assert why in refused.why


def test_a_picture_of_another_size_is_none_that_the_model_saw() -> None:
    (refused,) = read(encode_ndjson(good(image=png(29))))
    assert refused == UnusableLine(1, "in image there are not 28×28 pixels")


def test_a_stray_quote_takes_no_other_row_along() -> None:
    kept = [good(flag='two\nlines, "quoted"\r\n') for _ in range(3)]
    rows = [encode_csv_row(one) for one in kept]
    found = read(make_csv_header() + rows[0] + b'"' + rows[1] + rows[2] + b'x,"y\r\n' + b"\r\n" + rows[1])
    assert [one for one in found if isinstance(one, Round)] == [kept[0], kept[2], kept[1]]
    assert [one.line for one in found if isinstance(one, UnusableLine)] == [5, 6, 7, 11]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_that_a_spreadsheet_program_saved_again(separator: str) -> None:
    kept = [good(flag="=2+5+cmd", label="3", label_by="curator"), good(drawing=None)]
    rows = list(
        csv.reader(io.StringIO((make_csv_header() + b"".join(map(encode_csv_row, kept))).decode("utf-8-sig")))
    )
    header, *cells = rows
    turned = io.StringIO()
    writer = csv.writer(turned, delimiter=separator, lineterminator="\n")
    writer.writerow([*reversed(header), "my notes"])
    writer.writerows(
        [*reversed([cell.upper() if cell in ("true", "false") else cell for cell in row]), "=A1"] for row in cells
    )
    assert read(turned.getvalue().encode()) == kept


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(FORMATS)),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 3), st.binary(max_size=3)), max_size=6),
)
def test_whatever_happens_to_a_file_every_line_is_taken_or_named(
    name: str, damages: list[tuple[float, int, bytes]]
) -> None:
    kept = [good(flag="one\ntwo;=3"), good(drawing=None, label="q"), good(drawing=[])]
    data = FORMATS[name].header + b"".join(map(FORMATS[name].encode, kept))
    for place, length, written in damages:
        at = int(place * len(data))
        data = data[:at] + written + data[at + length :]
    try:
        found = read(data)
    except NotRounds:
        return
    last = data.count(b"\n") + 1
    assert all(1 <= one.line <= last and one.why for one in found if isinstance(one, UnusableLine))


def test_what_excel_is_given() -> None:
    text = make_csv_header() + encode_csv_row(good(flag="=cmd|' /C calc'!A0", player="＠ada", model="+1\t-1"))
    assert text.startswith("\ufeff".encode())
    assert text.endswith(b"\r\n")
    header, row = csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""))
    shown = dict(zip(header, row, strict=True))
    assert (shown["flag"], shown["player"], shown["model"]) == ("'=cmd|' /C calc'!A0", "'＠ada", "'+1\t'-1")
    assert json.loads(shown["drawing"]) == [[[1, 2], [3, 4], [0, 16]]]
    assert shown["image"].startswith("data:image/png;base64,")


def test_a_line_of_before_targets_had_a_field() -> None:
    kept = good(target="7", outcome="skip", label="1", label_by="player", predicted="1")
    older = {k: v for k, v in json.loads(encode_ndjson(kept)).items() if k not in ("target", "label_by")}
    assert read(json.dumps(older).encode()) == [kept]


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF\x02\x01\r\n\x00",
        PNG,
        b"a,b\n1,2\n",
        b"[1, 2]\n",
        "key_id".encode("utf-16"),
        b"key_id,x\r\ny,z\r\n",
    ],
)
def test_a_file_of_another_kind_is_refused_as_a_whole(data: bytes) -> None:
    with pytest.raises(NotRounds):
        read(data)


def test_a_file_without_anything_holds_no_rounds() -> None:
    assert read(b"") == read(b"\n \n") == read(make_csv_header()) == []


async def test_what_a_player_deleted_does_not_come_back(store: Store, url: str, tmp_path: Path) -> None:
    await store.add_rounds([good(), good(player="bob")])
    file = tmp_path / "rounds.csv"
    run("--database", url, "export", "--format", "csv", "--out", str(file))
    with file.open("ab") as out:
        out.write(encode_csv_row(good()))  # of hers too, though it was never here
    await store.delete_player("ada")
    taken = run("--database", url, "import", str(file))
    assert (
        taken.stdout == "0 rounds imported, 1 were here already, 2 left out because their players deleted them\n"
    )
    assert [one.player async for one in store.rounds()] == ["bob"]


async def test_an_export_that_breaks_off_leaves_the_older_file(store: Store, url: str, tmp_path: Path) -> None:
    out = tmp_path / "rounds.csv"
    out.write_text("the older one")
    await store.add_rounds(good(drawing=[[[7] * 500] * 3]) for _ in range(3000))
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
    await store.add_round(good())
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


def test_a_line_may_have_every_alphabet() -> None:
    (alphabet,) = (field.type for field in msgspec.structs.fields(Line) if field.name == "alphabet")
    assert set(get_args(alphabet)) == set(ALPHABETS)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Store]:
    store = await open_store(url)
    yield store
    await store.close()
