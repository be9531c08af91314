"""A file in any encoding of a spreadsheet program is read line by line."""

from __future__ import annotations

import io

import pytest

from feedback.importing import encoding
from feedback.importing.encoding import open_as_utf8, read_lines

TEXT = 'key_id,flag\r\nx,"über\n日本 😀"\r\ny,z'


def split_lines(data: bytes) -> list[bytes]:
    return list(read_lines(open_as_utf8(io.BufferedReader(io.BytesIO(data)))))


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("chunk", [1, 7, 64 * 1024])
def test_every_encoding_has_the_same_lines(name: str, chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "_CHUNK", chunk)
    assert split_lines(TEXT.encode(name)) == TEXT.encode().splitlines(keepends=True)


@pytest.mark.parametrize("name", ["utf-8", "utf-16"])
def test_lines_may_end_with_a_carriage_return(name: str) -> None:
    returns = TEXT.replace("\r\n", "\r").encode(name)
    assert split_lines(returns) == TEXT.replace("\r\n", "\n").encode().splitlines(keepends=True)


def test_bytes_that_are_not_utf_8_stay_as_they_are() -> None:
    assert split_lines(b"a\r\xfc\xff\rb") == [b"a\n", b"\xfc\xff\n", b"b"]


def test_a_file_that_is_cut_within_a_character_is_read_to_its_end() -> None:
    assert split_lines("ab\n".encode("utf-16")[:-1]) == ["ab\ufffd".encode()]


def test_a_line_that_is_too_long_is_cut_and_the_next_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "LONGEST_LINE", 100)
    assert split_lines(b"x" * 205 + b"\ny\n") == [b"x" * 100, b"y\n"]
