"""Data sets fetched over a network that fails, from a real server on this machine."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from tests.training.test_train import run
from training.datasets.idx import idx, read_idx
from training.datasets.pictures import mnist
from training.download import DownloadFailed, Remote, download
from training.fetch import SETS, bring_emnist, bring_mnist, missing_files

CONTENT = np.random.default_rng(1).bytes(3_000_000)
MD5 = hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()


@dataclass
class Host:
    """A server of one file, and what it is to do wrong, one answer after another."""

    address: str = ""
    content: bytes = CONTENT
    faults: list[str] = field(default_factory=list)
    ranges: list[str | None] = field(default_factory=list)

    def remote(self, md5: str = MD5) -> Remote:
        return Remote(self.address, md5)


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
            start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted and fault != "no ranges" else 0
            if wanted and start >= len(served.content):
                self.send_error(416)
                return
            body = served.content[start:]
            self.send_response(206 if start else 200)
            if start:
                said = 7 if fault == "other range" else start
                self.send_header("Content-Range", f"bytes {said}-{len(served.content) - 1}/{len(served.content)}")
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
    target.parent.mkdir()
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
    with pytest.raises(DownloadFailed, match="1,500,000 bytes came and are kept"):
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
    with pytest.raises(DownloadFailed, match="another file than expected"):
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
        download(Remote("http://127.0.0.1:9/", MD5), target, lambda *_: None, lambda _: None)


def test_emnist_is_fetched_once(host: Host, tmp_path: Path) -> None:
    for _ in range(2):
        bring_emnist(tmp_path, lambda *_: None, host.remote())
    assert (tmp_path / "emnist/gzip.zip").read_bytes() == CONTENT
    assert len(host.ranges) == 1
    (tmp_path / "emnist/gzip.zip").write_bytes(b"cut")
    bring_emnist(tmp_path, lambda *_: None, host.remote())
    assert (tmp_path / "emnist/gzip.zip").read_bytes() == CONTENT


def test_mnist_is_laid_out_as_training_reads_it(tmp_path: Path) -> None:
    images = np.random.default_rng(1).integers(0, 256, (5, 28, 28), dtype=np.uint8)
    labels = np.arange(5, dtype=np.uint8)
    assert missing_files("mnist", tmp_path)
    bring_mnist(tmp_path, lambda *_: None, lambda: ((images, labels), (images[:2], labels[:2])))
    assert not missing_files("mnist", tmp_path)
    assert (mnist(tmp_path, "train").images == images).all()
    assert mnist(tmp_path, "t10k").labels.tolist() == [0, 1]


def test_what_keras_cannot_fetch_is_told(tmp_path: Path) -> None:
    def nowhere() -> None:
        raise Exception("URL fetch failure")  # noqa: TRY002 - as Keras does

    with pytest.raises(DownloadFailed, match="URL fetch failure"):
        bring_mnist(tmp_path, lambda *_: None, nowhere)
    assert missing_files("mnist", tmp_path)


@pytest.mark.parametrize("broken", [b"", b"no gzip", idx(np.zeros((2, 3), np.uint8))[:-9]])
def test_a_broken_file_is_told(broken: bytes) -> None:
    with pytest.raises(ValueError, match="IDX"):
        read_idx(broken)


def test_the_command_says_what_to_get_by_hand(data: Path, tmp_path: Path) -> None:
    by_hand = ("unipen", "pendigits", "photos")
    missing = run(tmp_path, "fetch", *by_hand)
    assert missing.returncode == 1
    assert "zenodo.org/records/1195803" in missing.stdout
    assert str(tmp_path / "unipen62/val.npz") in missing.stdout
    assert "unipen, pendigits, photos" in missing.stderr

    there = run(data, "fetch", "mnist", *by_hand)
    assert there.returncode == 0, there.stdout
    assert there.stdout.count("is there") == 4
    assert run(data, "fetch", "nonsense").returncode == 2
    assert set(SETS) == {"mnist", "emnist", *by_hand}
