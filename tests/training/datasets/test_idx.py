"""The IDX format."""

from __future__ import annotations

import numpy as np
import pytest

from training.datasets.idx import decode_idx, encode_idx


@pytest.mark.parametrize("broken", [b"", b"no gzip", encode_idx(np.zeros((2, 3), np.uint8))[:-9]])
def test_a_broken_file_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match="IDX"):
        decode_idx(broken)
