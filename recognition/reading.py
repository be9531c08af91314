"""What is read in a picture: characters, signs and text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from recognition.alphabets import get_look_alikes
from recognition.page.images import Box, Gray, encode_preview
from recognition.page.transform import Corners
from recognition.page.turn import turn_gray
from recognition.prediction import Prediction

SURE: Final = 0.8
"""The least certainty at which a character on paper is trusted.

Measured on 736 photographed characters: 6 % are below it. Of those 41 % are misread, and of the others 0.8 %.
"""

SURELY_WHOLE: Final = 0.6
"""The least `Character.wholeness` of a character that is trusted.

Measured on 100 made pages of lines by held-out writers: 12 % of the characters are less sure than `SURE` or than
this, and 5 % of the signs are surer than both. With `SURE` alone it is 8 % and 10 %.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """Something that is written in a picture.

    Attributes:
        box: ``(x, y, width, height)`` in pixels of the upright picture, as it was before it was turned.
        prediction: what it was read as.
        crop: uint8 (height, width), this part of the picture with a margin, in gray and turned.
    """

    box: Box
    prediction: Prediction
    crop: Gray


@dataclass(frozen=True, slots=True, eq=False)
class Character(Mark):
    """A character found in a picture.

    Attributes:
        wholeness: how likely it is one whole letter or digit by its place among other ink, 0 to 1.
    """

    wholeness: float

    @property
    def is_sure(self) -> bool:
        """Whether it looks like a character of the alphabet, and like one whole letter or digit."""
        best = self.prediction.label
        return (
            self.prediction.get_probability(get_look_alikes(best, "any")) >= SURE
            and self.wholeness >= SURELY_WHOLE
        )


class Sign(Mark):
    """A mark that is no letter or digit, such as a bracket. Its prediction says what it would be read as."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, eq=False)
class ReadPage:
    """What is read in a picture.

    Attributes:
        characters: letters and digits, in reading order.
        signs: marks that are no letter or digit. They are not in the text.
        text: the characters with spaces and line breaks.
        width: of the upright picture, in pixels, before it was turned.
        height: of the upright picture, in pixels, before it was turned.
        turn: by how many quarters the picture was turned clockwise to read it, 0 to 3, in addition to what its
            file says.
        frames: how many pages the file has. Only the first is read.
        outline: the corners of the page in pixels of the upright picture, as it was before it was turned. None if
            the page is almost all of the picture.
        picture: uint8 (height, width), the picture in gray as it was read, turned and perhaps with fewer pixels.
    """

    characters: list[Character]
    signs: list[Sign]
    text: str
    width: int
    height: int
    turn: int
    frames: int
    outline: Corners | None
    picture: Gray

    def render_preview(self) -> bytes:
        """Return the picture as `recognition.render_preview` does, without decoding it again."""
        return encode_preview(turn_gray(self.picture, -self.turn))
