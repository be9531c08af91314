"""Phone photos of single characters on paper, read as `recognition.finding` reads any photo."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from recognition.finding import find_character
from training.datasets.pictures import PictureSet
from training.datasets.sources import PHOTOS, require

# As in 36/SMALL_a_15.png: the class, and a running number that takes the place of the writer's.
_NAME: Final = re.compile(r"(?:.*/)?(?P<label>\d\d)/[^/]*?_(?P<writer>\d+)\.png")
_HELD_OUT: Final = 5  # every fifth number is reported on


def paper_photos(folder: Path) -> PictureSet:
    """Return the photos that may be taught from; those on which no ink is found are passed over.

    Raises:
        DataMissing: if they are not in the data folder.
    """
    found = [(find_character(data), label) for data, label in photo_files(folder, "train")]
    pictures = [(character.picture, label) for character, label in found if character]
    images, labels = zip(*pictures, strict=True)
    return PictureSet(np.stack(images), np.array(labels))


def photo_files(folder: Path, part: str) -> Iterator[tuple[bytes, int]]:
    """Yield the bytes and the label of each photo of the ``train`` or the ``test`` part, which differ in writers.

    They lie in a zip as ``LABEL/NAME_NUMBER.png``.

    Raises:
        DataMissing: if they are not in the data folder.
    """
    require(folder, PHOTOS)
    with zipfile.ZipFile(folder / PHOTOS.files[0]) as archive:
        for name in sorted(archive.namelist()):
            match = _NAME.fullmatch(name)
            if match and (int(match["writer"]) % _HELD_OUT == 0) == (part == "test"):
                yield archive.read(name), int(match["label"])
