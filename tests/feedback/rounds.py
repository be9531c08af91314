"""Any rounds, for property tests."""

from __future__ import annotations

import io
from datetime import UTC
from typing import Any, get_args

from hypothesis import strategies as st
from PIL import Image

from feedback.drawing import LAST_COORDINATE
from feedback.importing.errors import UnusableLine
from feedback.importing.rounds_file import read_rounds
from feedback.records import LABELS, Confirmation, LabeledBy, Outcome, Round, Source
from recognition.alphabets import ALPHABETS
from tests.feedback.making import a_round


def make_png(side: int = 28) -> bytes:
    out = io.BytesIO()
    Image.new("L", (side, side), 200).save(out, "PNG")
    return out.getvalue()


PNG = make_png()
CHARACTERS = st.sampled_from(LABELS)
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20
)  # PostgreSQL has no NUL
WHOLE_NUMBERS = st.integers(0, 2**53)
SHARES = st.floats(0, 1)


def a_pictured_round(**fields: Any) -> Round:
    """Return a round with a real image, so that it can be exported and imported."""
    return a_round(**{"image": PNG, **fields})


def rounds(
    texts: st.SearchStrategy[str] = TEXTS,
    whole_numbers: st.SearchStrategy[int] = WHOLE_NUMBERS,
    shares: st.SearchStrategy[float] = SHARES,
) -> st.SearchStrategy[Round]:
    """Return a strategy for rounds that may be exported."""
    coordinates = st.integers(0, LAST_COORDINATE)
    stroke = st.lists(st.tuples(coordinates, coordinates, WHOLE_NUMBERS), max_size=4).map(
        lambda points: [list(axis) for axis in zip(*points, strict=True)] or [[]] * 3
    )

    def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.none() | strategy

    return st.builds(
        Round,
        id=st.uuids(version=4).map(str),
        at=st.datetimes(timezones=st.just(UTC)),
        player=texts,
        source=st.sampled_from(get_args(Source)),
        alphabet=st.sampled_from(sorted(ALPHABETS)),
        model=texts,
        predicted=maybe(CHARACTERS),
        confidence=maybe(shares),
        top=st.lists(st.tuples(CHARACTERS, shares), max_size=5),
        game=maybe(st.uuids(version=4).map(str)),
        number=maybe(whole_numbers),
        mode=maybe(st.sampled_from(["sprint", "daily", "practice", "duel"])),
        target=maybe(CHARACTERS),
        outcome=maybe(st.sampled_from(get_args(Outcome))),
        verdict=maybe(st.sampled_from(get_args(Confirmation))),
        label=maybe(CHARACTERS),
        label_by=maybe(st.sampled_from(get_args(LabeledBy))),
        duration_ms=maybe(whole_numbers),
        points=maybe(whole_numbers),
        drawing=maybe(st.lists(stroke, max_size=3)),
        crop=maybe(st.just(make_png(40))),
        image=maybe(st.just(PNG)),
        flag=maybe(texts),
    )


def read(data: bytes) -> list[Round | UnusableLine]:
    """Return what import reads from a file."""
    return list(read_rounds(io.BufferedReader(io.BytesIO(data))))
