"""Downloads the data sets into the data folder, in the layout that training reads."""

from __future__ import annotations

import gzip
import zipfile
import zlib
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
from training.quiet import import_tensorflow

EMNIST_ARCHIVE: Final = RemoteFile(
    "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip", md5="58c8d27c78d21e728a6bc7b3cc06412e"
)
UNIPEN_RECORD: Final = "https://zenodo.org/api/records/1195803"
UNIPEN_ARCHIVE: Final = "unipen62/unipen-CDROM-train_r01_v07.tgz"
PENDIGITS_ZIP: Final = RemoteFile(
    "https://archive.ics.uci.edu/static/public/81/pen+based+recognition+of+handwritten+digits.zip"
)
PENDIGITS_ARCHIVE: Final = "pendigits/pen+based+recognition+of+handwritten+digits.zip"

_BLOCK: Final = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set that models are trained on.

    Attributes:
        sources: what it consists of.
        by_hand: how a person gets it without `fetch`.
        fetch: puts its files into a data folder, reports the progress, and returns a sentence about them, which
            may be empty. None if the data set cannot be downloaded.
        is_optional: whether models can be trained without it.
    """

    sources: tuple[Source, ...]
    by_hand: str
    fetch: Callable[[Path, ReportProgress], str] | None = None
    is_optional: bool = False


def fetch_mnist(folder: Path, progress: ReportProgress, load: Callable[[], Any] | None = None) -> str:
    """Put MNIST into the data folder. Keras downloads it, checks it and keeps a copy of its own.

    Args:
        folder: the data folder.
        progress: is not called: Keras shows its own progress.
        load: returns (images, labels) of the training part and of the test part; Keras' loader if None.

    Raises:
        DownloadFailed: if Keras cannot download it.
    """
    del progress
    if not find_missing_files("mnist", folder):
        return ""
    try:
        training, test = (load or _load_keras_mnist)()
    except Exception as error:  # Keras raises nothing more precise
        raise DownloadFailed(f"Keras could not download MNIST: {error}") from error
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
        DownloadFailed: if it cannot be downloaded.
    """
    target = folder / EMNIST.files[0]
    if not (target.is_file() and compute_md5(target) == remote.md5):
        download(remote, target, progress)
    return ""


def fetch_unipen(
    folder: Path,
    progress: ReportProgress,
    record: str = UNIPEN_RECORD,
    validation: frozenset[str] = unipen62.VALIDATION_FINGERPRINTS,
) -> str:
    """Put UNIPEN's drawings into the data folder. They come from its archive, downloaded if it is not there.

    Args:
        folder: the data folder.
        progress: is told the bytes that are there and the bytes of the whole.
        record: address of Zenodo's record of the archive.
        validation: fingerprints of drawings of the people whose drawings go to the validation file.

    Raises:
        DownloadFailed: if the archive cannot be downloaded, or is not the expected one.
    """
    missing = find_missing_files("unipen", folder)
    if not missing:
        return ""
    archive = folder / UNIPEN_ARCHIVE
    if not archive.is_file():
        download(_find_archive(record, archive), archive, progress)
    with _explain_bad_archive(archive):
        content = unipen62.read_archive(archive, progress, validation)
    for source, drawings in ((UNIPEN, content.training), (UNIPEN_VALIDATION, content.validation)):
        path = folder / source.files[0]
        if path in missing:
            drawings.save(path)
    return (
        f"{len(content.training):,} drawings by {_count_writers(content.training)} people to train on, and "
        f"{len(content.validation):,} by {_count_writers(content.validation)} others to evaluate on. "
        f"{content.unreadable:,} more could not be read."
    )


def fetch_pendigits(folder: Path, progress: ReportProgress, remote: RemoteFile = PENDIGITS_ZIP) -> str:
    """Put PenDigits' training drawings into the data folder, from its zip, which is downloaded if it is not there.

    Raises:
        DownloadFailed: if the zip cannot be downloaded, or is not the expected one, or gzip is not installed.
    """
    if not find_missing_files("pendigits", folder):
        return ""
    archive = folder / PENDIGITS_ARCHIVE
    if not archive.is_file():
        download(remote, archive, progress)
    with _explain_bad_archive(archive):
        drawings, unreadable = pendigits.read_zip(archive)
    drawings.save(folder / PENDIGITS.files[0])
    return (
        f"{len(drawings):,} drawings by {_count_writers(drawings)} people. {unreadable:,} more could not be read."
    )


DATA_SETS: Final[Mapping[str, DataSet]] = MappingProxyType(
    {
        "mnist": DataSet(
            (MNIST, MNIST_TEST),
            "put MNIST's four IDX files, each packed with gzip, into the folder mnist.",
            fetch_mnist,
        ),
        "emnist": DataSet((EMNIST,), f"save {EMNIST_ARCHIVE.url} as {EMNIST.files[0]}.", fetch_emnist),
        "unipen": DataSet(
            (UNIPEN, UNIPEN_VALIDATION),
            f"save the .tgz file of https://doi.org/10.5281/zenodo.1195803 as {UNIPEN_ARCHIVE}, then fetch again.",
            fetch_unipen,
        ),
        "pendigits": DataSet(
            (PENDIGITS,), f"save {PENDIGITS_ZIP.url} as {PENDIGITS_ARCHIVE}, then fetch again.", fetch_pendigits
        ),
        "photos": DataSet(
            (PHOTOS,),
            "use photos of your own; there is no lasting address to download these from. Put them into a zip as "
            "LABEL/NAME_NUMBER.png. LABEL is 00-09 for digits, 10-35 for A-Z, 36-61 for a-z. NUMBER stands for "
            "the writer; photos whose number is a multiple of 5 are used to evaluate, the others to train.",
            is_optional=True,
        ),
    }
)
"""Every data set that models are trained on, by name."""


def find_missing_files(name: str, folder: Path) -> list[Path]:
    """Return the files of a data set that are not in the data folder, or not whole."""
    return [folder / f for source in DATA_SETS[name].sources for f in source.files if not _is_whole(folder / f)]


def _is_whole(path: Path) -> bool:
    """Return whether a file is there, and what it packs agrees with its checksums."""
    try:
        if path.suffix == ".gz":
            with gzip.open(path) as file:
                # gzip takes an empty file for a whole one.
                return sum(map(len, iter(lambda: file.read(_BLOCK), b""))) > 0
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error):
        return False


class _Links(msgspec.Struct):
    content: str = msgspec.field(name="self")


class _File(msgspec.Struct):
    key: str
    checksum: str
    links: _Links


class _Record(msgspec.Struct):
    files: list[_File]


def _find_archive(record: str, target: Path) -> RemoteFile:
    """Return the address and the MD5 of the archive in a Zenodo record."""
    try:
        files = msgspec.json.decode(fetch_page(record), type=_Record).files
    except msgspec.DecodeError:
        files = []
    archives = [file for file in files if file.key.endswith(".tgz") and file.checksum.startswith("md5:")]
    if len(archives) != 1:
        raise DownloadFailed(
            f"{record} does not name the archive any more. Get it by hand and save it as {target}."
        )
    return RemoteFile(archives[0].links.content, archives[0].checksum.removeprefix("md5:"))


@contextmanager
def _explain_bad_archive(archive: Path) -> Iterator[None]:
    """Turn errors about an archive into text for a person.

    Raises:
        DownloadFailed: with that text.
    """
    try:
        yield
    except pendigits.NoGzip as error:
        raise DownloadFailed(f"{archive} is there, but {error}.") from error
    except ValueError as error:
        raise DownloadFailed(
            f"{archive} is not the expected file: {error}. Delete it to have it downloaded again."
        ) from error


def _count_writers(drawings: StrokeSet) -> int:
    return len(np.unique(drawings.writers))


def _load_keras_mnist() -> Any:
    import_tensorflow()
    import keras  # noqa: PLC0415 - takes seconds

    return keras.datasets.mnist.load_data()
