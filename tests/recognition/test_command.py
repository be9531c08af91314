"""``python -m recognition``, as a person uses it on a folder of pictures."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from recognition.__main__ import main
from recognition.picture_files import escape_name
from tests.recognition.page.paper import encode_picture, write_page
from tests.strokes import Samples

COMMAND: Final = (sys.executable, "-m", "recognition")


@pytest.fixture
def pictures(tmp_path: Path, samples: Samples) -> Path:
    """Return a folder with pictures, also in a folder inside, and with other files."""
    folder = tmp_path / "pictures"
    (folder / "more").mkdir(parents=True)
    for name, text in (("photo10.png", "AB"), ("photo2.png", "42"), ("more/c.jpg", "2468")):
        kind = "PNG" if name.endswith("png") else "JPEG"
        (folder / name).write_bytes(encode_picture(write_page(samples, text).picture, kind))
    (folder / "notes.txt").write_text("These are no pictures.", "utf-8")
    (folder / ".hidden.png").write_bytes(b"")
    return folder


def read_lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_picture_is_printed_as_its_text(pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(pictures / "photo2.png")]) == 0
    assert capsys.readouterr() == ("42\n", "")


def test_a_folder_is_read_in_the_order_of_its_names(pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(pictures)]) == 0
    names = ("photo2.png", "photo10.png", "more/c.jpg")
    texts = (
        f"==> {pictures / name} <==\n{text}\n" for name, text in zip(names, ("42", "AB", "2468"), strict=True)
    )
    assert capsys.readouterr() == ("\n".join(texts), "")


def test_json_has_all_that_is_known(pictures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json", "--alphabet", "digits", str(pictures / "photo2.png")]) == 0
    (line,) = read_lines(capsys)
    assert line["file"] == str(pictures / "photo2.png")
    assert (line["text"], line["turn"], line["frames"], line["signs"]) == ("42", 0, 1, [])
    assert line["width"] > line["characters"][1]["box"][0] > line["characters"][0]["box"][0]
    for character, label in zip(line["characters"], "42", strict=True):
        assert (character["label"], character["sure"]) == (label, True)
        assert character["candidates"][0] == [label, character["confidence"]]


def test_what_cannot_be_read_is_said_and_the_rest_is_read(
    pictures: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (pictures / "broken.png").write_bytes(b"x")
    (pictures / "empty.jpg").write_bytes(b"")
    (pictures / "page.png").write_bytes(b"%PDF-1.7")
    assert main([str(pictures), str(pictures / "missing.png")]) == 1
    printed = capsys.readouterr()
    assert printed.out.count("==>") == 3
    for text in (
        "broken.png: This file is not a picture",
        "empty.jpg: That file is empty.",
        "page.png: This is a PDF. Take a screenshot",
        "missing.png: No such file or directory",
        "4 of 7 could not be read.",
    ):
        assert text in printed.err
    assert main(["--json", str(pictures / "empty.jpg"), str(pictures / "photo2.png")]) == 1
    failed, read = read_lines(capsys)
    assert failed == {"file": str(pictures / "empty.jpg"), "error": "That file is empty."}
    assert read["text"] == "42"


def test_a_folder_without_pictures_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr() == ("", f"{tmp_path}: There is no picture in this folder.\n")


@pytest.mark.parametrize(
    "arguments", [[], ["--alphabet", "greek", "a.png"], ["--model", "no/such/folder", "a.png"], ["--nothing"]]
)
def test_wrong_use_has_a_status_of_its_own(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    try:
        status = main(arguments)
    except SystemExit as error:
        status = int(error.code or 0)
    assert status == 2
    assert capsys.readouterr().err


def test_a_picture_on_standard_input(
    pictures: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = io.TextIOWrapper(io.BytesIO((pictures / "photo2.png").read_bytes()))
    monkeypatch.setattr(sys, "stdin", content)
    assert main(["-"]) == 0
    assert capsys.readouterr() == ("42\n", "")


def test_names_are_shown_on_one_line_in_any_encoding() -> None:
    assert escape_name(os.fsdecode(b"caf\xe9\n.png")) == "caf\\xe9\\n.png"
    assert escape_name("été 日本.png") == "été 日本.png"


@pytest.mark.slow
def test_a_name_that_is_not_unicode(pictures: Path) -> None:
    name = os.fsencode(pictures) + b"/caf\xe9.png"
    (pictures / "photo2.png").rename(os.fsdecode(name))
    done = run_command([os.fsdecode(name), "--json"], LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    line = json.loads(done.stdout)
    assert (line["text"], line["file"].endswith("caf\\xe9.png")) == ("42", True)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.slow
def test_a_reader_that_stops_early_is_no_trouble(pictures: Path) -> None:
    process = start_command([str(pictures)] * 20)
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"==> ")
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    assert process.wait(timeout=60) == 1
    process.stderr.close()


@pytest.mark.slow
def test_ctrl_c_stops_without_a_trace(pictures: Path) -> None:
    process = start_command([str(pictures)] * 200)
    assert process.stdout is not None
    assert process.stdout.readline()  # it has begun
    process.send_signal(signal.SIGINT)
    _, messages = process.communicate(timeout=60)
    assert process.returncode == 1
    assert messages == b"Stopped.\n"


def run_command(arguments: Sequence[str], **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [*COMMAND, *arguments]
    return subprocess.run(command, check=False, capture_output=True, env={**os.environ, **environment}, timeout=60)


def start_command(arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start the command without waiting for it."""
    return subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
