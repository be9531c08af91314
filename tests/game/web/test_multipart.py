from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from game.web.multipart import MAX_PARTS, MalformedForm, NotAForm, Part, parse_form

TYPE = "multipart/form-data; boundary=line"


def form(*parts: tuple[str, bytes]) -> bytes:
    return (
        b"".join(
            b"--line\r\nContent-Disposition: form-data; " + head.encode() + b"\r\n\r\n" + content + b"\r\n"
            for head, content in parts
        )
        + b"--line--\r\n"
    )


def test_fields_and_files() -> None:
    body = form(('name="image"; filename="a.png"', b"\x89PNG\r\n--lin"), ('name="alphabet"', b"digits"))
    assert parse_form(TYPE, body) == {
        "image": Part("image", "a.png", b"\x89PNG\r\n--lin"),
        "alphabet": Part("alphabet", None, b"digits"),
    }


def test_if_a_name_comes_twice_the_first_field_counts() -> None:
    assert parse_form(TYPE, form(('name="a"', b"1"), ('name="a"', b"2")))["a"].content == b"1"


@given(st.binary(max_size=4000))
@example(b"\r\n--lin\r\n--line")
def test_any_content_is_returned_as_it_was_sent(content: bytes) -> None:
    if b"--line" in content:
        return
    assert parse_form(TYPE, form(('name="image"; filename="x"', content)))["image"].content == content


@pytest.mark.parametrize("kind", ["", "application/json", "image/png", "multipart/mixed; boundary=line"])
def test_another_content_type_is_not_a_form(kind: str) -> None:
    with pytest.raises(NotAForm):
        parse_form(kind, form())


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (TYPE, b""),
        (TYPE, b"--line"),
        (TYPE, form(('name="image"; filename="x"', b"cut off"))[:-12]),
        (TYPE, form(('name="a"', b"1"))[:40]),
        (TYPE, form(*[('name="a"', b"1")] * (MAX_PARTS + 1))),
        (TYPE, b"--line\r\nno header at all\r\n\r\n1\r\n--line--\r\n"),
        (TYPE, b"--line\r\n" + b"A" * 100_000),
        ("multipart/form-data", form()),
        ("multipart/form-data; boundary=", form()),
        ("multipart/form-data; boundary=é", form()),
        ("multipart/form-data; boundary=" + "a" * 1000, form()),
    ],
)
def test_broken_forms_are_refused(kind: str, body: bytes) -> None:
    with pytest.raises(MalformedForm):
        parse_form(kind, body)


@given(st.text(alphabet=st.characters(codec="latin-1"), max_size=60), st.binary(max_size=300))
def test_nonsense_raises_only_the_documented_errors(kind: str, body: bytes) -> None:
    for content_type in (kind, TYPE):
        with contextlib.suppress(NotAForm, MalformedForm):
            parse_form(content_type, body)
