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


def iterate_photos(folder: Path, part: str) -> Iterator[tuple[bytes, int]]:
    """Yield the bytes and the label of each photo of the ``train`` or the ``test`` part.

    No writer is in both parts. The photos are in a zip, named ``LABEL/NAME_NUMBER.png``.

    Raises:
        DataMissing: if the photos are not in the data folder.
        UnreadableData: if the zip holds no such photos.
    """
    require(folder, PHOTOS)
    path = folder / PHOTOS.files[0]
    found = False
    with explain_unreadable(path), zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            match = _NAME.fullmatch(name)
            if match is None or int(match["label"]) >= len(CLASSES):
                continue
            if (int(match["writer"]) % _HELD_OUT == 0) == (part == "test"):
                found = True
                yield archive.read(name), int(match["label"])
    if not found:
        multiple = "a" if part == "test" else "no"
        raise UnreadableData(
            f"{path} holds no photos called LABEL/NAME_NUMBER.png in which NUMBER is {multiple} multiple of "
            f"{_HELD_OUT}."
        )
