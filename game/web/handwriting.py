"""Writes text in real handwriting: each character is a drawing of the bundled gallery.

So pictures need no font file. Characters that the gallery lacks are left out, except for a few signs.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from string import ascii_uppercase, digits
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES
from recognition.explain.gallery import load_bundled_gallery

Line = npt.NDArray[np.float64]
"""float64 (n, 2): x and y of the points of one stroke, y downwards."""

_HANDS: Final = 3  # drawings of a character that take turns, so that a repeated one is not a copy
_GAP: Final = 0.17  # between two characters; this and all below in heights of an uppercase letter
_SPACE: Final = 0.5
_LEAST_WIDTH: Final = 0.22
# How far characters reach, from the top to the bottom; 0 is the line that they stand on.
_TALL: Final = (-1.0, 0.0)
_SMALL: Final = (-0.62, 0.0)
_EXTENTS: Final = (
    dict.fromkeys(digits + ascii_uppercase, _TALL)
    | dict.fromkeys("bdfhkl", (-1.05, 0.0))
    | dict.fromkeys("acemnorsuvwxz", _SMALL)
    | dict.fromkeys("gpqy", (-0.62, 0.4))
    | {"t": (-0.9, 0.0), "i": (-0.92, 0.0), "j": (-0.92, 0.4)}
)
_SIGNS: Final[dict[str, tuple[tuple[tuple[float, float], ...], ...]]] = {
    "-": (((0.0, -0.4), (0.34, -0.42)),),
    "/": (((0.4, -1.0), (0.0, 0.08)),),
    "+": (((0.0, -0.42), (0.5, -0.43)), ((0.25, -0.68), (0.25, -0.18))),
}


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character as somebody wrote it, from x = 0 on, in heights of an uppercase letter."""

    strokes: tuple[Line, ...]
    width: float


def write(text: str, height: float) -> tuple[list[Line], float]:
    """Return the strokes of ``text`` and its width.

    Args:
        text: one line. It begins at x = 0 and stands on the line y = 0.
        height: of an uppercase letter, in any unit; the strokes have the same unit.
    """
    strokes: list[Line] = []
    counts: Counter[str] = Counter()
    x = 0.0
    for character in text:
        if character == " ":
            x += _SPACE - _GAP
            continue
        glyphs = _list_glyphs(character)
        if not glyphs:
            continue
        glyph = glyphs[counts[character] % len(glyphs)]
        counts[character] += 1
        strokes += [(stroke + np.array((x, 0.0))) * height for stroke in glyph.strokes]
        x += glyph.width + _GAP
    return strokes, max(0.0, x - _GAP) * height


@cache
def _list_glyphs(character: str) -> tuple[Glyph, ...]:
    if character in _SIGNS:
        return (_make_glyph([np.array(stroke, dtype=float) for stroke in _SIGNS[character]]),)
    if character not in CLASSES:
        return ()
    drawings = load_bundled_gallery().find_usual(character)[:_HANDS]
    return tuple(
        _fit([np.asarray(stroke, dtype=float) for stroke in drawing], *_EXTENTS[character]) for drawing in drawings
    )


def _fit(strokes: list[Line], top: float, bottom: float) -> Glyph:
    """Return a drawing, scaled so that it reaches from ``top`` to ``bottom``."""
    points = np.concatenate(strokes)
    highest, lowest = points[:, 1].min(), points[:, 1].max()
    scale = (bottom - top) / max(lowest - highest, 1.0)
    return _make_glyph([(stroke - (0.0, highest)) * scale + (0.0, top) for stroke in strokes])


def _make_glyph(strokes: list[Line]) -> Glyph:
    points = np.concatenate(strokes)
    left, right = points[:, 0].min(), points[:, 0].max()
    width = max(_LEAST_WIDTH, float(right - left))
    shift = (width - left - right) / 2
    return Glyph(tuple(stroke + np.array((shift, 0.0)) for stroke in strokes), width)
