"""Limits the work on one picture. No page of writing reaches them; a texture could take hours without them."""

from __future__ import annotations

from typing import Final

from recognition.errors import TextureNotWriting
from recognition.page.images import Box

Bounds = tuple[float, float, float, float]

MOST_BLOBS: Final = 5_000
"""Most blobs of ink that are laid out. A page of 40 lines with 60 characters each has 2,000 to 3,500."""

MOST_LOOKS: Final = 2_500
"""How often the model is asked where to separate characters. That page takes 2,000 of these."""

MOST_RUNS_OF_LOOKS: Final = 1_500
"""How often the network runs for all looks. That page takes 400; one of touching digits takes all."""

_RUNS_WITH_REPEATS: Final = (800, 2_600)  # of looks, and of all; after these, what is not clear is read only once
_MOST_LOOK_PIXELS: Final = 40_000_000  # in all that the model is asked about
_MOST_WINDOW_PIXELS: Final = 12_000_000  # in all windows; where nothing overlaps, as many as the ink: 4 million
_MOST_CROP_PIXELS: Final = 60_000_000  # in all crops; where nothing overlaps, as many as the picture: 25 million


class WorkLimits:
    """Adds up the work on one picture. Counting raises `TextureNotWriting` once that is too much."""

    def __init__(self) -> None:
        self._looks = 0
        self._look_pixels = 0.0
        self._window_pixels = 0.0
        self._crop_pixels = 0
        self._runs = 0

    def count_window(self, bounds: Bounds) -> None:
        """Count a window with these bounds on the ink."""
        left, top, right, bottom = bounds
        self._window_pixels += (right - left) * (bottom - top)
        if self._window_pixels > _MOST_WINDOW_PIXELS:
            raise TextureNotWriting

    def may_look(self, bounds: Bounds) -> bool:
        """Count a look of the model at the ink within these bounds. Return whether there were not too many."""
        left, top, right, bottom = bounds
        self._looks += 1
        self._look_pixels += (right - left) * (bottom - top)
        return self._looks <= MOST_LOOKS and self._look_pixels <= _MOST_LOOK_PIXELS

    def may_run(self) -> bool:
        """Return whether the model may read one more mark while characters are separated."""
        return self._runs < MOST_RUNS_OF_LOOKS

    def may_repeat(self, *, is_look: bool) -> bool:
        """Return whether the network may run twice on an image that is not clear."""
        return self._runs < _RUNS_WITH_REPEATS[0 if is_look else 1]

    def count_runs(self, runs: int) -> None:
        """Count runs of the network."""
        self._runs += runs

    def count_crop(self, box: Box) -> None:
        """Count a crop of this box out of the picture."""
        _, _, width, height = box
        self._crop_pixels += width * height
        if self._crop_pixels > _MOST_CROP_PIXELS:
            raise TextureNotWriting
