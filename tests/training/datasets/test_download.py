"""Downloads over a network that fails, from a real server on this machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.training.datasets.host import CONTENT, MD5, Host
from tests.training.datasets.writing import leave_part, make_zip
from training.datasets.download import DownloadFailed, RemoteFile, download, fetch_page

Fetch = Callable[..., list[tuple[int, int | None]]]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "new" / "file.zip"


@pytest.fixture
def fetch(host: Host, target: Path) -> Fetch:
    def fetch_file(md5: str = MD5) -> list[tuple[int, int | None]]:
        reports: list[tuple[int, int | None]] = []
        download(
            host.remote(md5), target, lambda received, total: reports.append((received, total)), lambda _: None
        )
        return reports

    return fetch_file


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
def test_a_file_arrives_whole_whatever_the_network_does(
    host: Host, target: Path, fetch: Fetch, faults: list[str]
) -> None:
    host.faults = list(faults)
    reports = fetch()
    assert target.read_bytes() == CONTENT
    assert not target.with_name(f"{target.name}.part").exists()
    assert reports[-1][0] == len(CONTENT)
    assert {total for _, total in reports} <= {len(CONTENT), None}
    assert not host.faults


def test_only_missing_bytes_are_requested(host: Host, target: Path, fetch: Fetch) -> None:
    leave_part(target, CONTENT[:1_000_000])
    reports = fetch()
    assert target.read_bytes() == CONTENT
    assert host.ranges == ["bytes=1000000-"]
    assert reports[0] == (1_000_000, len(CONTENT))


def test_a_failed_download_is_resumed_by_the_next_one(host: Host, target: Path, fetch: Fetch) -> None:
    host.faults = ["cut", *["nothing"] * 5]
    with pytest.raises(DownloadFailed, match="1,500,000 bytes were received"):
        fetch()
    assert not target.exists()
    fetch()
    assert target.read_bytes() == CONTENT
    assert host.ranges[-1] == "bytes=1500000-"


@pytest.mark.parametrize("part", [b"of another file", CONTENT + b"more", b"x" * len(CONTENT)])
def test_a_wrong_part_is_thrown_away(target: Path, fetch: Fetch, part: bytes) -> None:
    leave_part(target, part)
    fetch()
    assert target.read_bytes() == CONTENT


def test_a_whole_part_is_used(target: Path, fetch: Fetch) -> None:
    leave_part(target, CONTENT)
    fetch()
    assert target.read_bytes() == CONTENT


def test_an_unexpected_file_is_not_kept(target: Path, fetch: Fetch) -> None:
    with pytest.raises(DownloadFailed, match="is not the expected file"):
        fetch(md5="0" * 32)
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize(("code", "requests"), [("404", 1), ("403", 1), ("503", 5)])
def test_only_errors_that_may_go_away_are_retried(host: Host, fetch: Fetch, code: str, requests: int) -> None:
    host.faults = [code] * 9
    with pytest.raises(DownloadFailed, match=code):
        fetch()
    assert len(host.ranges) == requests


def test_a_missing_server_is_reported(target: Path) -> None:
    with pytest.raises(DownloadFailed, match="refused"):
        download(RemoteFile("http://127.0.0.1:9/", MD5), target, lambda *_: None, lambda _: None)


def download_without_md5(host: Host, target: Path) -> None:
    download(RemoteFile(host.address), target, lambda *_: None, lambda _: None)


@pytest.mark.parametrize("part", [None, 5, 1000, "of another file"])
def test_a_zip_is_checked_by_its_own_checksums(host: Host, target: Path, part: int | str | None) -> None:
    host.content = make_zip(name=CONTENT[:9999])
    if part is not None:
        leave_part(target, host.content[:part] if isinstance(part, int) else part.encode())
    download_without_md5(host, target)
    assert target.read_bytes() == host.content


@pytest.mark.parametrize("change", [-9, 40, 5000])
def test_a_broken_zip_is_not_kept(host: Host, target: Path, change: int) -> None:
    content = bytearray(make_zip(name=CONTENT[:9999]))
    content[change] ^= 0xFF
    host.content = bytes(content)
    with pytest.raises(DownloadFailed, match="is not the expected file"):
        download_without_md5(host, target)
    assert list(target.parent.iterdir()) == []


def test_a_page_arrives_whole_or_the_reason_is_reported(host: Host) -> None:
    host.content, host.faults = b"page", ["503", "cut", "nothing"]
    assert fetch_page(host.address, lambda _: None) == b"page"
    for faults, reason in ((["503"] * 9, "503"), (["404"], "404")):
        host.faults = faults
        with pytest.raises(DownloadFailed, match=reason):
            fetch_page(host.address, lambda _: None)


def test_only_web_addresses_are_requested(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(CONTENT)
    with pytest.raises(DownloadFailed, match="not a web address"):
        fetch_page((tmp_path / "secret").as_uri())
