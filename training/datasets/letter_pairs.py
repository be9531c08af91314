"""Counts the pairs of letters in words, for `recognition.page.letter_pairs`."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recognition.alphabets import LOWER
from training.errors import TrainingError

MESSAGES: Final = Path(__file__).parents[2] / "client" / "messages"
"""The texts of the pages, one file for each language."""

LANGUAGES: Final = ("en", "de", "es", "fr")
"""Languages that are written in the letters of the alphabets."""

_NO_TEXT: Final = re.compile(r"\{[^}]*\}|<[^>]*>")  # placeholders and tags


class TextsMissing(TrainingError):
    """The texts of the pages are not there."""


def load_words(folder: Path = MESSAGES) -> list[str]:
    """Return the words in the texts of the pages, each once for each language.

    Letters lose their accents, since no alphabet has them, and ß becomes ss. Words with others are left out.

    Raises:
        TextsMissing: if a language has no texts.
    """
    words: list[str] = []
    for language in LANGUAGES:
        try:
            texts = json.loads((folder / f"{language}.json").read_text("utf-8"))
        except FileNotFoundError as error:
            raise TextsMissing(f"{error.filename} is missing. It is in Inkrush's repository.") from error
        words += sorted({word for text in _list_texts(texts) for word in _split_words(text)})
    return words


def count_pairs(words: Iterable[str]) -> npt.NDArray[np.int64]:
    """Return int64 (27, 27): how often each letter follows each other, as `PAIRS_FILE` has them."""
    counts = np.zeros((len(LOWER) + 1, len(LOWER) + 1), dtype=np.int64)
    for word in words:
        letters = [0, *(LOWER.index(letter) + 1 for letter in word), 0]
        np.add.at(counts, (letters[:-1], letters[1:]), 1)
    return counts


def write_pairs(counts: npt.NDArray[np.int64], path: Path) -> None:
    """Write counts as JSON, a row a line."""
    rows = ",\n".join(json.dumps(row, separators=(",", ":")) for row in counts.tolist())
    path.write_text(f"[{rows}]\n", "utf-8")


def _list_texts(texts: Any) -> Iterator[str]:
    if isinstance(texts, str):
        yield texts
    else:
        for text in texts.values():
            yield from _list_texts(text)


def _split_words(text: str) -> Iterator[str]:
    decomposed = unicodedata.normalize("NFKD", _NO_TEXT.sub(" ", text).casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    yield from (word for word in re.findall(r"[^\W\d_]+", plain) if set(word) <= set(LOWER))
