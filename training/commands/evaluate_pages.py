"""``python -m training evaluate --pages``: measure how well pictures of pages are read, by kind."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from training.augmentation.pages.pictures import Picture
from training.commands.console import console, say
from training.datasets.sources import find_data_folder
from training.evaluation.checkout_reader import open_checkout
from training.evaluation.pages import (
    ALL_KINDS,
    PAPER_LINES,
    WRITERS,
    PageFigures,
    Reader,
    Reading,
    compute_page_figures,
    get_alphabets,
    load_paper_lines,
    load_writers,
    make_pictures,
    read_picture,
)
from training.evaluation.picture_reader import PictureReader
from training.progress import show_progress

_HEADINGS: Final = (
    *("kind", "alphabet", "pictures"),
    *("right %", "exact %", "wrong %", "unwritten", "nothing %", "ms", "sure sign %", "any sign %"),
)
_NAME: Final = 13  # characters of the column of kinds
_ONE: Final = 13  # characters of a column with one figure
_BOTH: Final = 16  # characters of a column with the figures of before and after
_NARROW: Final = 2  # columns after the kinds with one figure
_SUFFIXES: Final = {b"\x89PNG": "png", b"\xff\xd8\xff\xe0": "jpg", b"RIFF": "webp", b"GIF8": "gif", b"BM": "bmp"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that go with ``--pages``."""
    pages = parser.add_argument_group("options of --pages")
    pages.add_argument(
        "--kinds",
        type=_parse_kinds,
        default=ALL_KINDS,
        metavar="A,B",
        help=f"kinds of pictures (default: all, which are {', '.join(ALL_KINDS)})",
    )
    pages.add_argument(
        "--writers",
        choices=WRITERS,
        default=WRITERS[0],
        help="whose drawings: those of the held-out writers, or of the validation writers, which are only for "
        "reporting (default: %(default)s)",
    )
    pages.add_argument(
        "--count", type=_parse_count, default=200, help="pictures of each kind (default: %(default)s)"
    )
    pages.add_argument("--seed", type=int, default=1, help="the same seed makes the same pictures (default: 1)")
    pages.add_argument(
        "--baseline",
        type=Path,
        metavar="CHECKOUT",
        help="read the same pictures also with the code in this folder",
    )
    pages.add_argument(
        "--save", type=Path, metavar="FOLDER", help="save the pictures that are read wrong here (default: none)"
    )


def run_pages(chosen: argparse.Namespace) -> None:
    """Make the pictures, read them and print the figures."""
    folder = find_data_folder()
    with console.status("reading the drawings"):
        writers = None if chosen.kinds == (PAPER_LINES,) else load_writers(folder, chosen.writers)
    headings = (*_HEADINGS, *(("won", "lost") if chosen.baseline else ()))
    width = _BOTH if chosen.baseline else _ONE
    _print_row(headings, width)
    with ExitStack() as stack:
        readers: list[Reader] = [PictureReader()]
        if chosen.baseline:
            readers.insert(0, stack.enter_context(open_checkout(chosen.baseline)))
        for kind in chosen.kinds:
            made = (
                iter(load_paper_lines(folder))
                if writers is None or kind == PAPER_LINES
                else make_pictures(writers, kind, chosen.count, chosen.seed)
            )
            pictures = list(show_progress(made, f"making {kind}"))
            for alphabet in get_alphabets(kind):
                readings = [
                    [read_picture(reader, picture, alphabet) for reader in readers]
                    for picture in show_progress(pictures, f"reading {kind}")
                ]
                by_reader = [list(of_reader) for of_reader in zip(*readings, strict=True)]
                _print_row((kind, alphabet, f"{len(pictures)}", *_make_cells(pictures, by_reader)), width)
                if chosen.save:
                    _save_wrong(chosen.save, f"{kind}-{alphabet}", pictures, by_reader[-1])
    say("right: every character is right, look-alikes accepted; exact: without look-alikes.")
    say("wrong: letters and digits that are wrong, missing or too many, as a share of those that are written.")
    say("unwritten: sure characters a picture where there is none.")
    say("nothing: pictures with writing on which no character was found. ms: CPU time a picture.")
    say("sure sign, any sign: signs that are read as sure characters, and as any.")
    if chosen.baseline:
        say("won, lost: pictures that are right only now, and only before.")
    if chosen.save:
        say(f"The pictures that are read wrong are in {chosen.save}")


def _print_row(cells: Sequence[str], width: int) -> None:
    """Print a row at once: all of them take minutes."""
    name, *others = cells
    widths = [_ONE] * _NARROW + [width] * (len(others) - _NARROW)
    say(name.ljust(_NAME) + "".join(map(str.ljust, others, widths)))


def _make_cells(pictures: list[Picture], readings: list[list[Reading]]) -> list[str]:
    """Return the figures of one kind: of before and after if there are two lists of readings."""
    figures = [compute_page_figures(pictures, of_reader) for of_reader in readings]
    cells = [_format_figures(each) for each in figures]
    row = [" → ".join(dict.fromkeys(column)) for column in zip(*cells, strict=True)]
    if len(readings) > 1:
        before, after = ([reading.is_folded for reading in of_reader] for of_reader in readings)
        row.append(f"{sum(now and not old for old, now in zip(before, after, strict=True))}")
        row.append(f"{sum(old and not now for old, now in zip(before, after, strict=True))}")
    return row


def _format_figures(figures: PageFigures) -> list[str]:
    return [
        f"{100 * figures.folded:.1f}",
        f"{100 * figures.exact:.1f}",
        _format_share(figures.wrong),
        f"{figures.sure_unwritten:.2f}",
        f"{100 * figures.nothing:.1f}",
        f"{figures.ms:.0f}",
        _format_share(figures.sure_on_signs),
        _format_share(figures.on_signs),
    ]


def _format_share(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}"


def _save_wrong(folder: Path, name: str, pictures: list[Picture], readings: list[Reading]) -> None:
    """Save the pictures that are read wrong, with what they are and what was read in their names."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (picture, reading) in enumerate(zip(pictures, readings, strict=True)):
        if not reading.is_folded:
            suffix = next((s for start, s in _SUFFIXES.items() if picture.data.startswith(start)), "tiff")
            written = "".join(filter(str.isalnum, picture.text))
            text = f"{name}-{number:04}-{written[:40] or 'blank'}-read-{reading.text[:40] or 'nothing'}"
            (folder / f"{text}.{suffix}").write_bytes(picture.data)


def _parse_kinds(text: str) -> tuple[str, ...]:
    kinds = tuple(text.split(","))
    for kind in kinds:
        if kind not in ALL_KINDS:
            raise argparse.ArgumentTypeError(f"{kind!r} is not one of {', '.join(ALL_KINDS)}")
    return kinds


def _parse_count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of at least 1")
    return int(text)
