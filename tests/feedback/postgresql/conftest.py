"""All stores here are in PostgreSQL."""

from __future__ import annotations

import pytest

from tests.postgresql import Cluster


@pytest.fixture
def engine(cluster: Cluster) -> str:  # noqa: ARG001 (so that these tests count as slow)
    return "postgresql"
