"""A short run of each fuzzer, with the same inputs each time. `python -m tests.fuzz` runs with others."""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzz.fuzzers import FUZZERS

INPUTS = {"protocol": 1_500, "pictures": 250, "ndjson": 4_000, "csv": 2_500}


@pytest.mark.slow
@pytest.mark.parametrize("name", FUZZERS)
def test_damaged_input_is_understood_or_refused(name: str) -> None:
    for seed in range(INPUTS[name]):
        FUZZERS[name](Random(seed))  # noqa: S311
