"""Data sets fetched over a network that fails, from a real server on this machine."""

from __future__ import annotations

import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from tests.training.command import run_training
from tests.training.datasets.writing import files_of, packed_pendigits, packed_unipen, part, pendigits, prints
from training.datasets.download import DownloadFailed, RemoteFile, download, fetch_page
from training.datasets.fetch import (
    DATA_SETS,
    PENDIGITS_ARCHIVE,
    UNIPEN_ARCHIVE,
    fetch_emnist,
    fetch_mnist,
    fetch_pendigits,
    fetch_unipen,
    find_missing_files,
)
from training.datasets.idx import decode_idx, encode_idx
from training.datasets.pictures import load_mnist
from training.datasets.strokes import StrokeSet

CONTENT = np.random.default_rng(1).bytes(3_000_000)
MD5 = hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()


@dataclass
class Host:
    """A server of one file, and of others at some paths, and what it is to do wrong, one answer after another."""

    address: str = ""
    content: bytes = CONTENT
    others: dict[str, bytes] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    ranges: list[str | None] = field(default_factory=list)

    def remote(self, md5: str = MD5) -> RemoteFile:
        return RemoteFile(self.address, md5)


@pytest.fixture
def host() -> Iterator[Host]:
    served = Host()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            served.ranges.append(wanted)
            fault = served.faults.pop(0) if served.faults else ""
            if fault.isdigit():
                self.send_error(int(fault))
                return
            content = served.others.get(self.path, served.content)
            start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and fault != "no ranges" else 0
            if wanted and start >= len(content):
                self.send_error(416)
                return
            body = content[start:]
            self.send_response(206 if start else 200)
            if start:
                said = 7 if fault == "other range" else start
                self.send_header("Content-Range", f"bytes {said}-{len(content) - 1}/{len(content)}")
            if fault != "no length":
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if fault == "cut" else b"" if fault == "nothing" else body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    served.address = f"http://127.0.0.1:{server.server_port}/file"
    yield served
    server.shutdown()
    thread.join()
    server.server_close()


Fetch = Callable[..., list[tuple[int, int | None]]]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "new" / "file.zip"


@pytest.fixture
def fetch(host: Host, target: Path) -> Fetch:
    def fetched(md5: str = MD5) -> list[tuple[int, int | None]]:
        told: list[tuple[int, int | None]] = []
        download(host.remote(md5), target, lambda there, whole: told.append((there, whole)), lambda _: None)
        return told

    return fetched


def part_of(target: Path) -> Path:
    return target.with_name(f"{target.name}.part")


def leave(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True)
    part_of(target).write_bytes(content)


@pytest.mark.parametrize(
    "faults",
    [
        [],
        ["no length"],
        ["cut"],
        ["cut", "cut", "cut"],
        ["cut", "503", "nothing", "cut"],
        ["cut", "no ranges"],
        ["cut", "other range"],
        ["nothing"] * 4,
        ["cut", *["nothing"] * 4, "cut", *["nothing"] * 4],
    ],
)
def test_it_comes_whole_whatever_happens(host: Host, target: Path, fetch: Fetch, faults: list[str]) -> None:
    host.faults = list(faults)
    told = fetch()
    assert target.read_bytes() == CONTENT
    assert not part_of(target).exists()
    assert told[-1][0] == len(CONTENT)
    assert {whole for _, whole in told} <= {len(CONTENT), None}
    assert not host.faults


def test_only_what_is_missing_is_asked_for(host: Host, target: Path, fetch: Fetch) -> None:
    leave(target, CONTENT[:1_000_000])
    told = fetch()
    assert target.read_bytes() == CONTENT
    assert host.ranges == ["bytes=1000000-"]
    assert told[0] == (1_000_000, len(CONTENT))


def test_a_server_that_gives_up_leaves_a_beginning_to_go_on_from(host: Host, target: Path, fetch: Fetch) -> None:
    host.faults = ["cut", *["nothing"] * 5]
    with pytest.raises(DownloadFailed, match="1,500,000 bytes were received"):
        fetch()
    assert not target.exists()
    fetch()
    assert target.read_bytes() == CONTENT
    assert host.ranges[-1] == "bytes=1500000-"


@pytest.mark.parametrize("left", [b"of another file", CONTENT + b"more", b"x" * len(CONTENT)])
def test_a_wrong_beginning_is_thrown_away(target: Path, fetch: Fetch, left: bytes) -> None:
    leave(target, left)
    fetch()
    assert target.read_bytes() == CONTENT


def test_a_whole_that_was_not_yet_renamed_is_taken(target: Path, fetch: Fetch) -> None:
    leave(target, CONTENT)
    fetch()
    assert target.read_bytes() == CONTENT


def test_another_file_than_expected_is_not_kept(target: Path, fetch: Fetch) -> None:
    with pytest.raises(DownloadFailed, match="is not the expected file"):
        fetch(md5="0" * 32)
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize(("code", "asked"), [("404", 1), ("403", 1), ("503", 5)])
def test_only_what_may_pass_is_tried_again(host: Host, fetch: Fetch, code: str, asked: int) -> None:
    host.faults = [code] * 9
    with pytest.raises(DownloadFailed, match=code):
        fetch()
    assert len(host.ranges) == asked


def test_nobody_there_is_told(target: Path) -> None:
    with pytest.raises(DownloadFailed, match="refused"):
        download(RemoteFile("http://127.0.0.1:9/", MD5), target, lambda *_: None, lambda _: None)


def test_emnist_is_fetched_once(host: Host, tmp_path: Path) -> None:
    for _ in range(2):
        fetch_emnist(tmp_path, lambda *_: None, host.remote())
    assert (tmp_path / "emnist/gzip.zip").read_bytes() == CONTENT
    assert len(host.ranges) == 1
    (tmp_path / "emnist/gzip.zip").write_bytes(b"cut")
    fetch_emnist(tmp_path, lambda *_: None, host.remote())
    assert (tmp_path / "emnist/gzip.zip").read_bytes() == CONTENT


def test_mnist_is_laid_out_as_training_reads_it(tmp_path: Path) -> None:
    images = np.random.default_rng(1).integers(0, 256, (5, 28, 28), dtype=np.uint8)
    labels = np.arange(5, dtype=np.uint8)
    assert find_missing_files("mnist", tmp_path)
    fetch_mnist(tmp_path, lambda *_: None, lambda: ((images, labels), (images[:2], labels[:2])))
    assert not find_missing_files("mnist", tmp_path)
    assert (load_mnist(tmp_path, "train").images == images).all()
    assert load_mnist(tmp_path, "t10k").labels.tolist() == [0, 1]


def test_what_keras_cannot_fetch_is_told(tmp_path: Path) -> None:
    def nowhere() -> None:
        raise Exception("URL fetch failure")  # noqa: TRY002 - as Keras does

    with pytest.raises(DownloadFailed, match="URL fetch failure"):
        fetch_mnist(tmp_path, lambda *_: None, nowhere)
    assert find_missing_files("mnist", tmp_path)


@pytest.mark.parametrize("broken", [b"", b"no gzip", encode_idx(np.zeros((2, 3), np.uint8))[:-9]])
def test_a_broken_file_is_told(broken: bytes) -> None:
    with pytest.raises(ValueError, match="IDX"):
        decode_idx(broken)


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def without_md5(host: Host, target: Path) -> None:
    download(RemoteFile(host.address), target, lambda *_: None, lambda _: None)


@pytest.mark.parametrize("left", [None, 5, 1000, "of another file"])
def test_a_zip_is_checked_by_its_own_sums(host: Host, target: Path, left: int | str | None) -> None:
    host.content = zipped(name=CONTENT[:9999])
    if left is not None:
        leave(target, host.content[:left] if isinstance(left, int) else left.encode())
    without_md5(host, target)
    assert target.read_bytes() == host.content


@pytest.mark.parametrize("change", [-9, 40, 5000])
def test_a_broken_zip_is_not_kept(host: Host, target: Path, change: int) -> None:
    content = bytearray(zipped(name=CONTENT[:9999]))
    content[change] ^= 0xFF
    host.content = bytes(content)
    with pytest.raises(DownloadFailed, match="is not the expected file"):
        without_md5(host, target)
    assert list(target.parent.iterdir()) == []


def test_a_page_comes_whole_or_with_words(host: Host) -> None:
    host.content, host.faults = b"page", ["503", "cut", "nothing"]
    assert fetch_page(host.address, lambda _: None) == b"page"
    for faults, reason in ((["503"] * 9, "503"), (["404"], "404")):
        host.faults = faults
        with pytest.raises(DownloadFailed, match=reason):
            fetch_page(host.address, lambda _: None)


def test_only_the_web_is_asked(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(CONTENT)
    with pytest.raises(DownloadFailed, match="not a web address"):
        fetch_page((tmp_path / "secret").as_uri())


@dataclass
class Zenodo:
    """A record of one archive, as Zenodo tells it, and what it is of."""

    host: Host
    archive: bytes
    apart: frozenset[str]
    record: str = ""

    def tell(self, **changed: object) -> None:
        """Serve the record, and the archive at the path that it names."""
        base = self.host.address.removesuffix("/file")
        file = {
            "id": "7", "key": "unipen.tgz", "size": len(self.archive),
            "checksum": f"md5:{hashlib.md5(self.archive, usedforsecurity=False).hexdigest()}",
            "links": {"self": f"{base}/content"},
        }  # fmt: skip
        notes = {"key": "notes.pdf", "checksum": "md5:0", "links": {"self": f"{base}/notes"}}
        self.record = f"{base}/record"
        answer = {"id": 1195803, "metadata": {"title": "UNIPEN"}, "files": [notes, file | changed]}
        self.host.others = {"/record": json.dumps(answer).encode(), "/content": self.archive}

    def bring(self, folder: Path) -> str:
        return fetch_unipen(folder, lambda *_: None, self.record, self.apart)


@pytest.fixture
def zenodo(host: Host, tmp_path: Path, drawings: StrokeSet) -> Zenodo:
    packed_unipen(tmp_path / "made.tgz", files_of(drawings))
    served = Zenodo(host, (tmp_path / "made.tgz").read_bytes(), frozenset(prints(part(drawings, 2))[:1]))
    served.tell()
    return served


def test_unipen_is_fetched_and_laid_out_once(zenodo: Zenodo, tmp_path: Path, drawings: StrokeSet) -> None:
    folder = tmp_path / "data"
    assert f"{len(part(drawings, 2))} by 1 others to evaluate on. 0 more" in zenodo.bring(folder)
    assert not find_missing_files("unipen", folder)
    taught, others = (StrokeSet.load(folder / f"unipen62/{name}.npz") for name in ("train", "val"))
    assert sorted(prints(others)) == sorted(prints(part(drawings, 2)))
    assert len(taught) + len(others) == len(drawings)
    asked = len(zenodo.host.ranges)
    assert zenodo.bring(folder) == ""
    assert len(zenodo.host.ranges) == asked


def test_unipen_goes_on_where_it_broke_off(zenodo: Zenodo, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    leave(folder / UNIPEN_ARCHIVE, zenodo.archive[:5000])
    zenodo.bring(folder)
    assert zenodo.host.ranges == [None, "bytes=5000-"]
    whole = {path.name: path.read_bytes() for path in (folder / "unipen62").iterdir()}
    # Broken off after the archive came, between the two files.
    (folder / "unipen62/val.npz").unlink()
    zenodo.host.faults = ["404"] * 9
    zenodo.bring(folder)
    assert {path.name: path.read_bytes() for path in (folder / "unipen62").iterdir()} == whole


def test_an_archive_that_lies_there_is_not_fetched(zenodo: Zenodo, tmp_path: Path) -> None:
    archive = tmp_path / "data" / UNIPEN_ARCHIVE
    archive.parent.mkdir(parents=True)
    archive.write_bytes(zenodo.archive[:-1])
    with pytest.raises(DownloadFailed, match=r"not the expected file: it is not a whole archive.*Delete it"):
        zenodo.bring(tmp_path / "data")
    archive.write_bytes(zenodo.archive)
    zenodo.bring(tmp_path / "data")
    assert not find_missing_files("unipen", tmp_path / "data")
    assert zenodo.host.ranges == []


@pytest.mark.parametrize(
    "changed",
    [{"checksum": "sha256:1"}, {"checksum": 7}, {"key": "unipen.pdf"}, {"links": {}}, {"links": {"self": None}}],
)
def test_a_record_that_has_changed_is_told_with_what_to_do(
    zenodo: Zenodo, tmp_path: Path, changed: dict[str, object]
) -> None:
    zenodo.tell(**changed)
    with pytest.raises(DownloadFailed, match=rf"does not name the archive.*save it as .*{UNIPEN_ARCHIVE}"):
        zenodo.bring(tmp_path / "data")
    zenodo.host.others["/record"] = b"<html>\xff"
    with pytest.raises(DownloadFailed, match="does not name the archive"):
        zenodo.bring(tmp_path / "data")


def test_pendigits_is_fetched_and_laid_out_once(host: Host, tmp_path: Path, drawings: StrokeSet) -> None:
    digits = drawings.take(np.flatnonzero(drawings.labels < 10))
    packed_pendigits(tmp_path / "made.zip", pendigits(digits))
    host.content = (tmp_path / "made.zip").read_bytes()
    told = fetch_pendigits(tmp_path, lambda *_: None, RemoteFile(host.address))
    assert f"{len(digits)} drawings" in told
    assert (StrokeSet.load(tmp_path / "pendigits/train.npz").writers == digits.writers).all()
    assert fetch_pendigits(tmp_path, lambda *_: None, RemoteFile(host.address)) == ""
    assert len(host.ranges) == 1
    (tmp_path / "pendigits/train.npz").unlink()
    fetch_pendigits(tmp_path, lambda *_: None, RemoteFile(host.address))
    assert len(host.ranges) == 1


def test_a_zip_of_something_else_is_told(host: Host, tmp_path: Path) -> None:
    host.content = zipped(name=b"else")
    with pytest.raises(
        DownloadFailed, match=r"not the expected file: it is not a zip with pendigits-orig\.tra\.Z"
    ):
        fetch_pendigits(tmp_path, lambda *_: None, RemoteFile(host.address))


def test_the_command_lays_out_what_lies_there(tmp_path: Path, drawings: StrokeSet) -> None:
    digits = drawings.take(np.flatnonzero(drawings.labels < 10))
    packed_pendigits(tmp_path / PENDIGITS_ARCHIVE, pendigits(digits))
    done = run_training(tmp_path, "fetch", "pendigits")
    assert done.returncode == 0, done.stderr
    assert f"pendigits: ready. {len(digits)} drawings by" in done.stdout

    (tmp_path / "unipen62").mkdir()
    (tmp_path / UNIPEN_ARCHIVE).write_bytes(b"cut")
    failed = run_training(tmp_path, "fetch", "unipen", "pendigits")
    assert failed.returncode == 1
    assert "Delete it to have it downloaded again" in failed.stdout
    assert "To get it by hand" in failed.stdout
    assert "pendigits: ready." in failed.stdout
    assert "unipen." in failed.stderr


def test_the_command_says_what_to_get_by_hand(data: Path, tmp_path: Path) -> None:
    missing = run_training(tmp_path, "fetch", "photos")
    assert missing.returncode == 1
    assert str(tmp_path / "paper62/photos.zip") in missing.stdout
    assert "photos" in missing.stderr

    present = run_training(data, "fetch", "mnist", "unipen", "pendigits", "photos")
    assert present.returncode == 0, present.stdout
    assert present.stdout.count("ready.") == 4
    assert run_training(data, "fetch", "nonsense").returncode == 2
    assert set(DATA_SETS) == {"mnist", "emnist", "unipen", "pendigits", "photos"}
