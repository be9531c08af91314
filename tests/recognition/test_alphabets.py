"""Alphabets and the characters that look alike in them."""

from __future__ import annotations

import pytest

from recognition.alphabets import ALPHABETS, find_smallest_alphabet, get_look_alikes


def test_look_alikes_are_only_those_of_the_alphabet() -> None:
    assert get_look_alikes("O", "any") == "0Oo"
    assert get_look_alikes("O", "letters") == "Oo"
    assert get_look_alikes("O", "upper") == "O"
    assert get_look_alikes("7", "any") == "7"
    assert [get_look_alikes("q", alphabet) for alphabet in ("any", "lower")] == ["9q", "q"]
    assert [get_look_alikes("9", alphabet) for alphabet in ("any", "digits")] == ["9q", "9"]


def test_the_smallest_alphabet_has_all_characters() -> None:
    for characters, name in {"7": "digits", "gq": "lower", "Gq": "letters", "gq9": "any"}.items():
        assert find_smallest_alphabet(characters) == name
    with pytest.raises(ValueError, match="é"):
        find_smallest_alphabet("gé")


def test_every_character_looks_like_itself() -> None:
    for name, characters in ALPHABETS.items():
        for character in characters:
            assert character in get_look_alikes(character, name)
