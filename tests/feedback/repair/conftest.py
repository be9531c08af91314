"""One store for all tests, which damage copies of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.feedback.repair.damage import make_store


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "inkrush.db"
    make_store(path)
    return path
