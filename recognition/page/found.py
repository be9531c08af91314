"""What is found on a page: characters and signs, each with its image and its place in the picture."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from recognition.page.binarize import PageInk
from recognition.page.images import Box, Gray, crop_box
from recognition.page.limits import WorkLimits
from recognition.page.sheet import Sheet
from recognition.page.text import Place
from recognition.page.transform import Corners
from recognition.page.window import Bounds, Window
from recognition.render import Images


class InkMark(NamedTuple):
    """Units of a window that are read as one character or sign.

    Attributes:
        window: the window.
        start: the first unit.
        end: the unit after the last.
        line: the number of the line.
        cost: of this reading, in nats.
        lead: by how much it costs more to read it as a sign than as a character, in nats. Below 0 it is a sign.
        wholeness: how likely it is one whole character, says the network of marks, 0 to 1.
        place: where it is in a form.
    """

    window: Window
    start: int
    end: int
    line: int
    cost: float
    lead: float
    wholeness: float
    place: Place = Place()

    @property
    def is_sign(self) -> bool:
        """Whether it is rather a sign than a character."""
        return self.lead < 0

    @property
    def bounds(self) -> Bounds:
        """Where its ink is on the page, in pixels of the ink."""
        left, top, right, bottom = self.window.compute_bounds(self.start, self.end)
        x, y = self.window.left, self.window.top
        return left + x, top + y, right + x, bottom + y


class FoundCharacter(NamedTuple):
    """A character in a picture, or a sign.

    Attributes:
        box: where its ink is, in pixels of the upright picture.
        image: uint8 (28, 28), its ink as the model sees it.
        crop: uint8 (height, width), its part of the page with a margin, in gray.
        line: the number of its line on the page, from 0.
        bounds: where its ink is on the page, in pixels of the ink. Unlike the box, it is measured where the lines
            of writing run level.
        wholeness: how likely it is one whole character, says the network of marks, 0 to 1.
        place: where it is in a form.
    """

    box: Box
    image: Images
    crop: Gray
    line: int
    bounds: Bounds
    wholeness: float
    place: Place


class FoundPage(NamedTuple):
    """What is on a page.

    Attributes:
        characters: the characters, in reading order.
        signs: marks that are no letter or digit, in reading order.
        turn: by how many quarters the picture was turned clockwise.
        outline: the corners of the page in pixels of the turned picture, or None if it is almost all of it.
        picture: uint8 (height, width), the turned picture in gray, perhaps with fewer pixels.
    """

    characters: list[FoundCharacter]
    signs: list[FoundCharacter]
    turn: int
    outline: Corners | None
    picture: Gray


class PageSource(NamedTuple):
    """The picture that a page was found in.

    Attributes:
        picture: uint8 (height, width), in gray.
        reduction: how many pixels wide the original is for each pixel of the picture.
        sheet: the page in it.
        ink: of the page.
    """

    picture: Gray
    reduction: float
    sheet: Sheet
    ink: PageInk

    def describe(self, mark: InkMark, limits: WorkLimits) -> FoundCharacter:
        """Return a mark of the page with its image and its place. The crop is counted toward the limits."""
        left, top, right, bottom = mark.bounds
        page, to_picture = self.sheet.gray, self.sheet.to_picture
        height, width = page.shape
        scale = max(page.shape) / max(self.ink.strength.shape)
        box_in_sheet = _scale_box((left, top, right - left, bottom - top), scale, width, height)
        limits.count_crop(box_in_sheet)
        height, width = (round(side * self.reduction) for side in self.picture.shape)
        box = _scale_box(to_picture.map_box(box_in_sheet), self.reduction, width, height)
        image, crop = mark.window.fit_image(mark.start, mark.end), crop_box(page, box_in_sheet)
        return FoundCharacter(box, image, crop, mark.line, mark.bounds, mark.wholeness, mark.place)


def _scale_box(box: Box, scale: float, right_edge: int, bottom_edge: int) -> Box:
    """Return the box, multiplied by ``scale``, rounded outwards and kept inside the picture."""
    x, y, width, height = (side * scale for side in box)
    left, top = max(0, min(int(x), right_edge - 1)), max(0, min(int(y), bottom_edge - 1))
    right, bottom = min(int(np.ceil(x + width)), right_edge), min(int(np.ceil(y + height)), bottom_edge)
    right, bottom = max(left + 1, right), max(top + 1, bottom)
    return left, top, right - left, bottom - top
