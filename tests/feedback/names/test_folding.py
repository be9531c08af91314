"""Names that look alike have the same form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.names.folding import fold_name


@pytest.mark.parametrize(
    "alike",
    [
        "ADA LOVELACE",
        "AdaLovelace",
        "Ada  Lovelace!",
        "Ada-Lovelace",
        "A.d.a Lovelace",
        "Áda Lövelâce",
        "Addda Loooovelace",
        "Ada Love1ace",
        "Ada LoveIace",
        "4d4 L0v3l4c3",
        "Аdа Lоvеlасе",  # Cyrillic а, о, е, с
        "Αda Lοvelace",  # Greek Α, ο
        "Ａｄａ Ｌｏｖｅｌａｃｅ",
        "𝒜𝒹𝒶 𝕷𝖔𝖛𝖊𝖑𝖆𝖈𝖊",
        "🅰🅳🅰 Lovelace",
        "Ada\u200b Love\u00adlace",
    ],
)
def test_what_looks_alike_is_the_same(alike: str) -> None:
    assert fold_name(alike) == fold_name("Ada Lovelace")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ada", "Ida"), ("Ada", "Adam"), ("中村", "中川"), ("かき", "かさ"), ("🔥🔥🦊", "🔥"), ("कमल", "कमला")],
)
def test_other_names_stay_apart(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


@given(st.text(max_size=40))
def test_folding_again_changes_nothing(name: str) -> None:
    assert fold_name(fold_name(name)) == fold_name(name)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(str.strip))
def test_every_visible_name_has_a_form(name: str) -> None:
    assert fold_name(name)
