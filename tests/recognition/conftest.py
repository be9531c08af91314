"""Fixtures of the recognition tests."""

from __future__ import annotations

import pytest

from recognition import Recognizer


@pytest.fixture(scope="session")
def recognizer() -> Recognizer:
    return Recognizer.load()
