"""The IDX format of MNIST's and EMNIST's files, packed with gzip."""

from __future__ import annotations

import gzip
import struct

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]

_UNSIGNED_BYTES = 0x08


def decode_idx(packed: bytes) -> Bytes:
    """Return the array in the content of an IDX file: unsigned bytes of any shape.

    Raises:
        ValueError: if it is not a whole IDX file of unsigned bytes.
    """
    try:
        content = gzip.decompress(packed)
        zero, kind, dimensions = struct.unpack_from(">HBB", content)
        shape = struct.unpack_from(f">{dimensions}I", content, 4)
    except (OSError, EOFError, struct.error) as error:
        raise ValueError(f"This is not an IDX file packed with gzip: {error}") from error
    if (zero, kind) != (0, _UNSIGNED_BYTES):
        raise ValueError("This is not an IDX file of unsigned bytes.")
    return np.frombuffer(content, dtype=np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def encode_idx(array: Bytes) -> bytes:
    """Return the content of an IDX file that holds the array."""
    head = struct.pack(f">HBB{array.ndim}I", 0, _UNSIGNED_BYTES, array.ndim, *array.shape)
    # Without a time stamp, the same array gives the same file.
    return gzip.compress(head + array.tobytes(), mtime=0)
