"""A PNG becomes a data URI and comes back the same; anything else is refused with a reason."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from feedback.data_uri import PNG_HEAD, decode_png_uri, encode_png_uri


def make_png(side: int) -> bytes:
    out = io.BytesIO()
    Image.new("L", (side, side), 200).save(out, "PNG")
    return out.getvalue()


@given(st.integers(1, 300))
def test_a_png_comes_back_the_same(side: int) -> None:
    png = make_png(side)
    uri = encode_png_uri(png)
    assert uri.startswith("data:image/png;base64,")
    assert decode_png_uri(uri) == png


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("", "it does not begin with"),
        ("https://elsewhere.example/7.png", "it does not begin with"),
        ("data:image/gif;base64,R0lGODlh", "it does not begin with"),
        ("data:image/png;base64,???", "the base64 is damaged"),
        (encode_png_uri(make_png(28))[:-1], "the base64 is damaged"),
        ("data:image/png;base64,é", "the base64 is damaged"),
        ("data:image/png;base64,R0lGODlh", "there is no PNG"),
        (encode_png_uri(PNG_HEAD), "there is no PNG"),
    ],
)
def test_damage_is_refused_with_a_reason(uri: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        decode_png_uri(uri)
