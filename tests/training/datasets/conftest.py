"""A server that data sets are downloaded from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.training.datasets.host import Host, run_host


@pytest.fixture
def host() -> Iterator[Host]:
    with run_host() as running:
        yield running
