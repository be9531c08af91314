"""A file is there whole or not at all, and a damaged one is thrown away."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.training.full_disk import limit_file_size
from training.whole_files import read_sealed, write_sealed, write_whole

PARTS = {"weights": bytes(range(256)), "epochs": b"3", "nothing": b""}


def read(path: Path) -> tuple[dict[str, bytes] | None, list[str]]:
    messages: list[str] = []
    return read_sealed(path, messages.append, "It is made again."), messages


def test_what_was_sealed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "file"
    assert read(path) == (None, [])
    write_sealed(path, PARTS)
    assert read(path) == (PARTS, [])
    write_sealed(path, {"other": b"1"})
    assert read(path) == ({"other": b"1"}, [])


def test_a_file_of_any_length_but_its_own_is_thrown_away(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_sealed(path, PARTS)
    whole = path.read_bytes()
    for content in (*(whole[:length] for length in range(len(whole))), whole + b"\0"):
        path.write_bytes(content)
        assert read(path) == (None, [f"{path} is damaged. It is made again."])
        assert not path.exists()


def test_a_changed_byte_or_a_folder_of_that_name_is_thrown_away(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_sealed(path, PARTS)
    whole = path.read_bytes()
    for place in range(0, len(whole), 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert read(path)[0] is None
    (path / "old").mkdir(parents=True)
    assert read(path)[0] is None
    write_sealed(path, PARTS)
    assert read(path) == (PARTS, [])


def test_on_a_full_disk_the_old_file_stays_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, b"old")
    with limit_file_size(1000), pytest.raises(OSError, match="too large"):
        write_whole(path, bytes(10_000))
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
