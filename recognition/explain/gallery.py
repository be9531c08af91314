"""Known drawings of every character, to hold a new one against."""

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
"""Real drawings, chosen by ``python -m training gallery``; whose they are stands beside them."""

Points = npt.NDArray[np.int16]
GalleryDrawing = tuple[Points, ...]
"""An int16 (n, 2) array a stroke, x and y on the square 0-1023."""

_BLUR_SIGMA: Final = 2.0  # pixels a line may lie elsewhere and still be the same line
_APART: Final = np.arange(SIZE)[:, None] - np.arange(SIZE)
_BLUR: Final = np.exp(-(_APART**2) / (2 * _BLUR_SIGMA**2)).astype(np.float32)


class Gallery:
    """Drawings by character, of which the nearest to a drawing can be asked for."""

    def __init__(self, drawings: Mapping[str, tuple[GalleryDrawing, ...]]) -> None:
        self._drawings = drawings

    @classmethod
    def load(cls, path: Path) -> Gallery:
        """Read an ``.npz`` with the arrays ``points``, ``stroke_len``, ``n_strokes`` and ``label``."""
        with np.load(path, allow_pickle=False) as arrays:
            strokes = np.split(arrays["points"], np.cumsum(arrays["stroke_len"])[:-1])
            ends = np.cumsum(arrays["n_strokes"]).tolist()
            labels = arrays["label"].tolist()
        drawings: dict[str, list[GalleryDrawing]] = defaultdict(list)
        for label, start, end in zip(labels, [0, *ends], ends, strict=False):
            drawings[CLASSES[label]].append(tuple(strokes[start:end]))
        return cls({character: tuple(known) for character, known in drawings.items()})

    def get_drawings(self, character: str) -> tuple[GalleryDrawing, ...]:
        """Return every drawing of ``character``."""
        return self._drawings.get(character, ())

    def find_nearest(self, character: str, image: Images, count: int) -> tuple[GalleryDrawing, ...]:
        """Return the drawings of ``character`` that look most like ``image``, nearest first.

        Args:
            character: one of the 62.
            image: uint8 (28, 28, channels), as `recognition.render` makes it.
            count: how many are wanted, at most.
        """
        known = self.get_drawings(character)
        if not known:
            return ()
        apart = compute_features(
            render(join_batches([parse_strokes(drawing) for drawing in known]))
        ) - compute_features(image[None])
        order = np.argsort((apart**2).sum(axis=1), kind="stable")
        return tuple(known[place] for place in order[:count])


@cache
def load_bundled_gallery() -> Gallery:
    """Return the gallery that comes with the model, read once."""
    return Gallery.load(GALLERY_FILE)


def compute_features(images: Images) -> npt.NDArray[np.float32]:
    """Return float32 (N, features) for pictures, uint8 (N, 28, 28, channels), the nearer the more they look alike.

    Blurred, since a line beside another is near it; and the root taken (as in the Hellinger distance), since a
    line counts, and not how much ink is on it. The directions belong to it: they are part of what the model sees.
    """
    planes = images.transpose(0, 3, 1, 2).astype(np.float32)
    blurred = np.sqrt(_BLUR @ planes @ _BLUR)
    return blurred[..., ::2, ::2].reshape(len(images), -1)
