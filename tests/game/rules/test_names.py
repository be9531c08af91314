"""Names."""

from __future__ import annotations

import unicodedata

import pytest
import regex  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from feedback.names.generated import generate_name
from game.rules.moves import Refused
from game.rules.names import clean_name

PLAYER = "a" * 32
GENERATED = generate_name(PLAYER)


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        (None, GENERATED),
        ("", GENERATED),
        (" \t\n ", GENERATED),
        ("Ada", "Ada"),
        ("  Ada   Lovelace ", "Ada Lovelace"),
        ("Ada\nLovelace", "Ada Lovelace"),
        ("Ａｄａ", "Ada"),
        ("e\u0301", "é"),
        ("A\u200bd\u200da\ufeff", "Ada"),
        ("\u202eadA\u202c", "adA"),
        ("\x1b[31mAda\x07", "[31mAda"),
        ("<b>Ada</b>", "<b>Ada</b>"),
        ("=IMPORTXML(1)", "=IMPORTXML(1)"),
        ("中村", "中村"),
        ("👋🏽" * 20, "👋🏽" * 20),
        ("x" * 20, "x" * 20),
    ],
)
def test_a_name_is_reduced_to_what_can_be_seen(given_name: str | None, shown: str) -> None:
    assert clean_name(given_name, PLAYER) == shown


@pytest.mark.parametrize(
    "name",
    [
        "\x00\x01\x02",
        "\u200b",
        "\u202e\u202d",
        "\u3164",
        "\u2800",
        "\ud800",
        "\u0301",
        "x" * 21,
        "a" + "\u0301" * 5000,
        "Sh1t",
        "ｆ ｕ ｃ ｋ",
        "Fu\u200bck",
    ],
)
def test_names_that_cannot_be_shown_to_others_are_refused(name: str) -> None:
    with pytest.raises(Refused) as refused:
        clean_name(name, PLAYER)
    assert refused.value.code == "bad_name"


@given(st.text(max_size=60))
def test_any_name_becomes_short_and_visible_or_is_refused(name: str) -> None:
    try:
        shown = clean_name(name, PLAYER)
    except Refused as error:
        assert error.code == "bad_name"
        return
    assert 1 <= len(regex.findall(r"\X", shown)) <= 20
    assert shown == shown.strip()
    assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in shown)
    assert clean_name(shown, PLAYER) == shown
