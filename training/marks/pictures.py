"""Pictures of a single scanned character, as people upload them: tight, with a margin, or enlarged."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image

from recognition import encode_png
from training.datasets.pictures import PictureSet
from training.marks.strokes import Random


def enlarge_scans(pictures: PictureSet, random: Random) -> Iterator[tuple[bytes, int]]:
    """Yield each scan as a PNG with its label. Half of them are larger or have a margin."""
    for image, label in zip(pictures.images, pictures.labels.tolist(), strict=True):
        if random.random() < 0.5:
            yield encode_png(image), label
            continue
        padded = np.pad(image, random.integers(0, 40, (2, 2)))
        factor = float(np.exp(random.uniform(0, np.log(8))))
        rows, columns = padded.shape
        resample = Image.Resampling.BICUBIC if random.random() < 0.8 else Image.Resampling.NEAREST
        size = round(columns * factor), round(rows * factor)
        yield encode_png(np.asarray(Image.fromarray(padded).resize(size, resample))), label
