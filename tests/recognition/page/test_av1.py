"""The sizes that an AV1 stream says are found, and streams of more than one picture are refused."""

from __future__ import annotations

import pytest

from recognition.page.av1 import UnusualStream, read_picture


def write_bits(*fields: tuple[int, int]) -> bytes:
    """Return numbers, each with so many bits, padded with zeros."""
    text = "".join(format(number, f"0{bits}b") for number, bits in fields if bits)
    text += "0" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8)


def write_unit(kind: int, content: bytes) -> bytes:
    return bytes([kind << 3 | 2, len(content)]) + content


def write_sequence(width: int = 4000, height: int = 3000, *, deep: int = 0, grain: int = 0) -> bytes:
    """Return a sequence header in the long form, with 4:2:0 colors."""
    fields = [(0, 3), (1, 1), (0, 1), (0, 1), (0, 1), (0, 5), (0, 12), (8, 5), (0, 1)]
    fields += [(15, 4), (15, 4), (width - 1, 16), (height - 1, 16), (0, 1), (0, 3)]
    fields += [(0, 4), (0, 1), (1, 1), (1, 1), (0, 3)]
    fields += [(deep, 1), (0, 1), (0, 1), (0, 1), (0, 2), (0, 1), (grain, 1), (1, 1)]
    return write_unit(1, write_bits(*fields))


def write_frame(*, kind: int = 0, is_shown: int = 1, own_size: int = 0) -> bytes:
    return write_unit(6, write_bits((0, 1), (kind, 2), (is_shown, 1), (0, 1), (0, 1), (own_size, 1), (0, 20)))


@pytest.mark.parametrize(
    ("deep", "grain", "pixel_bytes"), [(0, 0, 1.5), (1, 0, 3), (0, 1, 1.5)], ids=["8 bits", "10 bits", "grain"]
)
def test_the_size_and_the_depth_are_found(deep: int, grain: int, pixel_bytes: float) -> None:
    sequence = read_picture(write_unit(2, b"") + write_sequence(deep=deep, grain=grain) + write_frame())
    assert (sequence.width, sequence.height) == (4000, 3000)
    assert sequence.pixel_bytes == pixel_bytes
    assert sequence.has_grain == bool(grain)


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        write_sequence(),
        write_frame(),
        write_sequence() + write_frame() + write_frame(),
        write_sequence() + write_sequence(8000, 8000) + write_frame(),
        write_sequence(64, 64) + write_frame(own_size=1),
        write_sequence() + write_frame(kind=1),
        write_sequence() + write_frame(is_shown=0),
        write_sequence()[:9],
        b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        b"\x12\0" * 6000 + write_sequence() + write_frame(),
    ],
    ids=[
        *("nothing", "no frame", "no sequence", "two frames", "two sequences", "a frame of another size"),
        *("no key frame", "not shown", "cut off", "a long length", "many units"),
    ],
)
def test_an_unusual_stream_is_refused(stream: bytes) -> None:
    with pytest.raises(UnusualStream):
        read_picture(stream)
