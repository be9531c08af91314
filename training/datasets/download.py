"""Fetching one large file over a network that may fail: resumed where it broke off, and checked."""

from __future__ import annotations

import hashlib
import http.client
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TIMEOUT: Final = 30.0  # seconds in which something must come
_BLOCK: Final = 1 << 18  # bytes
_MOST_FAILURES: Final = 5  # attempts in a row that bring nothing
_LONGEST_PAUSE: Final = 30.0  # seconds
_RETRIED_STATUSES: Final = (408, 429, 500, 502, 503, 504)  # what may pass
_RANGE_NOT_SATISFIABLE: Final = 416
_PARTIAL: Final = 206

ReportProgress = Callable[[int, int | None], None]
"""Told the bytes that are there and the bytes of the whole, where that is known."""


class DownloadFailed(Exception):
    """A file did not come, or is not the one that was expected."""


class _ConnectionFailed(Exception):
    """The connection failed before all was there."""


class _NoMoreBytes(Exception):
    """There are no bytes after those that are there."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file to fetch: where it is, and the MD5 that its publisher gives.

    Where there is none the file has to be a zip, which holds sums of its own.
    """

    url: str
    md5: str | None = None


def download(
    remote: RemoteFile, target: Path, progress: ReportProgress, pause: Callable[[float], None] = time.sleep
) -> None:
    """Fetch a file to ``target``, which appears only once it is whole and right.

    What came of it lies beside it as ``.part`` meanwhile, and is gone on from, now or when called again.

    Args:
        remote: what to fetch.
        target: where it goes; its folder is made.
        progress: told how far it is.
        pause: waits for so many seconds before another attempt.

    Raises:
        DownloadFailed: in words for a person.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    kept = _get_size(part) > 0
    _receive(remote, part, progress, pause)
    if kept and _find_fault(part, remote.md5):
        # What was left of another day may have been of another file, or broken: once more, from the start.
        part.unlink()
        _receive(remote, part, progress, pause)
    if fault := _find_fault(part, remote.md5):
        part.unlink()
        raise DownloadFailed(f"{remote.url} gave another file than expected: {fault}. It was not kept.")
    part.replace(target)


def compute_md5(path: Path) -> str:
    """Return the MD5 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def fetch_page(url: str, pause: Callable[[float], None] = time.sleep) -> bytes:
    """Return what a page of moderate size says.

    Raises:
        DownloadFailed: in words for a person.
    """
    for fruitless in range(_MOST_FAILURES):
        if fruitless:
            pause(min(2.0**fruitless, _LONGEST_PAUSE))
        try:
            with _request(url, 0) as answer:
                return answer.read()
        except (_ConnectionFailed, OSError, http.client.HTTPException) as error:
            reason = error
    raise DownloadFailed(f"{url} cannot be fetched: {reason}.")


def _find_fault(path: Path, md5: str | None) -> str:
    """Return what is wrong with a file that has come; empty if nothing is."""
    if md5 is None:
        try:
            with zipfile.ZipFile(path) as archive:
                bad = archive.testzip()
        except (zipfile.BadZipFile, zlib.error) as error:
            return f"it is no zip, or not all of one ({error})"
        return f"{bad} in it is broken" if bad else ""
    found = compute_md5(path)
    return "" if found == md5 else f"its MD5 is {found}, not {md5}"


def _receive(remote: RemoteFile, part: Path, progress: ReportProgress, pause: Callable[[float], None]) -> None:
    """Fill ``part`` up, however often the connection fails, as long as something comes in between."""
    fruitless = 0
    while True:
        had = _get_size(part)
        try:
            _append(remote, part, progress)
        except _ConnectionFailed as cut:
            fruitless = 0 if _get_size(part) > had else fruitless + 1
            if fruitless >= _MOST_FAILURES:
                kept = (
                    f" {_get_size(part):,} bytes came and are kept; start again to go on."
                    if _get_size(part)
                    else ""
                )
                raise DownloadFailed(f"{remote.url} cannot be fetched: {cut}.{kept}") from cut
            pause(min(2.0**fruitless, _LONGEST_PAUSE))
        else:
            return


def _append(remote: RemoteFile, part: Path, progress: ReportProgress) -> None:
    """Ask for what is not there yet and add it to ``part``.

    Raises:
        _Cut: if the connection failed; what came is in ``part``.
        DownloadFailed: if the server will not give it.
    """
    had = _get_size(part)
    try:
        answer = _request(remote.url, had)
    except _NoMoreBytes:
        return  # either it is all, which the checksum tells, or it is nonsense
    with answer:
        goes_on = answer.status == _PARTIAL and answer.headers.get("Content-Range", "").startswith(f"bytes {had}-")
        if answer.status == _PARTIAL and not goes_on:
            part.unlink()
            raise _ConnectionFailed("the server sent another part than it was asked for")
        length = answer.headers.get("Content-Length")
        start = had if goes_on else 0
        total = start + int(length) if length else None
        with part.open("ab" if goes_on else "wb") as file:
            there = start
            progress(there, total)
            for block in _read_blocks(answer):
                file.write(block)
                there += len(block)
                progress(there, total)
    if total is not None and there < total:
        raise _ConnectionFailed(f"the connection ended after {there:,} of {total:,} bytes")


def _request(url: str, had: int) -> http.client.HTTPResponse:
    """Return the answer to a request for all bytes from ``had`` on.

    Raises:
        _NothingMore: if there are no such bytes.
        _Cut: if there was no answer, or one that may be better another time.
        DownloadFailed: if there never will be.
    """
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        raise DownloadFailed(f"{url} is no address on the web.")
    request = urllib.request.Request(url, headers={"Range": f"bytes={had}-"} if had else {})  # noqa: S310
    try:
        answer: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=_TIMEOUT)  # noqa: S310
    except urllib.error.HTTPError as error:
        with error:
            if error.code == _RANGE_NOT_SATISFIABLE and had:
                raise _NoMoreBytes from error
            if error.code in _RETRIED_STATUSES:
                raise _ConnectionFailed(f"the server answered {error.code} {error.reason}") from error
            raise DownloadFailed(f"{url} cannot be fetched: {error.code} {error.reason}.") from error
    except (OSError, http.client.HTTPException) as error:
        raise _ConnectionFailed(str(getattr(error, "reason", error)) or type(error).__name__) from error
    return answer


def _read_blocks(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    while True:
        try:
            # Whatever has come, not a whole block: what is on disk when the connection fails need not come again.
            block = answer.read1(_BLOCK)
        except (OSError, http.client.HTTPException) as error:
            raise _ConnectionFailed(str(error) or type(error).__name__) from error
        if not block:
            return
        yield block


def _get_size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
