"""``python -m recognition``: read the handwriting in pictures.

The exit status is 0 if every picture was read, 1 if some were not, 2 if the command was called wrongly.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from rich.console import Console
from rich.progress import Progress

from recognition.alphabets import ALPHABETS
from recognition.errors import RecognitionError, UnfitModel
from recognition.picture_files import STANDARD_INPUT, escape_name, find_files, read_bytes
from recognition.reading import Character, Mark, ReadPage
from recognition.recognizer import Recognizer

_CANDIDATES: Final = 5  # of each character in the JSON
_DIGITS: Final = 4  # of a probability in the JSON
_MESSAGES: Final = Console(stderr=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the pictures and return the exit status."""
    chosen = _make_parser().parse_args(arguments)
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a text stream, or a test's
    try:
        return _read_files(chosen)
    except UnfitModel as error:
        _say(str(error), "red")
        return 2
    except KeyboardInterrupt:
        _say("Stopped.")
        return 1
    except BrokenPipeError:  # the program that reads our output, such as `head`, has stopped
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _read_files(chosen: argparse.Namespace) -> int:
    recognizer = Recognizer.load(chosen.model)
    files = list(find_files(chosen.pictures))
    has_names = len(files) > 1 or files != chosen.pictures
    failures = done = 0
    with _show_progress(len(files)) as advance:
        for file in files:
            is_first = done == failures
            failures += not _read_file(recognizer, file, chosen, has_names=has_names, is_first=is_first)
            done += 1
            advance()
    if failures and len(files) > 1:
        _say(f"{failures} of {len(files)} could not be read.")
    return 1 if failures else 0


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m recognition",
        description="Read the handwriting in photos and scans, and print it as text.",
        epilog="The exit status is 0 if every picture was read, 1 if some were not, 2 if the command was called "
        "wrongly.",
    )
    parser.add_argument(
        "pictures",
        nargs="+",
        metavar="PICTURE",
        help="a file, a folder with pictures, or - for a picture on standard input",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        help="print a line of JSON for each picture: text, characters and signs with their boxes, or an error",
    )
    parser.add_argument(
        "--alphabet",
        choices=tuple(ALPHABETS),
        default="any",
        help="which characters are written there (default: %(default)s)",
    )
    parser.add_argument(
        "--model",
        metavar="FOLDER",
        help="read with the model in this folder (default: the model in service, or else the bundled one)",
    )
    return parser


def _read_file(
    recognizer: Recognizer, file: str | OSError, chosen: argparse.Namespace, *, has_names: bool, is_first: bool
) -> bool:
    """Read one picture and print what it says. Return whether it could be read."""
    name = escape_name(str(file.filename) if isinstance(file, OSError) else file)
    try:
        if isinstance(file, OSError):
            raise file
        page = recognizer.read_page(read_bytes(file), chosen.alphabet)
    except BrokenPipeError:
        raise
    except (RecognitionError, OSError, MemoryError) as error:
        message = _explain(error)
        _say(f"{'standard input' if name == STANDARD_INPUT else name}: {message}", "red")
        if chosen.json:
            _print(json.dumps({"file": name, "error": message}))
        return False
    if page.frames > 1:
        _say(f"{name}: This file has {page.frames} pages. Only the first is read.")
    if chosen.json:
        _print(json.dumps({"file": name, **_describe_page(page)}))
    elif has_names:
        _print(f"==> {name} <==\n{page.text}" if is_first else f"\n==> {name} <==\n{page.text}")
    else:
        _print(page.text)
    return True


def _explain(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return str(error) or "There is not enough memory to read this picture."


def _describe_page(page: ReadPage) -> dict[str, Any]:
    """Return what is in the JSON for a picture."""
    return {
        "text": page.text,
        "width": page.width,
        "height": page.height,
        "turn": page.turn,
        "frames": page.frames,
        "characters": [_describe_character(character) for character in page.characters],
        "signs": [_describe_mark(sign) for sign in page.signs],
    }


def _describe_character(character: Character) -> dict[str, Any]:
    prediction = character.prediction
    return {
        **_describe_mark(character),
        "label": prediction.label,
        "confidence": round(prediction.confidence, _DIGITS),
        "sure": character.is_sure,
        "candidates": [
            [candidate.label, round(candidate.probability, _DIGITS)]
            for candidate in prediction.candidates[:_CANDIDATES]
        ],
    }


def _describe_mark(mark: Mark) -> dict[str, Any]:
    return {"box": list(mark.box)}


@contextmanager
def _show_progress(total: int) -> Iterator[Any]:
    """Show how many pictures are read, unless the text itself shows it or nobody is looking."""
    if total < 2 or not sys.stderr.isatty() or sys.stdout.isatty():
        yield lambda: None
        return
    with Progress(console=_MESSAGES, redirect_stdout=False, redirect_stderr=False) as progress:
        task = progress.add_task("Reading pictures", total=total)
        yield lambda: progress.advance(task)


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _say(text: str, style: str | None = None) -> None:
    _MESSAGES.print(text, style=style, markup=False, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
