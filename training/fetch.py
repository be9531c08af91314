"""Data sets brought to a user's machine, into the data folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

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
from training.download import DownloadFailed, Progress, Remote, download, md5_of

EMNIST_ARCHIVE: Final = Remote(
    "https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip", md5="58c8d27c78d21e728a6bc7b3cc06412e"
)

_ARRAYS: Final = """\
as .npz files of these arrays, without pickles:
  points     int16 (P, 2), x to the right and y DOWN, one drawing after another
  stroke_len uint16 (S,), the points of each stroke
  n_strokes  uint8 (N,), the strokes of each drawing
  label      uint8 (N,), 0-9 for digits, 10-35 for A-Z, 36-61 for a-z
  writer     uint16 (N,), who drew it"""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A set that is fetched.

    Attributes:
        sources: what it is.
        bring: puts its files into a data folder, telling how far it is.
    """

    sources: tuple[Source, ...]
    bring: Callable[[Path, Progress], None]


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


def bring_mnist(folder: Path, progress: Progress, load: Callable[[], Any] | None = None) -> None:
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
        return
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


def bring_emnist(folder: Path, progress: Progress, remote: Remote = EMNIST_ARCHIVE) -> None:
    """Put EMNIST's archive, about half a gigabyte, into the data folder.

    Raises:
        DownloadFailed: if it cannot be fetched.
    """
    target = folder / EMNIST.files[0]
    if not (target.is_file() and md5_of(target) == remote.md5):
        download(remote, target, progress)


SETS: Final[Mapping[str, Fetched | ByHand]] = MappingProxyType(
    {
        "mnist": Fetched((MNIST, MNIST_TEST), bring_mnist),
        "emnist": Fetched((EMNIST,), bring_emnist),
        "unipen": ByHand(
            (UNIPEN, UNIPEN_APART),
            "https://zenodo.org/records/1195803 has the whole of train_r01_v07; the isolated digits, capitals and "
            "small letters are its parts 1a, 1b and 1c.",
            f"Lay their drawings out, with different writers in the two files,\n{_ARRAYS}",
        ),
        "pendigits": ByHand(
            (PENDIGITS,),
            "https://archive.ics.uci.edu/dataset/81 has pendigits-orig.tra.Z, the training drawings as strokes "
            "(not pendigits.tra, which has eight points of each).",
            f"Lay its drawings out\n{_ARRAYS}",
        ),
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


def _keras_mnist() -> Any:
    import keras  # noqa: PLC0415 - takes seconds

    return keras.datasets.mnist.load_data()
