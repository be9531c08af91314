"""A store for each test, of either engine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from feedback.store import Store, open_store
from tests.postgresql import Cluster


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests with the marker ``both_engines`` on SQLite and on PostgreSQL."""
    if "engine" in metafunc.fixturenames and metafunc.definition.get_closest_marker("both_engines"):
        metafunc.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])


@pytest.fixture
def engine() -> str:
    return "sqlite"


@pytest.fixture
def url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    if engine == "sqlite":
        return f"sqlite:///{tmp_path}/var/inkrush.db"
    cluster: Cluster = request.getfixturevalue("cluster")
    return cluster.create_store()


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    opened = await open_store(url)
    yield opened
    await opened.close()
