from __future__ import annotations

import pytest

from recognition import Recognizer
from tests.bench.invariance import measure
from tests.strokes import Samples


@pytest.mark.parametrize("alphabet", ["any", "digits"])
def test_place_and_size_leave_no_trace(samples: Samples, alphabet: str) -> None:
    shares = {
        (one.coordinates, one.size): one.share for one in measure(Recognizer.load(), samples, alphabet, seed=1)
    }
    assert shares["floats", (0.1, 1.0)] == 1
    assert shares["integers", (0.1, 1.0)] >= 0.99
