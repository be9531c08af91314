"""Data sets that are downloaded and laid out as training reads them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tests.training.datasets.host import CONTENT, Host
from tests.training.datasets.writing import (
    compute_fingerprints,
    format_pendigits,
    leave_part,
    list_unipen_files,
    make_zip,
    take_part,
    write_pendigits,
    write_unipen,
)
from training.datasets.download import DownloadFailed, RemoteFile
from training.datasets.fetch import (
    UNIPEN_ARCHIVE,
    fetch_emnist,
    fetch_mnist,
    fetch_pendigits,
    fetch_unipen,
    find_missing_files,
)
from training.datasets.pictures import load_mnist
from training.datasets.strokes import StrokeSet


def test_emnist_is_downloaded_once(host: Host, tmp_path: Path) -> None:
    for _ in range(2):
        fetch_emnist(tmp_path, lambda *_: None, host.remote())
    assert (tmp_path / "emnist/gzip.zip").read_bytes() == CONTENT
    assert len(host.ranges) == 1
    (tmp_path / "emnist/gzip.zip").write_bytes(b"cut")
    fetch_emnist(tmp_path, lambda *_: None, host.remote())
    assert (tmp_path / "emnist/gzip.zip").read_bytes() == CONTENT


def test_mnist_is_laid_out_as_training_reads_it(tmp_path: Path) -> None:
    images = np.random.default_rng(1).integers(0, 256, (5, 28, 28), dtype=np.uint8)
    labels = np.arange(5, dtype=np.uint8)
    assert find_missing_files("mnist", tmp_path)
    fetch_mnist(tmp_path, lambda *_: None, lambda: ((images, labels), (images[:2], labels[:2])))
    assert not find_missing_files("mnist", tmp_path)
    assert (load_mnist(tmp_path, "train").images == images).all()
    assert load_mnist(tmp_path, "t10k").labels.tolist() == [0, 1]


def test_a_failure_of_keras_is_reported(tmp_path: Path) -> None:
    def nowhere() -> None:
        raise Exception("URL fetch failure")  # noqa: TRY002 - as Keras does

    with pytest.raises(DownloadFailed, match="URL fetch failure"):
        fetch_mnist(tmp_path, lambda *_: None, nowhere)
    assert find_missing_files("mnist", tmp_path)


@dataclass
class Zenodo:
    """Zenodo's record of UNIPEN's archive, and the archive."""

    host: Host
    archive: bytes
    validation: frozenset[str]
    record: str = ""

    def publish(self, **changed: object) -> None:
        """Serve the record, and the archive at the address that it names."""
        base = self.host.address.removesuffix("/file")
        file = {
            "id": "7", "key": "unipen.tgz", "size": len(self.archive),
            "checksum": f"md5:{hashlib.md5(self.archive, usedforsecurity=False).hexdigest()}",
            "links": {"self": f"{base}/content"},
        }  # fmt: skip
        notes = {"key": "notes.pdf", "checksum": "md5:0", "links": {"self": f"{base}/notes"}}
        self.record = f"{base}/record"
        answer = {"id": 1195803, "metadata": {"title": "UNIPEN"}, "files": [notes, file | changed]}
        self.host.others = {"/record": json.dumps(answer).encode(), "/content": self.archive}

    def fetch(self, folder: Path) -> str:
        return fetch_unipen(folder, lambda *_: None, self.record, self.validation)


@pytest.fixture
def zenodo(host: Host, tmp_path: Path, drawings: StrokeSet) -> Zenodo:
    write_unipen(tmp_path / "made.tgz", list_unipen_files(drawings))
    zenodo = Zenodo(
        host, (tmp_path / "made.tgz").read_bytes(), frozenset(compute_fingerprints(take_part(drawings, 2))[:1])
    )
    zenodo.publish()
    return zenodo


def test_unipen_is_downloaded_and_laid_out_once(zenodo: Zenodo, tmp_path: Path, drawings: StrokeSet) -> None:
    folder = tmp_path / "data"
    assert f"{len(take_part(drawings, 2))} by 1 others to evaluate on. 0 more" in zenodo.fetch(folder)
    assert not find_missing_files("unipen", folder)
    training, validation = (StrokeSet.load(folder / f"unipen62/{name}.npz") for name in ("train", "val"))
    assert sorted(compute_fingerprints(validation)) == sorted(compute_fingerprints(take_part(drawings, 2)))
    assert len(training) + len(validation) == len(drawings)
    requests = len(zenodo.host.ranges)
    assert zenodo.fetch(folder) == ""
    assert len(zenodo.host.ranges) == requests


def test_fetching_unipen_is_resumed(zenodo: Zenodo, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    leave_part(folder / UNIPEN_ARCHIVE, zenodo.archive[:5000])
    zenodo.fetch(folder)
    assert zenodo.host.ranges == [None, "bytes=5000-"]
    whole = {path.name: path.read_bytes() for path in (folder / "unipen62").iterdir()}
    # Stopped after the archive was downloaded, between the two files.
    (folder / "unipen62/val.npz").unlink()
    zenodo.host.faults = ["404"] * 9
    zenodo.fetch(folder)
    assert {path.name: path.read_bytes() for path in (folder / "unipen62").iterdir()} == whole


def test_an_archive_that_is_there_is_not_downloaded(zenodo: Zenodo, tmp_path: Path) -> None:
    archive = tmp_path / "data" / UNIPEN_ARCHIVE
    archive.parent.mkdir(parents=True)
    archive.write_bytes(zenodo.archive[:-1])
    with pytest.raises(DownloadFailed, match=r"not the expected file: it is not a whole archive.*Delete it"):
        zenodo.fetch(tmp_path / "data")
    archive.write_bytes(zenodo.archive)
    zenodo.fetch(tmp_path / "data")
    assert not find_missing_files("unipen", tmp_path / "data")
    assert zenodo.host.ranges == []


@pytest.mark.parametrize(
    "changed",
    [{"checksum": "sha256:1"}, {"checksum": 7}, {"key": "unipen.pdf"}, {"links": {}}, {"links": {"self": None}}],
)
def test_a_changed_record_is_reported_with_what_to_do(
    zenodo: Zenodo, tmp_path: Path, changed: dict[str, object]
) -> None:
    zenodo.publish(**changed)
    with pytest.raises(DownloadFailed, match=rf"does not name the archive.*save it as .*{UNIPEN_ARCHIVE}"):
        zenodo.fetch(tmp_path / "data")
    zenodo.host.others["/record"] = b"<html>\xff"
    with pytest.raises(DownloadFailed, match="does not name the archive"):
        zenodo.fetch(tmp_path / "data")


def test_pendigits_is_downloaded_and_laid_out_once(host: Host, tmp_path: Path, drawings: StrokeSet) -> None:
    digits = drawings.take(np.flatnonzero(drawings.labels < 10))
    write_pendigits(tmp_path / "made.zip", format_pendigits(digits))
    host.content = (tmp_path / "made.zip").read_bytes()
    summary = fetch_pendigits(tmp_path, lambda *_: None, RemoteFile(host.address))
    assert f"{len(digits)} drawings" in summary
    assert (StrokeSet.load(tmp_path / "pendigits/train.npz").writers == digits.writers).all()
    assert fetch_pendigits(tmp_path, lambda *_: None, RemoteFile(host.address)) == ""
    assert len(host.ranges) == 1
    (tmp_path / "pendigits/train.npz").unlink()
    fetch_pendigits(tmp_path, lambda *_: None, RemoteFile(host.address))
    assert len(host.ranges) == 1


def test_another_zip_is_reported(host: Host, tmp_path: Path) -> None:
    host.content = make_zip(name=b"else")
    with pytest.raises(
        DownloadFailed, match=r"not the expected file: it is not a zip with pendigits-orig\.tra\.Z"
    ):
        fetch_pendigits(tmp_path, lambda *_: None, RemoteFile(host.address))
