"""Phone photos of single characters on paper."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from recognition.alphabets import CLASSES
from training.datasets.sources import PHOTOS, explain_unreadable, require
from training.errors import UnreadableData

# For example 36/SMALL_a_15.png: the class, and a running number that stands for the writer.
_NAME: Final = re.compile(r"(?:.*/)?(?P<label>\d\d)/[^/]*?_(?P<writer>\d+)\.png")
_HELD_OUT: Final = 5  # numbers that are a multiple of it are the test part


class EmptyPart(UnreadableData):
    """There are photos, but none in the part that was asked for."""


def iterate_photos(folder: Path, part: str) -> Iterator[tuple[bytes, int]]:
    """Yield the bytes and the label of each photo of the ``train`` or the ``test`` part.

    No writer is in both parts. The photos are in a zip, named ``LABEL/NAME_NUMBER.png``.

    Raises:
        DataMissing: if the photos are not in the data folder.
        EmptyPart: if all photos are of the other part.
        UnreadableData: if the zip holds no such photos at all.
    """
    require(folder, PHOTOS)
    path = folder / PHOTOS.files[0]
    has_photos = has_part = False
    with explain_unreadable(path), zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            match = _NAME.fullmatch(name)
            if match is None or int(match["label"]) >= len(CLASSES):
                continue
            has_photos = True
            if (int(match["writer"]) % _HELD_OUT == 0) == (part == "test"):
                has_part = True
                yield archive.read(name), int(match["label"])
    if not has_photos:
        raise UnreadableData(f"{path} holds no photos called LABEL/NAME_NUMBER.png.")
    if not has_part:
        multiple = "a" if part == "test" else "no"
        raise EmptyPart(f"{path} holds no photos in whose names NUMBER is {multiple} multiple of {_HELD_OUT}.")
