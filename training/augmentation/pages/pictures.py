"""Makes pictures as people upload them, by kind, with what is written on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from training.augmentation.pages.layout import LaidOutPage, lay_out_page
from training.augmentation.pages.paper import choose_gray, put_on_paper, save_picture
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
    """

    layouts: tuple[str, ...]
    take: Callable[[LaidOutPage, Random], bytes]
    alphabets: tuple[str, ...] = ("any",)


def make_picture(writers: Writers, kind: str, random: Random) -> Picture:
    """Return a picture of some kind in `KINDS`, of a page by one of the writers."""
    layouts = KINDS[kind].layouts
    page = lay_out_page(writers, layouts[int(random.integers(len(layouts)))], random)
    return Picture(KINDS[kind].take(page, random), "".join(mark.label for mark in page.marks))


def take_plain(page: LaidOutPage, random: Random) -> bytes:
    """Return a scan: dark ink on even, light paper."""
    paper = choose_gray(225, 255, random) if random.random() < 1 / 2 else (255, 255, 255)
    ink = choose_gray(0, 90, random) if random.random() < 2 / 3 else (0, 0, 0)
    return save_picture(put_on_paper(page.ink, paper, ink), random)


_DIGITS_AND_ANY: Final = ("digits", "any")

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "number": Kind(("number",), take_plain, _DIGITS_AND_ANY),
        "word": Kind(("word",), take_plain),
        "single": Kind(("single",), take_plain),
        "lines": Kind(("lines",), take_plain),
        "columns": Kind(("columns",), take_plain),
        "boxes": Kind(("boxes",), take_plain),
        "table": Kind(("table",), take_plain),
    }
)
"""The kinds of pictures."""
