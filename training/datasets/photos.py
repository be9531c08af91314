"""Phone photos of single characters on paper, read as `recognition.finding` reads any photo."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Final

import numpy as np

from recognition.finding import find_character
from training.datasets.pictures import PictureSet

# As in 36/SMALL_a_15.png: the class, and a running number that takes the place of the writer's.
_NAME: Final = re.compile(r"(?:.*/)?(?P<label>\d\d)/[^/]*?_(?P<writer>\d+)\.png")
_HELD_OUT: Final = 5  # every fifth number is reported on


def paper_photos(path: Path) -> tuple[PictureSet, PictureSet]:
    """Read a zip of ``LABEL/NAME_NUMBER.png`` and return what may be taught and what is held out, by number.

    Photos on which no ink is found are passed over.
    """
    taught: list[tuple[np.ndarray[tuple[int, int], np.dtype[np.uint8]], int]] = []
    held_out = list(taught)
    with zipfile.ZipFile(path) as archive:
        for name in sorted(archive.namelist()):
            match = _NAME.fullmatch(name)
            found = find_character(archive.read(name)) if match else None
            if match and found is not None:
                part = held_out if int(match["writer"]) % _HELD_OUT == 0 else taught
                part.append((found.picture, int(match["label"])))
    return _set(taught), _set(held_out)


def _set(samples: list[tuple[np.ndarray[tuple[int, int], np.dtype[np.uint8]], int]]) -> PictureSet:
    images, labels = zip(*samples, strict=True)
    return PictureSet(np.stack(images), np.array(labels))
