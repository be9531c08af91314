"""An application on a store of its own, and clients to it."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from quart import Quart
from quart.testing import TestApp
from quart.typing import TestClientProtocol

from game.app import create_app
from game.play.rate_limit import AddressLimit, CallLimits
from game.play.shared_limits import SharedLimits
from game.rules import tuning
from game.services import EXTENSION, Services
from game.settings import Settings
from tests.serving import Server

Client: TypeAlias = TestClientProtocol


class PatientTestApp(TestApp):
    """An application under test. It has a minute to start and to stop, since a busy machine is slow."""

    __test__ = False

    def __init__(self, app: Quart) -> None:
        super().__init__(app, startup_timeout=60, shutdown_timeout=60)


Quart.test_app_class = PatientTestApp

SEVEN = [[[200, 200, 0], [800, 200, 120], [450, 850, 400]]]
"""A 7, with times."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path, database_url=f"sqlite:///{tmp_path}/inkrush.db", models=tmp_path / "models")


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[Quart]:
    application = create_app(settings)
    async with application.test_app():
        yield application


@pytest.fixture
def services(app: Quart) -> Services:
    found = app.extensions[EXTENSION]
    assert isinstance(found, Services)
    return found


class TestClock:
    """Monotonic milliseconds that stand still until a test sets them."""

    __test__ = False

    def __init__(self) -> None:
        self.now_ms = 0

    def __call__(self) -> int:
        return self.now_ms


def make_limits(clock: Callable[[], int]) -> SharedLimits:
    """Return limits of one worker alone that go by ``clock``."""
    return SharedLimits(CallLimits(clock), AddressLimit(tuning.SOCKETS_PER_ADDRESS), None, "server", "secret")


@pytest.fixture
def clock(app: Quart, monkeypatch: pytest.MonkeyPatch) -> TestClock:
    """Let the limits of calls go by a clock that stands still, and refuse at once."""
    clock = TestClock()
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], limits=make_limits(clock))
    monkeypatch.setattr(tuning, "REFUSAL_SECONDS", 0)
    monkeypatch.setattr(tuning, "REFUSALS_PER_SECOND", float("inf"))
    return clock


@pytest.fixture
def no_limits(app: Quart) -> None:
    """Take every call, however many there are: a day goes by between any two."""
    a_day_later = itertools.count(0, 24 * 60 * 60 * 1000).__next__
    app.extensions[EXTENSION] = replace(app.extensions[EXTENSION], limits=make_limits(a_day_later))


@pytest.fixture
def client(app: Quart) -> Client:
    """Return a browser: it keeps its cookies."""
    return app.test_client()


@pytest.fixture
def stranger(app: Quart) -> Client:
    """Return another browser."""
    return app.test_client()


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start one real server for all tests that leave nothing behind in it."""
    with Server(tmp_path_factory.mktemp("shared-server") / "var") as running:
        yield running
        assert running.stop() == 0
    assert "Traceback" not in running.log


async def error_of(answer: Any, status: int) -> str:
    """Check the form of an error response and that its message is a sentence. Return its code."""
    body = await answer.get_json()
    assert answer.status_code == status, body
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    assert body["error"]["message"][0].isupper()
    assert body["error"]["message"].endswith(".")
    assert "Traceback" not in body["error"]["message"]
    assert answer.headers["Cache-Control"] == "no-store"
    code = body["error"]["code"]
    assert isinstance(code, str)
    return code
