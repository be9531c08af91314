"""Ids are UUIDs of version 7 that sort by time."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from feedback.ids import derive_id, make_id


def is_version_7(id_: str) -> bool:
    parsed = uuid.UUID(id_)
    return (str(parsed), parsed.version, parsed.variant) == (id_, 7, uuid.RFC_4122)


def test_new_ids_are_version_7_and_rise() -> None:
    ids = [make_id() for _ in range(10_000)]
    assert ids == sorted(set(ids))
    assert all(map(is_version_7, ids))


@given(st.datetimes(timezones=st.just(UTC)), st.binary())
def test_a_derived_id_is_always_the_same(at: datetime, content: bytes) -> None:
    id_ = derive_id(at, content)
    assert is_version_7(id_)
    assert derive_id(at, content) == id_
    assert derive_id(at, content + b"x") != id_


def test_derived_ids_sort_by_time() -> None:
    start = datetime(2017, 3, 1, tzinfo=UTC)
    ids = [derive_id(start + timedelta(milliseconds=number), b"%d" % number) for number in range(1000)]
    assert ids == sorted(ids)
