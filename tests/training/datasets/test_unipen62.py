"""An archive of real drawings that is laid out like UNIPEN's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recognition.render import render
from tests.training.datasets.writing import (
    DAT,
    DOC,
    PEOPLE,
    compute_fingerprints,
    list_unipen_files,
    take_part,
    write_unipen,
)
from training.datasets.strokes import StrokeSet
from training.datasets.unipen import Drawing
from training.datasets.unipen62 import VALIDATION_FINGERPRINTS, UnipenArchive, compute_fingerprint, read_archive


@pytest.fixture
def files(drawings: StrokeSet) -> dict[str, str]:
    return list_unipen_files(drawings)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return tmp_path / "archive.tgz"


@pytest.fixture
def validation(drawings: StrokeSet) -> frozenset[str]:
    """Two fingerprints of the last person, and one of nobody."""
    return frozenset([*compute_fingerprints(take_part(drawings, 2))[5:7], "0" * 16])


def read(archive: Path, files: dict[str, str], validation: frozenset[str]) -> UnipenArchive:
    write_unipen(archive, files)
    return read_archive(archive, lambda *_: None, validation)


def same(found: StrokeSet, expected: StrokeSet) -> None:
    """Check that two sets hold the same drawings, in any order."""
    assert sorted(compute_fingerprints(found)) == sorted(compute_fingerprints(expected))


def test_the_drawings_are_read_and_split_by_writer(
    archive: Path, files: dict[str, str], validation: frozenset[str], drawings: StrokeSet
) -> None:
    found = read(archive, files, validation)
    assert found.unreadable == 0
    same(found.validation, take_part(drawings, 2))
    for number, index in zip(np.unique(found.training.writers), (0, 1), strict=True):
        same(found.training.take(np.flatnonzero(found.training.writers == number)), take_part(drawings, index))
    assert not set(found.training.writers) & set(found.validation.writers)


def test_the_drawings_look_the_same(
    archive: Path, files: dict[str, str], validation: frozenset[str], drawings: StrokeSet
) -> None:
    found = read(archive, files, validation).validation
    expected = take_part(drawings, 2)
    order, was = (np.argsort(compute_fingerprints(drawn)) for drawn in (found, expected))
    assert (render(found.take(order).strokes) == render(expected.take(was).strokes)).all()
    assert (found.labels[order] == expected.labels[was]).all()


def test_the_order_of_files_does_not_matter(
    archive: Path, files: dict[str, str], validation: frozenset[str]
) -> None:
    forwards = read(archive, files, validation)
    backwards = read(archive, dict(reversed(files.items())), validation)
    assert sorted(compute_fingerprints(forwards.training)) == sorted(compute_fingerprints(backwards.training))
    assert sorted(compute_fingerprints(forwards.validation)) == sorted(compute_fingerprints(backwards.validation))


def test_progress_is_reported(archive: Path, files: dict[str, str], validation: frozenset[str]) -> None:
    write_unipen(archive, files)
    reports: list[tuple[int, int | None]] = []
    read_archive(archive, lambda there, whole: reports.append((there, whole)), validation)
    assert reports[0][1] == archive.stat().st_size
    assert len(reports) > len(files)
    assert all(whole is not None and 0 <= there <= whole for there, whole in reports)


def test_without_an_included_file_only_its_drawings_are_lost(
    archive: Path, files: dict[str, str], validation: frozenset[str], drawings: StrokeSet
) -> None:
    del files["include/" + DAT.format(*PEOPLE[0])]
    found = read(archive, files, validation)
    assert found.unreadable == len(take_part(drawings, 0))
    assert len(found.training) == len(take_part(drawings, 1))


def test_a_file_that_includes_itself_is_read_once(
    archive: Path, files: dict[str, str], validation: frozenset[str]
) -> None:
    doc = f"include/{DOC.format('val')}"
    files[doc] += f".INCLUDE {DOC.format('val')}\n"
    assert read(archive, files, validation).unreadable == 0


def test_a_file_of_noise_does_not_affect_others(
    archive: Path, files: dict[str, str], validation: frozenset[str], drawings: StrokeSet
) -> None:
    noise = np.random.default_rng(1).bytes(20_000).decode("latin-1")
    files["data/1a/anj/noise.dat"] = noise
    files["data/1b/noise.dat"] = '.PEN_DOWN\n1 2\n.SEGMENT CHARACTER 0-7 ? "a"\n'
    files["include/noise.dat"] = noise
    found = read(archive, files, validation)
    assert len(found.training) + len(found.validation) == len(drawings)
    assert found.unreadable == 1


@pytest.mark.parametrize("cut", [0, 100, -9, -1])
def test_an_archive_that_is_cut_off_is_refused(
    archive: Path, files: dict[str, str], validation: frozenset[str], cut: int
) -> None:
    write_unipen(archive, files)
    archive.write_bytes(archive.read_bytes()[:cut])
    with pytest.raises(ValueError, match="not a whole archive"):
        read_archive(archive, lambda *_: None, validation)


def test_an_archive_that_is_damaged_is_refused(
    archive: Path, files: dict[str, str], validation: frozenset[str]
) -> None:
    write_unipen(archive, files)
    content = bytearray(archive.read_bytes())
    content[-8] ^= 1  # the sum at its end
    archive.write_bytes(content)
    with pytest.raises(ValueError, match="not a whole archive"):
        read_archive(archive, lambda *_: None, validation)


def test_an_archive_without_writers_of_one_kind_is_refused(archive: Path, files: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="nobody to evaluate on"):
        read(archive, files, frozenset())
    with pytest.raises(ValueError, match="nobody to train on"):
        read(archive, {"data/1a/x/x.dat": "", "include/x/x.dat": ""}, frozenset())


def test_a_fingerprint_depends_on_all_of_the_drawing_and_on_nothing_else(drawings: StrokeSet) -> None:
    assert len(set(compute_fingerprints(drawings))) == len(drawings)
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


def test_each_validation_writer_is_listed_by_three_drawings() -> None:
    assert len(VALIDATION_FINGERPRINTS) == 29 * 3
    assert all(len(known) == 16 and int(known, 16) >= 0 for known in VALIDATION_FINGERPRINTS)
