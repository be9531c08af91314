"""Names that hold a refused word, and those that only seem to."""

from __future__ import annotations

from string import ascii_lowercase

import pytest
import regex  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from feedback.names.generated import ADJECTIVES, ANIMALS
from game.rules import tuning
from game.rules.name_filter import is_refused, read_refused_words

WORDS = read_refused_words()
HARMLESS = """
Scunthorpe Penistone Lightwater Dickens Cockburn Hancock Peacock Hitchcock Cocktail Assam Assad Hassan Bass
Class Essex Sussex Middlesex Sexton Matsushita Ashita Shiitake Push-it Laputa Computation Dominique Therapist
Grape Analyst Canal Niger Nigeria Montenegro Raccoon Nazlı Nazir Fuchs Fickenscher Pedersen Pakistan Chin
Spicer Suki Arizona Lauda Dick Fanny Willy Phúc Dung Bich Putin Shital Gaylord Pula Bite Cono Страховка
Колебание 中村 しんじ
"""

SIGNS = str.maketrans("oieast", "013457")
CYRILLIC = str.maketrans("aeopcyx", "аеорсух")
WIDE = str.maketrans(ascii_lowercase, "".join(chr(ord(letter) + 0xFEE0) for letter in ascii_lowercase))


@pytest.mark.parametrize("name", HARMLESS.split())
def test_harmless_names_pass(name: str) -> None:
    assert not is_refused(name)


@pytest.mark.parametrize(
    "name",
    [
        "shit1",
        "1shit",
        "a$$",
        "BigDick",
        "xXfuckXx",
        "HitIer",
        "s h i t",
        "f_u_c_k",
        "fu ck",
        "you cunts",
        "🇫🇺🇨🇰",
        "ХУЙ",
    ],
)
def test_spellings_that_people_try_are_refused(name: str) -> None:
    assert is_refused(name)


@given(st.sampled_from(WORDS), st.data())
def test_a_refused_word_is_refused_in_any_disguise(entry: tuple[str, bool], data: st.DataObject) -> None:
    word, is_inside = entry
    disguise = data.draw(st.sampled_from([str.upper, str.title, str.lower]))
    table: dict[int, int] = data.draw(st.sampled_from([{}, SIGNS, CYRILLIC, WIDE]))
    letters = list(disguise(word).translate(table))
    place = data.draw(st.integers(0, len(letters) - 1))
    letters.insert(place, letters[place])
    name = data.draw(st.sampled_from(["", " ", ".", "-", "_"])).join(letters)
    assert is_refused(name)
    if is_inside:
        assert is_refused(f"xx{name}xx")


def test_every_generated_name_passes_and_is_short_enough() -> None:
    names = [f"{adjective} {animal}" for adjective in ADJECTIVES for animal in ANIMALS]
    assert [name for name in names if is_refused(name)] == []
    assert max(len(regex.findall(r"\X", name)) for name in names) <= tuning.NAME_GRAPHEMES


def test_no_word_is_listed_twice() -> None:
    words = [word for word, _ in WORDS]
    assert sorted(words) == sorted(set(words))
