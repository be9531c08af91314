"""The codes of rooms."""

from __future__ import annotations

import pytest

from game.rules.room_codes import make_code, read_code


def test_a_code_is_read_however_it_is_typed() -> None:
    code = make_code()
    assert make_code() != code
    for typed in (code, code.lower(), f" {code} ", f"{code[:2]} {code[2:]}", f"{code[:2]}-{code[2:]}\n"):
        assert read_code(typed) == code


@pytest.mark.parametrize("text", ["", "CDFH", "CDFHJK", "CDFH0", "CDFHÉ", "CDFH\0", "ſDFHJ"])
def test_what_cannot_be_a_code_is_none(text: str) -> None:
    assert read_code(text) is None
