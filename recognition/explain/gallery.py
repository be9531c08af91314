"""Known drawings of every character, to compare a drawing with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES
from recognition.render import SIZE, Images, render
from recognition.strokes import join_batches, parse_strokes

GALLERY_FILE: Final = Path(__file__).parent.parent / "bundled" / "gallery" / "drawings.npz"
"""Drawings of real people, selected by ``python -m training gallery``. The attribution is beside the file."""

Points = npt.NDArray[np.int16]
GalleryDrawing = tuple[Points, ...]
"""Each stroke an int16 (n, 2) array of x and y, 0 to 1023."""

_BLUR_SIGMA: Final = 2.0  # pixels by which a line may be off and still count as similar
_DISTANCES: Final = np.arange(SIZE)[:, None] - np.arange(SIZE)
_BLUR: Final = np.exp(-(_DISTANCES**2) / (2 * _BLUR_SIGMA**2)).astype(np.float32)


class Gallery:
    """Known drawings by character."""

    def __init__(self, drawings: Mapping[str, tuple[GalleryDrawing, ...]]) -> None:
        self._drawings = drawings

    @classmethod
    def load(cls, path: Path) -> Gallery:
        """Read an ``.npz`` file with the arrays ``points``, ``stroke_len``, ``n_strokes`` and ``label``."""
        with np.load(path, allow_pickle=False) as arrays:
            strokes = np.split(arrays["points"], np.cumsum(arrays["stroke_len"])[:-1])
            ends = np.cumsum(arrays["n_strokes"]).tolist()
            labels = arrays["label"].tolist()
        drawings: dict[str, list[GalleryDrawing]] = defaultdict(list)
        for label, start, end in zip(labels, [0, *ends], ends, strict=False):
            drawings[CLASSES[label]].append(tuple(strokes[start:end]))
        return cls({character: tuple(its_drawings) for character, its_drawings in drawings.items()})

    def get_drawings(self, character: str) -> tuple[GalleryDrawing, ...]:
        """Return all drawings of ``character``."""
        return self._drawings.get(character, ())

    def find_usual(self, character: str) -> tuple[GalleryDrawing, ...]:
        """Return all drawings of ``character``, the most typical ones first: those nearest to the mean of all."""
        drawings = self.get_drawings(character)
        if not drawings:
            return ()
        features = compute_features(render(join_batches([parse_strokes(drawing) for drawing in drawings])))
        order = np.argsort(((features - features.mean(axis=0)) ** 2).sum(axis=1), kind="stable")
        return tuple(drawings[index] for index in order)

    def find_nearest(self, character: str, image: Images, count: int) -> tuple[GalleryDrawing, ...]:
        """Return the drawings of ``character`` that look most like ``image``, the nearest first.

        Args:
            character: one of the 62.
            image: uint8 (28, 28, channels), as `recognition.render` makes it.
            count: how many drawings to return, at most.
        """
        drawings = self.get_drawings(character)
        if not drawings:
            return ()
        images = render(join_batches([parse_strokes(drawing) for drawing in drawings]))
        differences = compute_features(images) - compute_features(image[None])
        order = np.argsort((differences**2).sum(axis=1), kind="stable")
        return tuple(drawings[index] for index in order[:count])


@cache
def load_bundled_gallery() -> Gallery:
    """Return the gallery that is part of this package. It is read only once."""
    return Gallery.load(GALLERY_FILE)


def compute_features(images: Images) -> npt.NDArray[np.float32]:
    """Return float32 (N, features) for uint8 (N, 28, 28, channels). Images that look alike have near features.

    Images are blurred, so that lines that nearly coincide are near. The square root, as in the Hellinger distance,
    makes faint and strong lines count almost alike. All channels are used, since the model sees all of them.
    """
    planes = images.transpose(0, 3, 1, 2).astype(np.float32)
    blurred = np.sqrt(_BLUR @ planes @ _BLUR)
    return blurred[..., ::2, ::2].reshape(len(images), -1)
