"""What all tests share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.postgresql import Cluster, find_programs
from tests.serving import Server
from tests.strokes import Samples, load_fixture

REQUIRE_ALL = os.environ.get("INKRUSH_REQUIRE_ALL", "") not in ("", "0")
"""Where everything is installed, a test that skips itself hides a fault: it fails instead."""

# A busy machine must not fail a test.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


# The same examples in every run, however long a busy machine takes for them.
settings.register_profile(
    "inkrush", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("quick", settings.get_profile("inkrush"), max_examples=25)
settings.load_profile("inkrush")


SLOW_FIXTURES = {"browser", "cluster", "server", "shared_server", "site"}
"""A process of its own, a second or more to start."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests that start a process as slow, and run slow tests first.

    With several workers, a slow test that starts last would keep one of them busy while the others are done.
    """
    for item in items:
        if not SLOW_FIXTURES.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests with the marker ``both_engines`` on SQLite and on PostgreSQL."""
    if "engine" in metafunc.fixturenames and metafunc.definition.get_closest_marker("both_engines"):
        metafunc.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    # An expected failure is reported as skipped too.
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, but INKRUSH_REQUIRE_ALL is set: {_reason(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if REQUIRE_ALL and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"Skipped, but INKRUSH_REQUIRE_ALL is set: {_reason(report)}"
    return report


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    return report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)


@pytest.fixture(scope="session", autouse=True)
def no_models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep tests from the models that were promoted in the checkout: what reads is the bundled one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INKRUSH_MODELS", str(tmp_path_factory.mktemp("models")))
        yield


@pytest.fixture(scope="session")
def samples() -> Samples:
    """Real drawings, six a character."""
    return load_fixture()


@pytest.fixture(scope="session")
def node() -> str:
    """Return the path of Node."""
    command = shutil.which("node")
    if command is None:
        pytest.skip("There is no node on the PATH: the client's tests need Node 18.19 or later.")
    return command


_clusters: list[Cluster] = []
"""The PostgreSQL server of this process, once it runs."""


@pytest.fixture
def engine() -> str:
    """Return which database a test's store is in."""
    return "sqlite"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Start a PostgreSQL server, shared by all tests of this process."""
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    with Cluster(programs) as running:
        _clusters.append(running)
        yield running
        _clusters.clear()


@pytest.fixture(autouse=True)
def clean_databases() -> Iterator[None]:
    """Remove what a test has left in PostgreSQL."""
    yield
    for running in _clusters:
        running.clean()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Start a real server with an empty store, for one test alone."""
    with Server(tmp_path / "var") as running:
        yield running
