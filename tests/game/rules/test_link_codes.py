"""The codes that carry a player to another device."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.rules.link_codes import LENGTH, make_link_code, read_link_code


@given(st.sampled_from(["{}", " {} ", "{}\n"]), st.booleans(), st.sampled_from("- ."))
def test_a_code_is_read_however_it_is_typed(form: str, is_lower: bool, between: str) -> None:
    code = make_link_code()
    typed = form.format(code.replace("-", between))
    assert read_link_code(typed.lower() if is_lower else typed) == code.replace("-", "")
    assert len(code.replace("-", "")) == LENGTH


@pytest.mark.parametrize("text", ["", "CDFH-JKMN-PRT", "CDFH-JKMN-PRTV3", "CDFH-JKMN-PRT0", "ÇDFH-JKMN-PRTV"])
def test_other_texts_are_no_codes(text: str) -> None:
    assert read_link_code(text) is None


def test_no_two_codes_are_the_same() -> None:
    assert len({make_link_code() for _ in range(1000)}) == 1000
