"""A zip of real drawings that is packed like UCI's PenDigits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.training.datasets.writing import compress_lzw, format_pendigits, split_strokes, write_pendigits
from training.datasets.pendigits import NoGzip, read_zip
from training.datasets.strokes import StrokeSet


@pytest.fixture(scope="module")
def digits(drawings: StrokeSet) -> StrokeSet:
    chosen = drawings.take(np.flatnonzero(drawings.labels < 10))
    return StrokeSet(chosen.strokes, chosen.labels, 1 + np.arange(len(chosen)) % 30)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "digits.zip"


def test_real_digits_are_read_with_their_writers(path: Path, digits: StrokeSet) -> None:
    write_pendigits(path, format_pendigits(digits))
    found, broken = read_zip(path)
    assert broken == 0
    assert (found.labels == digits.labels).all()
    assert (found.writers == digits.writers).all()
    for was, came in zip(split_strokes(digits), split_strokes(found), strict=True):
        assert all((one == other).all() for one, other in zip(was, came, strict=True))


def test_a_digit_without_a_writer_is_counted_as_unreadable(path: Path, digits: StrokeSet) -> None:
    text = format_pendigits(digits)
    write_pendigits(path, text.replace(f".COMMENT {digits.labels[3]} {digits.writers[3]} 3\n", ".COMMENT\n"))
    found, broken = read_zip(path)
    assert (len(found), broken) == (len(digits) - 1, 1)


def test_another_zip_is_refused(path: Path) -> None:
    write_pendigits(path, "nothing that is known")
    with pytest.raises(ValueError, match="holds no drawings"):
        read_zip(path)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(ValueError, match="not a zip with pendigits-orig"):
        read_zip(path)


def test_a_broken_file_inside_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.training.datasets.writing.compress_lzw", lambda content: compress_lzw(content)[1:])
    write_pendigits(path, "text")
    with pytest.raises(ValueError, match=r"cannot be unpacked: .*gzip"):
        read_zip(path)


def test_a_missing_gzip_is_reported(
    path: Path, digits: StrokeSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pendigits(path, format_pendigits(digits))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoGzip, match="gzip has to be installed"):
        read_zip(path)
