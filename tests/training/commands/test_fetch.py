"""``python -m training fetch``: what it downloads, what it asks a person to get, and how it exits."""

from __future__ import annotations

import hashlib
import io
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from tests.training.command import run_training
from tests.training.datasets.host import Host, run_host
from tests.training.datasets.writing import format_pendigits, write_pendigits
from training.commands import fetch
from training.datasets.fetch import DATA_SETS, PENDIGITS_ARCHIVE, UNIPEN_ARCHIVE, fetch_emnist, find_missing_files
from training.datasets.sources import PHOTOS
from training.datasets.strokes import StrokeSet


def serve_emnist(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have EMNIST downloaded from a server on this machine."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("gzip/emnist-byclass-train-images-idx3-ubyte.gz", b"")
    host.content = content.getvalue()
    remote = host.remote(hashlib.md5(host.content, usedforsecurity=False).hexdigest())
    local = replace(DATA_SETS["emnist"], fetch=lambda folder, report: fetch_emnist(folder, report, remote))
    monkeypatch.setattr(fetch, "DATA_SETS", MappingProxyType({**DATA_SETS, "emnist": local}))


def test_it_succeeds_without_the_optional_photos_and_says_how_to_get_them(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(data, folder, ignore=shutil.ignore_patterns("paper62"))
    with run_host() as host:
        serve_emnist(host, monkeypatch)
        fetched = run_training(folder, "fetch")
    assert fetched.returncode == 0, fetched.stderr
    assert (folder / "emnist/gzip.zip").read_bytes() == host.content
    assert fetched.stdout.count("ready.") == 4
    assert "photos: missing or damaged, but optional" in fetched.stdout
    assert str(folder / PHOTOS.files[0]) in fetched.stdout
    assert "LABEL/NAME_NUMBER.png" in fetched.stdout


def test_a_download_that_fails_is_reported_with_what_to_do_by_hand(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(data, folder, ignore=shutil.ignore_patterns("emnist"))
    with run_host() as host:
        host.faults = ["404"]
        serve_emnist(host, monkeypatch)
        failed = run_training(folder, "fetch")
    assert failed.returncode == 1
    assert "404" in failed.stdout
    assert str(folder / "emnist/gzip.zip") in failed.stdout
    assert "emnist." in failed.stderr
    assert failed.stdout.count("ready.") == 4


def test_an_archive_in_its_place_is_laid_out(tmp_path: Path, drawings: StrokeSet) -> None:
    digits = drawings.take(np.flatnonzero(drawings.labels < 10))
    write_pendigits(tmp_path / PENDIGITS_ARCHIVE, format_pendigits(digits))
    fetched = run_training(tmp_path, "fetch", "pendigits")
    assert fetched.returncode == 0, fetched.stderr
    assert f"pendigits: ready. {len(digits)} drawings by" in fetched.stdout

    (tmp_path / "unipen62").mkdir()
    (tmp_path / UNIPEN_ARCHIVE).write_bytes(b"cut")
    failed = run_training(tmp_path, "fetch", "unipen", "pendigits")
    assert failed.returncode == 1
    assert "Delete it to have it downloaded again" in failed.stdout
    assert "pendigits: ready." in failed.stdout
    assert "unipen." in failed.stderr


@pytest.mark.parametrize("damage", ["cut", "changed", "empty"])
@pytest.mark.parametrize("file", ["pendigits/train.npz", "paper62/photos.zip", "mnist/t10k-images-idx3-ubyte.gz"])
def test_a_damaged_file_does_not_count_as_there(data: Path, tmp_path: Path, file: str, damage: str) -> None:
    folder, (name, _, _) = tmp_path / "data", file.replace("paper62", "photos").partition("/")
    shutil.copytree(data, folder)
    assert not find_missing_files(name, folder)
    content = bytearray((folder / file).read_bytes())
    if damage == "changed":
        content[len(content) // 2] ^= 0xFF
    (folder / file).write_bytes(content[: {"cut": len(content) // 2, "empty": 0}.get(damage)])
    assert find_missing_files(name, folder) == [folder / file]


def test_photos_that_are_asked_for_by_name_and_missing_are_a_failure(data: Path, tmp_path: Path) -> None:
    missing = run_training(tmp_path, "fetch", "photos")
    assert missing.returncode == 1
    assert str(tmp_path / PHOTOS.files[0]) in missing.stdout
    assert "photos" in missing.stderr
    assert run_training(data, "fetch", "photos").returncode == 0


def test_an_unknown_name_is_wrong_use_and_help_lists_the_names(tmp_path: Path) -> None:
    unknown = run_training(tmp_path, "fetch", "nonsense")
    assert unknown.returncode == 2
    shown = run_training(tmp_path, "fetch", "--help")
    assert shown.returncode == 0
    for name in DATA_SETS:
        assert name in unknown.stderr
        assert name in shown.stdout
