"""Downloads a large file over a network that may fail: resumes what broke off, and checks the result."""

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

_TIMEOUT: Final = 30.0  # seconds without any data
_BLOCK: Final = 1 << 18  # bytes
_MAX_ATTEMPTS: Final = 5  # in a row that bring nothing
_LONGEST_PAUSE: Final = 30.0  # seconds
_RETRIED_STATUSES: Final = (408, 429, 500, 502, 503, 504)  # these may go away
_RANGE_NOT_SATISFIABLE: Final = 416
_PARTIAL: Final = 206

ReportProgress = Callable[[int, int | None], None]
"""Is called with the bytes that are there and the bytes of the whole, None if that is not known."""


class DownloadFailed(Exception):
    """A file could not be downloaded, or is not the expected one."""


class _ConnectionFailed(Exception):
    """The connection failed before the whole file had come."""


class _NoMoreBytes(Exception):
    """The server has no bytes after those that are there."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file to download.

    Attributes:
        url: its address.
        md5: the MD5 that its publisher gives. If None, the file must be a zip, which holds checksums of its own.
    """

    url: str
    md5: str | None = None


def download(
    remote: RemoteFile, target: Path, progress: ReportProgress, pause: Callable[[float], None] = time.sleep
) -> None:
    """Download a file to ``target``, which appears only once it is whole and checked.

    Until then, the bytes are in a file ``.part`` beside it. The next call resumes from that file.

    Args:
        remote: the file to download.
        target: where it goes; the folder is created.
        progress: is told how far the download is.
        pause: waits for a number of seconds before another attempt.

    Raises:
        DownloadFailed: with a text for a person.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    resumed = _get_size(part) > 0
    _receive(remote, part, progress, pause)
    if resumed and _find_fault(part, remote.md5):
        # The part from an earlier day may be of another file, or broken: once more from the start.
        part.unlink()
        _receive(remote, part, progress, pause)
    if fault := _find_fault(part, remote.md5):
        part.unlink()
        raise DownloadFailed(f"{remote.url} is not the expected file: {fault}. It was not kept.")
    part.replace(target)


def compute_md5(path: Path) -> str:
    """Return the MD5 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def fetch_page(url: str, pause: Callable[[float], None] = time.sleep) -> bytes:
    """Return the content of a page of moderate size.

    Raises:
        DownloadFailed: with a text for a person.
    """
    for attempt in range(_MAX_ATTEMPTS):
        if attempt:
            pause(min(2.0**attempt, _LONGEST_PAUSE))
        try:
            with _request(url, 0) as response:
                return response.read()
        except (_ConnectionFailed, OSError, http.client.HTTPException) as error:
            reason = error
    raise DownloadFailed(f"{url} could not be downloaded: {reason}.")


def _find_fault(path: Path, md5: str | None) -> str:
    """Return what is wrong with a downloaded file; empty if nothing is."""
    if md5 is None:
        try:
            with zipfile.ZipFile(path) as archive:
                bad = archive.testzip()
        except (zipfile.BadZipFile, zlib.error) as error:
            return f"it is not a whole zip ({error})"
        return f"{bad} in it is broken" if bad else ""
    actual = compute_md5(path)
    return "" if actual == md5 else f"its MD5 is {actual}, not {md5}"


def _receive(remote: RemoteFile, part: Path, progress: ReportProgress, pause: Callable[[float], None]) -> None:
    """Complete ``part``, however often the connection fails, as long as some bytes come each time."""
    failures = 0
    while True:
        size = _get_size(part)
        try:
            _append(remote, part, progress)
        except _ConnectionFailed as cut:
            failures = 0 if _get_size(part) > size else failures + 1
            if failures >= _MAX_ATTEMPTS:
                received = _get_size(part)
                resume = f" {received:,} bytes were received. Run it again to resume." if received else ""
                raise DownloadFailed(f"{remote.url} could not be downloaded: {cut}.{resume}") from cut
            pause(min(2.0**failures, _LONGEST_PAUSE))
        else:
            return


def _append(remote: RemoteFile, part: Path, progress: ReportProgress) -> None:
    """Request the bytes that are missing and append them to ``part``.

    Raises:
        _ConnectionFailed: if the connection failed; the bytes that came are in ``part``.
        DownloadFailed: if the server refuses.
    """
    size = _get_size(part)
    try:
        response = _request(remote.url, size)
    except _NoMoreBytes:
        return  # the file is whole, or a wrong one; the check tells
    with response:
        is_partial = response.status == _PARTIAL
        is_rest = is_partial and response.headers.get("Content-Range", "").startswith(f"bytes {size}-")
        if is_partial and not is_rest:
            part.unlink()
            raise _ConnectionFailed("the server sent other bytes than it was asked for")
        length = response.headers.get("Content-Length")
        received = size if is_rest else 0
        total = received + int(length) if length else None
        with part.open("ab" if is_rest else "wb") as file:
            progress(received, total)
            for block in _read_blocks(response):
                file.write(block)
                received += len(block)
                progress(received, total)
    if total is not None and received < total:
        raise _ConnectionFailed(f"the connection ended after {received:,} of {total:,} bytes")


def _request(url: str, start: int) -> http.client.HTTPResponse:
    """Return the response to a request for all bytes from ``start`` on.

    Raises:
        _NoMoreBytes: if there are no such bytes.
        _ConnectionFailed: if there was no response, or an error that may go away.
        DownloadFailed: if the error will not go away.
    """
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        raise DownloadFailed(f"{url} is not a web address.")
    request = urllib.request.Request(url, headers={"Range": f"bytes={start}-"} if start else {})  # noqa: S310
    try:
        response: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=_TIMEOUT)  # noqa: S310
    except urllib.error.HTTPError as error:
        with error:
            if error.code == _RANGE_NOT_SATISFIABLE and start:
                raise _NoMoreBytes from error
            if error.code in _RETRIED_STATUSES:
                raise _ConnectionFailed(f"the server answered {error.code} {error.reason}") from error
            raise DownloadFailed(f"{url} could not be downloaded: {error.code} {error.reason}.") from error
    except (OSError, http.client.HTTPException) as error:
        raise _ConnectionFailed(str(getattr(error, "reason", error)) or type(error).__name__) from error
    return response


def _read_blocks(response: http.client.HTTPResponse) -> Iterator[bytes]:
    while True:
        try:
            # Not a whole block but whatever has come: bytes on disk need not be sent again after a failure.
            block = response.read1(_BLOCK)
        except (OSError, http.client.HTTPException) as error:
            raise _ConnectionFailed(str(error) or type(error).__name__) from error
        if not block:
            return
        yield block


def _get_size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
