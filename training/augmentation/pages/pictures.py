"""Makes pictures as people upload them, by kind, with what is written on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from training.augmentation.pages.colors import take_colored, take_transparent
from training.augmentation.pages.defects import make_blank, take_blocky, take_damaged, take_turned
from training.augmentation.pages.desk import take_on_desk
from training.augmentation.pages.frames import take_framed
from training.augmentation.pages.layout import lay_out_page
from training.augmentation.pages.page import LaidOutPage
from training.augmentation.pages.paper import choose_gray, choose_ink, put_on_paper, save_picture
from training.augmentation.pages.surfaces import take_board, take_ruled, take_uneven
from training.augmentation.pages.writers import Random, Writers


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a page.

    Attributes:
        data: the file.
        text: its characters and signs in reading order, without spaces. Empty if the page is blank.
    """

    data: bytes
    text: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of picture.

    Attributes:
        layouts: kinds of pages in `layout.LAYOUTS` that it shows, equally often.
        take: makes the file.
        alphabets: those in play when it is read.
        most: how many are enough to measure; None if there is no such number.
    """

    layouts: tuple[str, ...]
    take: Callable[[LaidOutPage, Random], bytes]
    alphabets: tuple[str, ...] = ("any",)
    most: int | None = None


def make_picture(writers: Writers, kind: str, random: Random) -> Picture:
    """Return a picture of some kind in `KINDS`, of a page by one of the writers."""
    layouts = KINDS[kind].layouts
    page = lay_out_page(writers, layouts[int(random.integers(len(layouts)))], random)
    text = "" if kind == "blank" else "".join(mark.label for mark in page.marks)
    return Picture(KINDS[kind].take(page, random), text)


def take_plain(page: LaidOutPage, random: Random) -> bytes:
    """Return a scan: dark ink on even, light paper."""
    paper = choose_gray(225, 255, random) if random.random() < 1 / 2 else (255, 255, 255)
    ink = choose_ink(random) if random.random() < 2 / 3 else (0, 0, 0)
    return save_picture(put_on_paper(page.ink, paper, ink), random)


def _take_blank(page: LaidOutPage, random: Random) -> bytes:
    """Return a picture of a page without writing."""
    takes = (take_plain, take_on_desk, take_framed, take_colored, take_board, take_ruled, take_uneven)
    return takes[int(random.integers(len(takes)))](make_blank(page), random)


_DIGITS_AND_ANY: Final = ("digits", "any")

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "number": Kind(("number",), take_plain, _DIGITS_AND_ANY),
        "touching": Kind(("touching",), take_plain, ("digits",)),
        "word": Kind(("word",), take_plain),
        "single": Kind(("single",), take_plain),
        "lines": Kind(("lines",), take_plain),
        "columns": Kind(("columns",), take_plain),
        "desk": Kind(("digit", "number"), take_on_desk, _DIGITS_AND_ANY),
        "desk_lines": Kind(("word", "lines"), take_on_desk),
        "framed": Kind(("digit", "short_number"), take_framed, _DIGITS_AND_ANY),
        "boxes": Kind(("boxes",), take_plain),
        "table": Kind(("table",), take_plain),
        "form": Kind(("form",), take_plain),
        "colored": Kind(("digit", "short_number"), take_colored, _DIGITS_AND_ANY),
        "transparent": Kind(("digit", "short_number"), take_transparent, _DIGITS_AND_ANY),
        "board": Kind(("number", "word"), take_board),
        "ruled": Kind(("number", "word", "lines"), take_ruled),
        "uneven": Kind(("number", "word", "lines"), take_uneven),
        "turned": Kind(("word", "lines"), take_turned),
        "blocky": Kind(("digit",), take_blocky, ("digits",)),
        "damaged": Kind(("digit", "number"), take_damaged, ("digits",)),
        "sheet": Kind(("sheet",), take_uneven, most=4),
        "blank": Kind(("number", "boxes", "form"), _take_blank),
    }
)
"""The kinds of pictures."""
