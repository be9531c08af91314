"""The invariance benchmark on the bundled drawings."""

from __future__ import annotations

import pytest

from recognition import Recognizer
from tests.bench.invariance import measure
from tests.strokes import Samples


@pytest.mark.parametrize("alphabet", ["any", "digits"])
def test_position_and_size_make_no_difference(samples: Samples, alphabet: str) -> None:
    shares = {
        (result.coordinates, result.size): result.share
        for result in measure(Recognizer.load(), samples, alphabet, seed=1)
    }
    assert shares["floats", (0.1, 1.0)] == 1
    assert shares["integers", (0.1, 1.0)] >= 0.99
