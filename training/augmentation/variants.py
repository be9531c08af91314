"""Makes drawings as other people write them, out of drawings that we have: a 7 gets its bar, a 2 gets a loop.

People learn different forms of a character, and no data set has all of them. The forms here are those in which a
model misread people it had not seen. A form is made only from drawings that suit it, so that the result is still
the same character.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES
from recognition.strokes import StrokeBatch
from training.augmentation.forms import digits, letters
from training.augmentation.forms.lines import Random, Strokes, add_bar

Ints = npt.NDArray[np.int64]
Form = Callable[[Strokes, Random], Strokes | None]
"""Takes the strokes of one drawing. Returns them in another form, or None if the drawing does not suit it."""

SHARE: Final = 0.3
"""Share of the drawings of a character with other forms that get one of them, if they suit it."""

FORMS: Final[Mapping[str, tuple[Form, ...]]] = MappingProxyType(
    {
        "0": (digits.add_slash,),
        "1": (digits.add_base_line, digits.join_base_line, digits.add_upstroke, digits.join_upstroke),
        "2": (digits.shorten_foot, digits.add_loop),
        "4": (digits.join_strokes, digits.end_bar_at_stem, digits.close_top),
        "7": (add_bar, digits.join_bar, digits.remove_bar),
        "9": (digits.bend_tail,),
        "I": (letters.add_serifs,),
        "J": (letters.add_top_bar, letters.join_top_bar, letters.remove_top_bar),
        "Z": (add_bar,),
        "a": (letters.lift_before_stem,),
        "h": (letters.shorten_ascender,),
        "q": (letters.add_tail,),
        "x": (letters.lengthen_arm,),
        "z": (add_bar,),
    }
)
"""By character, the forms that its drawings can get."""

_HAS_FORMS: Final = np.array([character in FORMS for character in CLASSES])


def vary_forms(strokes: StrokeBatch, labels: Ints, random: Random, share: float = SHARE) -> StrokeBatch:
    """Return the drawings, some of them in another form of their character.

    Args:
        strokes: N drawings, in any unit.
        labels: int64 (N,), indices into the 62 classes.
        random: what chooses the drawings and the forms.
        share: share of the drawings of a character in `FORMS` that get another form, if they suit it.
    """
    chosen = np.flatnonzero(_HAS_FORMS[labels] & (random.random(len(labels)) < share))
    first_strokes = np.cumsum(strokes.stroke_counts) - strokes.stroke_counts
    point_parts, length_parts, counts = [], [], strokes.stroke_counts.copy()
    point, stroke = 0, 0  # up to where the drawings are copied
    for index in chosen.tolist():
        start, first = int(strokes.point_starts[index]), int(first_strokes[index])
        after = first + int(strokes.stroke_counts[index])
        end = start + int(strokes.point_counts[index])
        drawing = _split(strokes.points[start:end], strokes.stroke_lengths[first:after])
        choice = FORMS[CLASSES[labels[index]]]
        varied = choice[int(random.integers(len(choice)))](drawing, random)
        if varied is None:
            continue
        point_parts += [strokes.points[point:start], *varied]
        length_parts += [strokes.stroke_lengths[stroke:first], np.array([len(part) for part in varied])]
        counts[index] = len(varied)
        point, stroke = end, after
    return StrokeBatch(
        np.concatenate([*point_parts, strokes.points[point:]]),
        np.concatenate([*length_parts, strokes.stroke_lengths[stroke:]]),
        counts,
    )


def _split(points: npt.NDArray[np.float64], lengths: Ints) -> Strokes:
    ends = np.cumsum(lengths).tolist()
    return [points[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]
