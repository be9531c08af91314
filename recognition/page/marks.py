"""Tells whether a mark on a page is one character, several, a part of one, or a sign.

A mark is any ink that may be read together. The network that reads characters gives every mark one of 62 labels.
A bracket, half an H and a touching "rn" look to it like an l, an l and an m. This smaller network sees the mark
together with the ink around it, at the scale of the writing, and says what kind of mark it is. It does not depend
on the model that reads characters.
"""

from __future__ import annotations

import threading
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from ai_edge_litert.interpreter import Interpreter
from PIL import Image

from recognition.errors import UnfitModel
from recognition.model.quiet import hide_greeting
from recognition.page.images import Gray
from recognition.page.window import Window

KINDS: Final = ("character", "several", "part", "sign")
"""What a mark can be: one whole letter or digit; ink of two or more of them; a part of one; anything else, such as
a bracket, punctuation, a doodle, the corner of a box or a smudge. A mark of a letter and a sign is `several`."""

CHARACTER, SEVERAL, PART, SIGN = range(len(KINDS))

FRAME_SIDE: Final = 40
"""Width and height of a frame, in pixels."""

MARKS_FILE: Final = Path(__file__).parent.parent / "bundled" / "marks.tflite"
"""The network that is part of this package. ``python -m training marks`` makes it."""

_REACH: Final = 2.2  # of the height of writing: side of a frame
_LEAST_MARGIN: Final = 1.25  # of the longer side of a mark: side of its frame, at least
_SUM_TOLERANCE: Final = 0.01  # how far the sum of the probabilities may be from 1
_SCALE: Final = np.float32(1 / 255)

Frames = npt.NDArray[np.uint8]
Kinds = npt.NDArray[np.float32]


class Framer:
    """Makes the frames of marks on one page."""

    def __init__(self, strength: Gray, height: float) -> None:
        """Take a page.

        Args:
            strength: uint8 (height, width), all ink of the page, high where there is ink, 0 on paper.
            height: the height of the writing in pixels.
        """
        self._height = height
        # Frames reach beyond the page. Pillow cannot read there, so the page gets a margin.
        self._margin = int(np.ceil(_REACH * height))
        self._page = Image.fromarray(np.pad(strength, self._margin))

    def frame(self, ink: Gray, left: int, top: int, height: float | None = None) -> Frames:
        """Return uint8 (`FRAME_SIDE`, `FRAME_SIDE`, 2): the ink of a mark, and the other ink around it.

        The mark is in the middle. The frame is `_REACH` times as wide as the writing is high, so that the network
        sees how large the mark is. Around a larger mark the frame is larger.

        Args:
            ink: uint8 (rows, columns), the ink of the mark alone, cropped to its box.
            left: the column of the page where the crop begins.
            top: the row of the page where it begins.
            height: the height of the writing around it, if that is known better than the page's.
        """
        rows, columns = ink.shape
        side = self.measure_side(rows, columns, height)
        before = max(0, int((side - columns) / 2) + 1), max(0, int((side - rows) / 2) + 1)
        canvas = np.zeros((rows + 2 * before[1], columns + 2 * before[0]), dtype=np.uint8)
        canvas[before[1] : before[1] + rows, before[0] : before[0] + columns] = ink
        x, y = (canvas.shape[1] - side) / 2, (canvas.shape[0] - side) / 2
        size = FRAME_SIDE, FRAME_SIDE
        own = Image.fromarray(canvas).resize(size, Image.Resampling.BOX, (x, y, x + side, y + side))
        x, y = left + columns / 2 - side / 2, top + rows / 2 - side / 2
        frame = np.zeros((FRAME_SIDE, FRAME_SIDE, 2), dtype=np.uint8)
        frame[..., 0] = np.asarray(own)
        around = np.asarray(self._crop_page(x, y, side))
        np.subtract(around, frame[..., 0], out=frame[..., 1], where=around > frame[..., 0])
        return frame

    def measure_side(self, rows: int, columns: int, height: float | None = None) -> float:
        """Return how many pixels of the page are in a row of the frame of a mark of this size."""
        return max(_REACH * (height or self._height), _LEAST_MARGIN * max(rows, columns))

    def frame_units(self, window: Window, start: int, end: int, height: float | None = None) -> Frames:
        """Return the frame of the units of a window of this page from ``start`` to ``end``, exclusive."""
        left, top, right, bottom = window.compute_bounds(start, end)
        units, strength = (array[top:bottom, left:right] for array in (window.units, window.strength))
        ink = np.where((units > start) & (units <= end), strength, 0)
        return self.frame(ink, window.left + left, window.top + top, height)

    def _crop_page(self, x: float, y: float, side: float) -> Image.Image:
        """Return a square of the page, at the size of a frame."""
        x, y = x + self._margin, y + self._margin
        box = x, y, x + side, y + side
        page = self._page
        if x < 0 or y < 0 or x + side > page.width or y + side > page.height:
            # A mark that is much larger than the writing.
            left, top = int(np.floor(x)), int(np.floor(y))
            page = page.crop((left, top, int(np.ceil(x + side)) + 1, int(np.ceil(y + side)) + 1))
            box = x - left, y - top, x - left + side, y - top + side
        return page.resize((FRAME_SIDE, FRAME_SIDE), Image.Resampling.BOX, box)


class MarkNetwork:
    """The network that tells kinds of marks apart. Safe to use from several threads."""

    def __init__(self, content: bytes) -> None:
        """Take the content of a LiteRT file.

        Raises:
            UnfitModel: if it is no network from a frame to the probabilities of the kinds.
        """
        self._content = content
        # LiteRT's interpreter is not thread-safe, so each thread gets its own on its first call.
        self._local = threading.local()
        try:
            with hide_greeting():
                total = float(self.compute_kinds(np.zeros((1, FRAME_SIDE, FRAME_SIDE, 2), np.uint8)).sum())
        except (ValueError, RuntimeError) as error:
            raise UnfitModel(f"This is not a LiteRT network of marks: {error}") from error
        if not abs(total - 1) < _SUM_TOLERANCE:
            raise UnfitModel(f"The network of marks does not give probabilities: they sum to {total:g}, not 1.")

    @classmethod
    def load(cls, path: Path = MARKS_FILE) -> MarkNetwork:
        """Read the bundled network, or that in another file.

        Raises:
            UnfitModel: if the file is missing or is no such network.
        """
        try:
            content = path.read_bytes()
        except OSError as error:
            raise UnfitModel(f"There is no readable network of marks: {error}") from error
        return cls(content)

    def compute_kinds(self, frames: Frames) -> Kinds:
        """Return float32 (N, 4): the probabilities of the `KINDS` of N marks.

        Args:
            frames: uint8 (N, `FRAME_SIDE`, `FRAME_SIDE`, 2), as `Framer` makes them.
        """
        interpreter, source, result = self._get_interpreter()
        kinds = np.empty((len(frames), len(KINDS)), dtype=np.float32)
        # A batch is no faster than one after the other, and LiteRT would prepare anew for each size of batch.
        for row, levels in enumerate(frames * _SCALE):
            interpreter.set_tensor(source, levels[None])
            interpreter.invoke()
            kinds[row] = interpreter.get_tensor(result)[0]
        return kinds

    def _get_interpreter(self) -> tuple[Any, int, int]:
        """Return this thread's interpreter, and the numbers of its input and its output."""
        prepared: tuple[Any, int, int] | None = getattr(self._local, "prepared", None)
        if prepared is None:
            interpreter = Interpreter(model_content=self._content, num_threads=1)
            interpreter.allocate_tensors()
            source, result = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
            shapes = [tuple(source["shape"]), tuple(result["shape"])]
            if shapes != [(1, FRAME_SIDE, FRAME_SIDE, 2), (1, len(KINDS))]:
                raise UnfitModel(f"The network of marks has the wrong shapes: {shapes}.")
            prepared = self._local.prepared = interpreter, source["index"], result["index"]
        return prepared


@cache
def load_mark_network() -> MarkNetwork:
    """Return the bundled network, loaded once per process, when the first picture is read."""
    return MarkNetwork.load()
