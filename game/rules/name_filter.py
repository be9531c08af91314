"""Names that nobody should have to read: those that hold a word of the list ``refused_names.txt``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

import regex  # type: ignore[import-untyped]

from feedback.names.folding import fold_letters, read_leet

_LIST: Final = Path(__file__).with_name("refused_names.txt")
_INSIDE: Final = "*"
_NO_LETTERS: Final = regex.compile(r"[^\p{L}\p{M}]+")
_UPRIGHTS: Final = str.maketrans("1!|", "lll")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


class _Patterns(NamedTuple):
    """What matches refused words as whole words, and inside others."""

    whole: re.Pattern[str]
    inside: re.Pattern[str]


def read_refused_words() -> list[tuple[str, bool]]:
    """Return the words of the list, and whether each is refused inside longer words too."""
    lines = _LIST.read_text(encoding="utf-8").splitlines()
    entries = [entry for line in lines for entry in line.partition("#")[0].split()]
    return [(entry.removeprefix(_INSIDE), entry.startswith(_INSIDE)) for entry in entries]


def is_refused(name: str) -> bool:
    """Return whether a name holds a refused word, however it is spelled.

    Digits and signs are read both as letters, as in ``sh1t``, and as what separates words, as in ``shit1``.
    Letters may be repeated, and may stand alone: ``s h i t``.
    """
    patterns = _compile_patterns()
    for text in _list_readings(name):
        words = [word for word in _NO_LETTERS.split(text) if word]
        joined = "".join(words)
        if patterns.inside.search(joined) or any(
            map(patterns.whole.fullmatch, {*_spell_out(words), *words, joined})
        ):
            return True
    return False


def _list_readings(name: str) -> set[str]:
    """Return the ways to read a name: each sign as what it is and as the letter that it may stand for."""
    # A capital i looks like an l, but most are what they are. Capitals may begin words.
    texts = {fold_letters(text) for text in (name, name.replace("I", "l"), _CAMEL.sub(" ", name))}
    return (
        texts
        | {read_leet(text.replace("!", "i").replace("|", "i")) for text in texts}
        | {read_leet(text.translate(_UPRIGHTS)) for text in texts}
    )


def _spell_out(words: Iterable[str]) -> Iterator[str]:
    """Yield the words that letters make which stand alone, repeated or not."""
    for is_letter, letters in groupby(words, lambda word: len(set(word)) == 1):
        if is_letter:
            yield "".join(letters)


@cache
def _compile_patterns() -> _Patterns:
    entries = read_refused_words()
    return _Patterns(
        whole=_match_any(word for word, is_inside in entries if not is_inside),
        inside=_match_any(word for word, is_inside in entries if is_inside),
    )


def _match_any(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"{_match_repeated(read_leet(fold_letters(word)))}s*" for word in words))


def _match_repeated(word: str) -> str:
    """Return a pattern of a word whose letters may be repeated. Where the word repeats one, it must be repeated.

    So ``Niger`` is no way to write a word with two g.
    """
    runs = ((letter, len(list(run))) for letter, run in groupby(word))
    return "".join(f"{re.escape(letter)}{{{length},}}" for letter, length in runs)
