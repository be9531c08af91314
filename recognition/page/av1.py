"""Reads how large the pictures are that an AV1 stream codes, as its own headers say.

The boxes of an AVIF say it too, but the decoder does not compare, and takes memory as the stream says. Section
numbers are those of the AV1 Bitstream & Decoding Process Specification (https://aomediacodec.github.io/av1-spec/).
"""

from __future__ import annotations

from typing import Final, NamedTuple

_SEQUENCE_HEADER: Final = 1
_FRAME_HEADERS: Final = (3, 6, 7)  # a frame header alone, a frame, and a repeated frame header
_KEY_FRAME: Final = 0
_SELECT: Final = 2  # each frame says it itself
_MOST_UNITS: Final = 5_000
_RED_GREEN_BLUE: Final = (1, 13, 0)  # codes of colors that are not turned into luma and chroma
_MOST_HEADER: Final = 512  # bytes of a header that are looked at; it has fewer


class UnusualStream(ValueError):
    """The stream is not a single picture, or is damaged."""


class Sequence(NamedTuple):
    """What a sequence header says.

    Attributes:
        width: pixels of a frame's row, at most.
        height: rows of a frame, at most.
        pixel_bytes: of all samples of a pixel: 1 for 8 bits of gray, 3 for 10 bits of the usual colors.
        has_grain: whether the decoder may make a copy with film grain.
        is_still: whether its frame has the short header, which cannot say another size.
        id_bits: how many bits the number of a frame has, 0 if it has none.
        time_bits: how many bits the time of a frame has, 0 if it has none.
        tools: whether frames use the tools for screens: 0, 1 or `_SELECT`.
        motion: the same for whole vectors of motion.
    """

    width: int
    height: int
    pixel_bytes: float
    has_grain: bool
    is_still: bool
    id_bits: int
    time_bits: int
    tools: int
    motion: int


class _Bits:
    """Reads bits from the front of some bytes."""

    def __init__(self, data: bytes) -> None:
        self._number, self._left = int.from_bytes(data), 8 * len(data)

    def read(self, count: int) -> int:
        self._left -= count
        if self._left < 0:
            raise UnusualStream
        return self._number >> self._left & (1 << count) - 1

    def read_long(self) -> int:
        """Read a number whose length is coded by the zeros before it (4.10.3)."""
        zeros = 0
        while not self.read(1):
            zeros += 1
            if zeros >= 32:
                raise UnusualStream
        return self.read(zeros) + (1 << zeros) - 1


def read_picture(data: bytes) -> Sequence:
    """Return what the sequence header of a stream with a single frame says.

    Raises:
        UnusualStream: if there are several different sequence headers, several frames, or a frame of another size.
    """
    sequence: Sequence | None = None
    first_header = b""
    frames = 0
    for kind, content in _list_units(data):
        if kind == _SEQUENCE_HEADER:
            if sequence is not None and content != first_header:
                raise UnusualStream
            sequence, first_header = _read_sequence(_Bits(content[:_MOST_HEADER])), content
        elif kind in _FRAME_HEADERS:
            frames += 1
            if sequence is None or frames > 1 or _has_own_size(_Bits(content[:_MOST_HEADER]), sequence):
                raise UnusualStream
    if sequence is None or not frames:
        raise UnusualStream
    return sequence


def _list_units(data: bytes) -> list[tuple[int, bytes]]:
    """Return the kind and the content of each unit of a stream (5.3)."""
    units: list[tuple[int, bytes]] = []
    position = 0
    while position < len(data):
        head = data[position]
        position += 2 if head & 4 else 1  # an extension
        if head & 0x80 or len(units) >= _MOST_UNITS:
            raise UnusualStream
        size = len(data) - position
        if head & 2:
            size = shift = 0
            more = True
            while more:
                if position >= len(data) or shift > 49:
                    raise UnusualStream
                size |= (data[position] & 0x7F) << shift
                more = bool(data[position] & 0x80)
                shift += 7
                position += 1
        if size < 0 or position + size > len(data):
            raise UnusualStream
        units.append((head >> 3 & 15, data[position : position + size]))
        position += size
    return units


def _read_sequence(bits: _Bits) -> Sequence:
    """Read a sequence header (5.5.1)."""
    read = bits.read
    profile, _, is_still = read(3), read(1), bool(read(1))
    time_bits = 0
    if is_still:
        read(5)
    else:
        time_bits = _read_operating_points(bits)
    width_bits, height_bits = read(4) + 1, read(4) + 1
    width, height = read(width_bits) + 1, read(height_bits) + 1
    id_bits = 0
    if not is_still and read(1):
        id_bits = read(4) + read(3) + 3
    read(3)  # the size of a superblock, two filters
    tools = motion = _SELECT
    if not is_still:
        read(4)  # kinds of prediction
        has_order = read(1)
        if has_order:
            read(2)
        tools = _SELECT if read(1) else read(1)
        if tools:
            motion = _SELECT if read(1) else read(1)
        if has_order:
            read(3)
    read(3)  # superresolution, two filters
    pixel_bytes = _read_colors(bits, profile)
    return Sequence(width, height, pixel_bytes, bool(read(1)), is_still, id_bits, time_bits, tools, motion)


def _read_operating_points(bits: _Bits) -> int:
    """Read the timing and the operating points of a sequence header. Return the bits of a frame's time."""
    read = bits.read
    delay_bits = time_bits = 0
    if read(1):
        read(64)
        is_regular = read(1)
        if is_regular:
            bits.read_long()
        if read(1):
            delay_bits = read(5) + 1
            read(37)
            time_bits = read(5) + 1
            if is_regular:
                time_bits = 0
    has_delays = read(1)
    for _ in range(read(5) + 1):
        read(12)
        if read(5) > 7:
            read(1)
        if delay_bits and read(1):
            read(2 * delay_bits + 1)
        if has_delays and read(1):
            read(4)
    return time_bits


def _read_colors(bits: _Bits, profile: int) -> float:
    """Read how colors are coded (5.5.2). Return the bytes of all samples of a pixel."""
    read = bits.read
    is_deep = read(1)
    is_deepest = read(1) if profile == 2 and is_deep else 0
    sample_bytes = 2 if is_deep else 1
    is_gray = profile != 1 and read(1)
    codes = (read(8), read(8), read(8)) if read(1) else None
    if is_gray:
        read(1)
        return sample_bytes
    across, down = {0: (1, 1), 1: (0, 0)}.get(profile, (1, 0))  # whether chroma is halved
    if codes == _RED_GREEN_BLUE:
        across = down = 0
    else:
        read(1)
        if is_deepest:
            across = read(1)
            down = read(1) if across else 0
        if across and down:
            read(2)
    read(1)
    return sample_bytes * (1 + 2 / ((1 + across) * (1 + down)))


def _has_own_size(bits: _Bits, sequence: Sequence) -> bool:
    """Read the beginning of a frame header (5.9.2). Return whether the frame has a size of its own.

    Raises:
        UnusualStream: if it is no key frame that is shown.
    """
    if sequence.is_still:
        return False
    read = bits.read
    if read(1) or read(2) != _KEY_FRAME or not read(1):
        raise UnusualStream
    read(sequence.time_bits)
    read(1)
    if read(1) if sequence.tools == _SELECT else sequence.tools:
        read(1 if sequence.motion == _SELECT else 0)
    read(sequence.id_bits)
    return bool(read(1))
