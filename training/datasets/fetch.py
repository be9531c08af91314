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
from training.datasets.download import DownloadFailed, Progress, Remote, download, get, md5_of
from training.datasets.idx import idx
from training.datasets.sources import (
    EMNIST,
    MNIST,
    MNIST_TEST,
    PENDIGITS,
    PHOTOS,
    UNIPEN,
    UNIPEN_APART,
    Source,
)
from training.datasets.strokes import StrokeSet

EMNIST_ARCHIVE: Final = Remote(
    "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip", md5="58c8d27c78d21e728a6bc7b3cc06412e"
)

UNIPEN_RECORD: Final = "https://zenodo.org/api/records/1195803"
UNIPEN_ARCHIVE: Final = "unipen62/unipen-CDROM-train_r01_v07.tgz"
PENDIGITS_ZIP: Final = Remote(
    "https://archive.ics.uci.edu/static/public/81/pen+based+recognition+of+handwritten+digits.zip"
)
PENDIGITS_ARCHIVE: Final = "pendigits/pen+based+recognition+of+handwritten+digits.zip"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A set that is fetched.

    Attributes:
        sources: what it is.
        bring: puts its files into a data folder, telling how far it is, and returns what is to be said of them.
    """

    sources: tuple[Source, ...]
    bring: Callable[[Path, Progress], str]


@dataclass(frozen=True, slots=True)
class ByHand:
    """A set that a person has to get.

    Attributes:
        sources: what it is.
        where: where to get it.
        layout: how its files are to be laid out.
    """

    sources: tuple[Source, ...]
    where: str
    layout: str


def bring_mnist(folder: Path, progress: Progress, load: Callable[[], Any] | None = None) -> str:
    """Put MNIST, as ``load`` gives it, into the data folder; Keras fetches, checks and keeps it.

    Args:
        folder: the data folder.
        progress: not told anything: Keras shows its own progress.
        load: returns (images, labels) of the training and of the test part; by default Keras' own loader.

    Raises:
        DownloadFailed: if Keras cannot fetch it.
    """
    del progress
    if not missing_files("mnist", folder):
        return ""
    try:
        training, test = (load or _keras_mnist)()
    except Exception as error:  # Keras raises nothing more precise
        raise DownloadFailed(f"Keras cannot fetch MNIST: {error}") from error
    for source, part in ((MNIST, training), (MNIST_TEST, test)):
        for file, array in zip(source.files, part, strict=True):
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished = path.with_name(f"{path.name}.part")
            unfinished.write_bytes(idx(array))
            unfinished.replace(path)
    return ""


def bring_emnist(folder: Path, progress: Progress, remote: Remote = EMNIST_ARCHIVE) -> str:
    """Put EMNIST's archive, about half a gigabyte, into the data folder.

    Raises:
        DownloadFailed: if it cannot be fetched.
    """
    target = folder / EMNIST.files[0]
    if not (target.is_file() and md5_of(target) == remote.md5):
        download(remote, target, progress)
    return ""


def bring_unipen(
    folder: Path, progress: Progress, record: str = UNIPEN_RECORD, apart: frozenset[str] = unipen62.APART
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
    missing = missing_files("unipen", folder)
    if not missing:
        return ""
    archive = folder / UNIPEN_ARCHIVE
    if not archive.is_file():
        download(_only_archive(record, archive), archive, progress)
    with _read_as_expected(archive):
        found = unipen62.read_archive(archive, progress, apart)
    for source, drawn in ((UNIPEN, found.taught), (UNIPEN_APART, found.apart)):
        path = folder / source.files[0]
        if path in missing:
            drawn.save(path)
    return (
        f": {len(found.taught):,} drawings of {_people(found.taught)} people, and {len(found.apart):,} of "
        f"{_people(found.apart)} others. {found.broken:,} more cannot be made out."
    )


def bring_pendigits(folder: Path, progress: Progress, remote: Remote = PENDIGITS_ZIP) -> str:
    """Put PenDigits' training drawings into the data folder, out of its zip, which is fetched if it is not there.

    Raises:
        DownloadFailed: if the zip cannot be fetched, or is not what it should be, or gzip is not installed.
    """
    if not missing_files("pendigits", folder):
        return ""
    archive = folder / PENDIGITS_ARCHIVE
    if not archive.is_file():
        download(remote, archive, progress)
    with _read_as_expected(archive):
        drawn, broken = pendigits.read_zip(archive)
    drawn.save(folder / PENDIGITS.files[0])
    return f": {len(drawn):,} drawings of {_people(drawn)} people. {broken:,} more cannot be made out."


SETS: Final[Mapping[str, Fetched | ByHand]] = MappingProxyType(
    {
        "mnist": Fetched((MNIST, MNIST_TEST), bring_mnist),
        "emnist": Fetched((EMNIST,), bring_emnist),
        "unipen": Fetched((UNIPEN, UNIPEN_APART), bring_unipen),
        "pendigits": Fetched((PENDIGITS,), bring_pendigits),
        "photos": ByHand(
            (PHOTOS,),
            f"{PHOTOS.citation}, under MIT; no lasting address of them is known. Photos of your own will do.",
            "Put them into a zip as LABEL/NAME_NUMBER.png: LABEL is 00-09 for digits, 10-35 for A-Z, 36-61 for "
            "a-z; NUMBER is the writer's, and every fifth is kept apart to report on.",
        ),
    }
)
"""Every set that models are taught from, by name."""


def missing_files(name: str, folder: Path) -> list[Path]:
    """Return the files of a set that are not in the data folder."""
    return [folder / f for source in SETS[name].sources for f in source.files if not (folder / f).is_file()]


class _Links(msgspec.Struct):
    content: str = msgspec.field(name="self")


class _File(msgspec.Struct):
    key: str
    checksum: str
    links: _Links


class _Record(msgspec.Struct):
    files: list[_File]


def _only_archive(record: str, target: Path) -> Remote:
    """Return where the archive of a Zenodo record is, and its MD5, as the record itself says."""
    try:
        files = msgspec.json.decode(get(record), type=_Record).files
    except msgspec.DecodeError:
        files = []
    archives = [file for file in files if file.key.endswith(".tgz") and file.checksum.startswith("md5:")]
    if len(archives) != 1:
        raise DownloadFailed(
            f"{record} does not say where the archive is, as it used to. Get it by hand and put it to {target}."
        )
    return Remote(archives[0].links.content, archives[0].checksum.removeprefix("md5:"))


@contextmanager
def _read_as_expected(archive: Path) -> Iterator[None]:
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


def _people(drawn: StrokeSet) -> int:
    return len(np.unique(drawn.writers))


def _keras_mnist() -> Any:
    import keras  # noqa: PLC0415 - takes seconds

    return keras.datasets.mnist.load_data()
