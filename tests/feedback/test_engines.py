"""An address chooses the engine, and SQLite needs no psycopg."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

WITHOUT_PSYCOPG = """
import asyncio, sys

sys.modules["psycopg"] = None
import feedback.__main__
from feedback.store import open_store

async def main():
    await (await open_store(sys.argv[1])).close()

try:
    asyncio.run(main())
except Exception as error:
    print(type(error).__name__, error)
"""


def run(url: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PSYCOPG, url], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.slow
def test_sqlite_needs_no_psycopg(tmp_path: Path) -> None:
    assert run(f"sqlite:///{tmp_path}/inkrush.db") == ""


@pytest.mark.slow
def test_postgresql_names_the_extra_that_is_missing() -> None:
    printed = run("postgresql://ada:s3cret@127.0.0.1/inkrush")
    assert printed.startswith("StoreError ")
    assert 'pip install "inkrush[postgres]"' in printed
    assert "s3cret" not in printed
