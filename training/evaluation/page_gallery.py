"""Draws a gallery of pictures, with what was read on them before and after a change."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from training.augmentation.pages.pictures import Picture
from training.evaluation.pages import Reader, Reading, read_picture

KINDS_SHOWN: Final = (
    *("number", "touching", "word", "lines", "desk", "framed", "boxes", "form"),
    *("colored", "transparent", "board", "uneven", "turned", "blocky"),
)
"""The kinds of pictures in the gallery."""

PICTURES_SHOWN: Final = 4
"""Pictures of each kind: the first that were read wrong before."""

_TILE: Final = (250, 165)  # pixels, with the text below the picture
_LABEL: Final = 110  # pixels at the left, for the name of the kind
_TEXT_SIZE: Final = 14
_LINE: Final = 18  # pixels of a line of text
_LONGEST: Final = 20  # characters of a text that are shown
_BEHIND: Final = (0, 120, 120)  # what shows through transparent pictures
_RIGHT: Final = (0, 110, 50)
_WRONG: Final = (185, 30, 30)
_FRAME: Final = (190, 190, 190)


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture in the gallery, with what was read on it before and after."""

    picture: Picture
    before: Reading
    after: Reading


def choose_shown(pictures: Iterable[Picture], alphabet: str, before: Reader, after: Reader) -> list[Shown]:
    """Return the first `PICTURES_SHOWN` pictures that were read wrong before, read right now or not."""
    shown: list[Shown] = []
    for picture in pictures:
        first = read_picture(before, picture, alphabet)
        if not first.is_folded:
            shown.append(Shown(picture, first, read_picture(after, picture, alphabet)))
        if len(shown) == PICTURES_SHOWN:
            break
    return shown


def draw_gallery(by_kind: Sequence[tuple[str, Sequence[Shown]]]) -> Image.Image:
    """Return a contact sheet: a row for each kind, and what was read below each picture."""
    width, height = _TILE
    sheet = Image.new("RGB", (_LABEL + PICTURES_SHOWN * width, len(by_kind) * height), "white")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(_TEXT_SIZE)
    for row, (kind, of_kind) in enumerate(by_kind):
        draw.text((8, row * height + height // 3), kind.replace("_", " "), "black", font)
        for column, shown in enumerate(of_kind):
            x, y = _LABEL + column * width, row * height
            room = (width - 10, height - 2 * _LINE - 12)
            thumbnail = _make_thumbnail(shown.picture.data, room)
            place = (x + (room[0] - thumbnail.width) // 2, y + 4 + (room[1] - thumbnail.height) // 2)
            sheet.paste(thumbnail, place)
            right, bottom = place[0] + thumbnail.width, place[1] + thumbnail.height
            draw.rectangle((place[0] - 1, place[1] - 1, right, bottom), outline=_FRAME)
            for name, reading, line in (("before: ", shown.before, 2), ("now: ", shown.after, 1)):
                text_y = y + height - line * _LINE - 4
                draw.text((x + 6, text_y), name, "black", font)
                left = x + 6 + round(font.getlength(name))
                color = _RIGHT if reading.is_folded else _WRONG
                draw.text((left, text_y), _shorten(reading.text), color, font)
    return sheet


def _make_thumbnail(data: bytes, room: tuple[int, int]) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        colors = picture.convert("RGBA")
    ground = Image.new("RGBA", colors.size, (*_BEHIND, 255))
    ground.alpha_composite(colors)
    scale = min(room[0] / ground.width, room[1] / ground.height)
    size = (max(1, round(scale * ground.width)), max(1, round(scale * ground.height)))
    return ground.convert("RGB").resize(size, Image.Resampling.LANCZOS if scale < 1 else Image.Resampling.NEAREST)


def _shorten(text: str) -> str:
    return "nothing" if not text else text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
