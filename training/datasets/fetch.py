"""Data sets brought to a user's machine, into the data folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import msgspec
import numpy as np

from training.datasets import pendigits, unipen62
from training.datasets.download import (
    DownloadFailed,
    RemoteFile,
    ReportProgress,
    compute_md5,
    download,
    fetch_page,
)
from training.datasets.idx import encode_idx
from training.datasets.sources import (
    EMNIST,
    MNIST,
    MNIST_TEST,
    PENDIGITS,
    PHOTOS,
    UNIPEN,
    UNIPEN_VALIDATION,
    Source,
)
from training.datasets.strokes import StrokeSet

EMNIST_ARCHIVE: Final = RemoteFile(
    "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip", md5="58c8d27c78d21e728a6bc7b3cc06412e"
)

UNIPEN_RECORD: Final = "https://zenodo.org/api/records/1195803"
UNIPEN_ARCHIVE: Final = "unipen62/unipen-CDROM-train_r01_v07.tgz"
PENDIGITS_ZIP: Final = RemoteFile(
    "https://archive.ics.uci.edu/static/public/81/pen+based+recognition+of+handwritten+digits.zip"
)
PENDIGITS_ARCHIVE: Final = "pendigits/pen+based+recognition+of+handwritten+digits.zip"


@dataclass(frozen=True, slots=True)
class DownloadedSet:
    """A set that is fetched.

    Attributes:
        sources: what it is.
        bring: puts its files into a data folder, telling how far it is, and returns what is to be said of them.
    """

    sources: tuple[Source, ...]
    bring: Callable[[Path, ReportProgress], str]


@dataclass(frozen=True, slots=True)
class ManualSet:
    """A set that a person has to get.

    Attributes:
        sources: what it is.
        where: where to get it.
        layout: how its files are to be laid out.
    """

    sources: tuple[Source, ...]
    where: str
    layout: str


def fetch_mnist(folder: Path, progress: ReportProgress, load: Callable[[], Any] | None = None) -> str:
    """Put MNIST, as ``load`` gives it, into the data folder; Keras fetches, checks and keeps it.

    Args:
        folder: the data folder.
        progress: not told anything: Keras shows its own progress.
        load: returns (images, labels) of the training and of the test part; by default Keras' own loader.

    Raises:
        DownloadFailed: if Keras cannot fetch it.
    """
    del progress
    if not find_missing_files("mnist", folder):
        return ""
    try:
        training, test = (load or _load_keras_mnist)()
    except Exception as error:  # Keras raises nothing more precise
        raise DownloadFailed(f"Keras cannot fetch MNIST: {error}") from error
    for source, part in ((MNIST, training), (MNIST_TEST, test)):
        for file, array in zip(source.files, part, strict=True):
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_name(f"{path.name}.part")
            unfinished.write_bytes(encode_idx(array))
            unfinished.replace(path)
    return ""


def fetch_emnist(folder: Path, progress: ReportProgress, remote: RemoteFile = EMNIST_ARCHIVE) -> str:
    """Put EMNIST's archive, about half a gigabyte, into the data folder.

    Raises:
        DownloadFailed: if it cannot be fetched.
    """
    target = folder / EMNIST.files[0]
    if not (target.is_file() and compute_md5(target) == remote.md5):
        download(remote, target, progress)
    return ""


def fetch_unipen(
    folder: Path,
    progress: ReportProgress,
    record: str = UNIPEN_RECORD,
    apart: frozenset[str] = unipen62.VALIDATION_FINGERPRINTS,
) -> str:
    """Put UNIPEN's drawings into the data folder, out of its archive, which is fetched if it is not there.

    Args:
        folder: the data folder.
        progress: told how far it is.
        record: what Zenodo says of the archive.
        apart: fingerprints of drawings of those who go to the second file.

    Raises:
        DownloadFailed: if the archive cannot be fetched, or is not what it should be.
    """
    missing = find_missing_files("unipen", folder)
    if not missing:
        return ""
    archive = folder / UNIPEN_ARCHIVE
    if not archive.is_file():
        download(_find_archive(record, archive), archive, progress)
    with _explain_bad_archive(archive):
        found = unipen62.read_archive(archive, progress, apart)
    for source, drawn in ((UNIPEN, found.taught), (UNIPEN_VALIDATION, found.apart)):
        path = folder / source.files[0]
        if path in missing:
            drawn.save(path)
    return (
        f": {len(found.taught):,} drawings of {_count_writers(found.taught)} people, and {len(found.apart):,} of "
        f"{_count_writers(found.apart)} others. {found.broken:,} more cannot be made out."
    )


def fetch_pendigits(folder: Path, progress: ReportProgress, remote: RemoteFile = PENDIGITS_ZIP) -> str:
    """Put PenDigits' training drawings into the data folder, out of its zip, which is fetched if it is not there.

    Raises:
        DownloadFailed: if the zip cannot be fetched, or is not what it should be, or gzip is not installed.
    """
    if not find_missing_files("pendigits", folder):
        return ""
    archive = folder / PENDIGITS_ARCHIVE
    if not archive.is_file():
        download(remote, archive, progress)
    with _explain_bad_archive(archive):
        drawn, broken = pendigits.read_zip(archive)
    drawn.save(folder / PENDIGITS.files[0])
    return f": {len(drawn):,} drawings of {_count_writers(drawn)} people. {broken:,} more cannot be made out."


DATA_SETS: Final[Mapping[str, DownloadedSet | ManualSet]] = MappingProxyType(
    {
        "mnist": DownloadedSet((MNIST, MNIST_TEST), fetch_mnist),
        "emnist": DownloadedSet((EMNIST,), fetch_emnist),
        "unipen": DownloadedSet((UNIPEN, UNIPEN_VALIDATION), fetch_unipen),
        "pendigits": DownloadedSet((PENDIGITS,), fetch_pendigits),
        "photos": ManualSet(
            (PHOTOS,),
            f"{PHOTOS.citation}, under MIT; no lasting address of them is known. Photos of your own will do.",
            "Put them into a zip as LABEL/NAME_NUMBER.png: LABEL is 00-09 for digits, 10-35 for A-Z, 36-61 for "
            "a-z; NUMBER is the writer's, and every fifth is kept apart to report on.",
        ),
    }
)
"""Every set that models are taught from, by name."""


def find_missing_files(name: str, folder: Path) -> list[Path]:
    """Return the files of a set that are not in the data folder."""
    return [folder / f for source in DATA_SETS[name].sources for f in source.files if not (folder / f).is_file()]


class _Links(msgspec.Struct):
    content: str = msgspec.field(name="self")


class _File(msgspec.Struct):
    key: str
    checksum: str
    links: _Links


class _Record(msgspec.Struct):
    files: list[_File]


def _find_archive(record: str, target: Path) -> RemoteFile:
    """Return where the archive of a Zenodo record is, and its MD5, as the record itself says."""
    try:
        files = msgspec.json.decode(fetch_page(record), type=_Record).files
    except msgspec.DecodeError:
        files = []
    archives = [file for file in files if file.key.endswith(".tgz") and file.checksum.startswith("md5:")]
    if len(archives) != 1:
        raise DownloadFailed(
            f"{record} does not say where the archive is, as it used to. Get it by hand and put it to {target}."
        )
    return RemoteFile(archives[0].links.content, archives[0].checksum.removeprefix("md5:"))


@contextmanager
def _explain_bad_archive(archive: Path) -> Iterator[None]:
    """Say in words for a person why an archive cannot be read.

    Raises:
        DownloadFailed: those words.
    """
    try:
        yield
    except pendigits.NoGzip as error:
        raise DownloadFailed(f"{archive} is there, but {error}.") from error
    except ValueError as error:
        raise DownloadFailed(
            f"{archive} is not what was expected: {error}. Remove it to have it fetched again."
        ) from error


def _count_writers(drawn: StrokeSet) -> int:
    return len(np.unique(drawn.writers))


def _load_keras_mnist() -> Any:
    import keras  # noqa: PLC0415 - takes seconds

    return keras.datasets.mnist.load_data()
