"""UNIPEN's archive, made of real drawings, as the real one is laid out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recognition.render import render
from tests.training.datasets.writing import DAT, DOC, PEOPLE, files_of, packed_unipen, part, prints
from training.datasets.strokes import StrokeSet
from training.datasets.unipen import Drawing
from training.datasets.unipen62 import VALIDATION_FINGERPRINTS, UnipenArchive, compute_fingerprint, read_archive


@pytest.fixture
def files(drawings: StrokeSet) -> dict[str, str]:
    return files_of(drawings)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "archive.tgz"


@pytest.fixture
def apart(drawings: StrokeSet) -> frozenset[str]:
    """Two prints of the last person, and one that nobody has."""
    return frozenset([*prints(part(drawings, 2))[5:7], "0" * 16])


def read(archive: Path, files: dict[str, str], apart: frozenset[str]) -> UnipenArchive:
    packed_unipen(archive, files)
    return read_archive(archive, lambda *_: None, apart)


def same(found: StrokeSet, meant: StrokeSet) -> None:
    """Check that two sets hold the same drawings, in whatever order."""
    assert sorted(prints(found)) == sorted(prints(meant))


def test_the_drawings_come_back_with_their_writers_apart(
    archive: Path, files: dict[str, str], apart: frozenset[str], drawings: StrokeSet
) -> None:
    found = read(archive, files, apart)
    assert found.unreadable == 0
    same(found.validation, part(drawings, 2))
    for number, index in zip(np.unique(found.training.writers), (0, 1), strict=True):
        same(found.training.take(np.flatnonzero(found.training.writers == number)), part(drawings, index))
    assert not set(found.training.writers) & set(found.validation.writers)


def test_they_look_as_they_did(
    archive: Path, files: dict[str, str], apart: frozenset[str], drawings: StrokeSet
) -> None:
    found = read(archive, files, apart).validation
    meant = part(drawings, 2)
    order, was = (np.argsort(prints(drawn)) for drawn in (found, meant))
    assert (render(found.take(order).strokes) == render(meant.take(was).strokes)).all()
    assert (found.labels[order] == meant.labels[was]).all()


def test_it_matters_not_what_stands_first(archive: Path, files: dict[str, str], apart: frozenset[str]) -> None:
    forwards = read(archive, files, apart)
    backwards = read(archive, dict(reversed(files.items())), apart)
    assert sorted(prints(forwards.training)) == sorted(prints(backwards.training))
    assert sorted(prints(forwards.validation)) == sorted(prints(backwards.validation))


def test_progress_is_told_to_the_end(archive: Path, files: dict[str, str], apart: frozenset[str]) -> None:
    packed_unipen(archive, files)
    told: list[tuple[int, int | None]] = []
    read_archive(archive, lambda there, whole: told.append((there, whole)), apart)
    assert told[0][1] == archive.stat().st_size
    assert len(told) > len(files)
    assert all(whole is not None and 0 <= there <= whole for there, whole in told)


def test_a_missing_file_costs_only_what_needs_it(
    archive: Path, files: dict[str, str], apart: frozenset[str], drawings: StrokeSet
) -> None:
    del files["include/" + DAT.format(*PEOPLE[0])]
    found = read(archive, files, apart)
    assert found.unreadable == len(part(drawings, 0))
    assert len(found.training) == len(part(drawings, 1))


def test_files_that_include_each_other_come_to_an_end(
    archive: Path, files: dict[str, str], apart: frozenset[str]
) -> None:
    doc = f"include/{DOC.format('val')}"
    files[doc] += f".INCLUDE {DOC.format('val')}\n"
    assert read(archive, files, apart).unreadable == 0


def test_a_file_of_noise_costs_no_other(
    archive: Path, files: dict[str, str], apart: frozenset[str], drawings: StrokeSet
) -> None:
    noise = np.random.default_rng(1).bytes(20_000).decode("latin-1")
    files["data/1a/anj/noise.dat"] = noise
    files["data/1b/noise.dat"] = '.PEN_DOWN\n1 2\n.SEGMENT CHARACTER 0-7 ? "a"\n'
    files["include/noise.dat"] = noise
    found = read(archive, files, apart)
    assert len(found.training) + len(found.validation) == len(drawings)
    assert found.unreadable == 1


@pytest.mark.parametrize("cut", [0, 100, -9, -1])
def test_an_archive_that_is_cut_off_is_refused(
    archive: Path, files: dict[str, str], apart: frozenset[str], cut: int
) -> None:
    packed_unipen(archive, files)
    archive.write_bytes(archive.read_bytes()[:cut])
    with pytest.raises(ValueError, match="not a whole archive"):
        read_archive(archive, lambda *_: None, apart)


def test_an_archive_that_is_damaged_is_refused(
    archive: Path, files: dict[str, str], apart: frozenset[str]
) -> None:
    packed_unipen(archive, files)
    content = bytearray(archive.read_bytes())
    content[-8] ^= 1  # the sum at its end
    archive.write_bytes(content)
    with pytest.raises(ValueError, match="not a whole archive"):
        read_archive(archive, lambda *_: None, apart)


def test_nobody_to_keep_apart_is_told(archive: Path, files: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="nobody to evaluate on"):
        read(archive, files, frozenset())
    with pytest.raises(ValueError, match="nobody to train on"):
        read(archive, {"data/1a/x/x.dat": "", "include/x/x.dat": ""}, frozenset())


def test_a_print_is_of_the_drawing_alone_and_of_all_of_it(drawings: StrokeSet) -> None:
    assert len(set(prints(drawings))) == len(drawings)
    first, second = np.array([[3.0, 4.0], [9.0, 1.0]]), np.array([[5.0, 5.0]])
    drawn = Drawing(1, "anna", (first, second))
    assert compute_fingerprint(drawn) == compute_fingerprint(Drawing(1, "bob", (first + 100, second + 100)))
    others = (
        Drawing(2, "anna", (first, second)),
        Drawing(1, "anna", (second, first)),
        Drawing(1, "anna", (np.concatenate([first, second]),)),
        Drawing(1, "anna", (first, second + 1)),
    )
    assert compute_fingerprint(drawn) not in {compute_fingerprint(other) for other in others}


def test_the_people_kept_apart_are_listed_by_three_drawings_each() -> None:
    assert len(VALIDATION_FINGERPRINTS) == 29 * 3
    assert all(len(known) == 16 and int(known, 16) >= 0 for known in VALIDATION_FINGERPRINTS)
