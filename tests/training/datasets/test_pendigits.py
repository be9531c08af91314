"""PenDigits' zip, made of real drawings, as UCI packs it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.training.datasets.writing import lzw, packed_pendigits, pendigits, strokes_of
from training.datasets.pendigits import NoGzip, read_zip
from training.datasets.strokes import StrokeSet


@pytest.fixture(scope="module")
def digits(drawings: StrokeSet) -> StrokeSet:
    chosen = drawings.take(np.flatnonzero(drawings.labels < 10))
    return StrokeSet(chosen.strokes, chosen.labels, 1 + np.arange(len(chosen)) % 30)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "digits.zip"


def test_real_digits_come_back_with_their_writers(path: Path, digits: StrokeSet) -> None:
    packed_pendigits(path, pendigits(digits))
    found, broken = read_zip(path)
    assert broken == 0
    assert (found.labels == digits.labels).all()
    assert (found.writers == digits.writers).all()
    for was, came in zip(strokes_of(digits), strokes_of(found), strict=True):
        assert all((one == other).all() for one, other in zip(was, came, strict=True))


def test_a_digit_by_nobody_is_counted_as_broken(path: Path, digits: StrokeSet) -> None:
    text = pendigits(digits)
    packed_pendigits(path, text.replace(f".COMMENT {digits.labels[3]} {digits.writers[3]} 3\n", ".COMMENT\n"))
    found, broken = read_zip(path)
    assert (len(found), broken) == (len(digits) - 1, 1)


def test_another_zip_is_refused(path: Path) -> None:
    packed_pendigits(path, "nothing that is known")
    with pytest.raises(ValueError, match="holds no drawings"):
        read_zip(path)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(ValueError, match="not a zip with pendigits-orig"):
        read_zip(path)


def test_a_broken_file_inside_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.training.datasets.writing.lzw", lambda content: lzw(content)[1:])
    packed_pendigits(path, "text")
    with pytest.raises(ValueError, match=r"cannot be unpacked: .*gzip"):
        read_zip(path)


def test_a_machine_without_gzip_is_told(
    path: Path, digits: StrokeSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed_pendigits(path, pendigits(digits))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoGzip, match="gzip has to be installed"):
        read_zip(path)
