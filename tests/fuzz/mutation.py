"""Damages bytes and JSON as a careless or hostile sender would."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Any, Final

TOKENS: Final = (
    *(b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\r", b"\n", b"\r\n"),
    *(b'"', b"'", b",", b";", b"\t", b"{", b"}", b"[", b"]", b"null", b"true", b"NaN", b"Infinity", b"-0"),
    *(b"1e999", b"-1e-400", b"9223372036854775808", b"18446744073709551616", b"0.1", b"\\u0000", b"\\ud800"),
    *(b"key_id", b"drawing", b"word", b"=1+1", b"2026-02-30T25:61:61Z", b"0000-00-00", b"PK\x03\x04"),
    *(b"IHDR", b"IDAT", b"\xff\xd8", b"\xff\xda", b"Exif\0\0"),
)
VALUES: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 1, 63, 64, 1023, 1024, 2**31, 2**53, 2**63, 2**64, 10**400, 0.5, -0.0, 1e300),
    *("", "0", "7", "digits", "any", "\0", "\u202e", "é", "日本", "😀", "a" * 100, "a" * 5000),
    *([], {}, [[]], [[[]]], [0] * 3, [1, 2], {"a": 1}),
)


def damage_bytes(rng: Random, data: bytes, others: tuple[bytes, ...] = ()) -> bytes:
    """Return ``data`` with a few random changes; some take a piece of one of the ``others``."""
    content = bytearray(data)
    for _ in range(1 + int(rng.expovariate(0.4))):
        rng.choice(_DAMAGES)(rng, content, others)
    return bytes(content[:1_000_000])


def damage_json(rng: Random, value: Any) -> Any:
    """Return a value as JSON has it with a random change, at any depth."""
    if rng.random() < 0.3 or not isinstance(value, dict | list) or not value:
        return rng.choice(VALUES)
    if isinstance(value, dict):
        changed = dict(value)
        key = rng.choice([*changed])
        choice = rng.random()
        if choice < 0.2:
            del changed[key]
        elif choice < 0.3:
            changed[rng.choice(["type", "x", "", "\0", key * 2])] = changed[key]
        else:
            changed[key] = damage_json(rng, changed[key])
        return changed
    items = list(value)
    place = rng.randrange(len(items))
    choice = rng.random()
    if choice < 0.2:
        del items[place]
    elif choice < 0.4:
        items += items[place : place + rng.randint(1, 3)] * rng.choice([1, 2, 100])
    else:
        items[place] = damage_json(rng, items[place])
    return items


def encode_json(value: Any) -> str:
    """Return the value as JSON; NaN and lone surrogates may be in it."""
    return json.dumps(value, ensure_ascii=False)


def _flip(rng: Random, content: bytearray, _others: tuple[bytes, ...]) -> None:
    if content:
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)


def _overwrite(rng: Random, content: bytearray, _others: tuple[bytes, ...]) -> None:
    if content:
        content[rng.randrange(len(content))] = rng.choice([0, 1, 0x7F, 0x80, 0xFE, 0xFF])


def _cut(rng: Random, content: bytearray, _others: tuple[bytes, ...]) -> None:
    start = rng.randrange(len(content) + 1)
    del content[start : start + int(rng.expovariate(0.05)) if rng.random() < 0.7 else None]


def _repeat(rng: Random, content: bytearray, _others: tuple[bytes, ...]) -> None:
    start = rng.randrange(len(content) + 1)
    piece = content[start : start + int(rng.expovariate(0.02))]
    content[start:start] = piece * rng.choice([1, 1, 2, 50])


def _insert(rng: Random, content: bytearray, _others: tuple[bytes, ...]) -> None:
    start = rng.randrange(len(content) + 1)
    content[start:start] = rng.choice(TOKENS)


def _splice(rng: Random, content: bytearray, others: tuple[bytes, ...]) -> None:
    if others:
        other = rng.choice(others)
        start = rng.randrange(len(other) + 1)
        at = rng.randrange(len(content) + 1)
        content[at : at + rng.choice([0, 100])] = other[start : start + int(rng.expovariate(0.01))]


def _set_number(rng: Random, content: bytearray, _others: tuple[bytes, ...]) -> None:
    """Write a number of two or four bytes, as the headers of pictures have them."""
    size = rng.choice([2, 4])
    if len(content) > size:
        start = rng.randrange(min(len(content) - size, 400))
        number = rng.choice([0, 1, 2, 255, 256, 65_535, 10**6, 2**31 - 1, 2**31, 2**32 - 1]) % (1 << 8 * size)
        content[start : start + size] = number.to_bytes(size, rng.choice(["big", "little"]))


_DAMAGES: Final[tuple[Callable[[Random, bytearray, tuple[bytes, ...]], None], ...]] = (
    _flip, _overwrite, _cut, _repeat, _insert, _insert, _splice, _set_number,
)  # fmt: skip
