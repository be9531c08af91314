"""A real server with its store in PostgreSQL."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.postgresql import Cluster
from tests.serving import Server


def fetch(url: str, body: Any = None) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})  # noqa: S310 (our own server)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


@pytest.mark.slow
def test_a_server_says_that_its_database_is_away_and_goes_on_afterwards(cluster: Cluster, tmp_path: Path) -> None:
    drawing = {"strokes": [[[10, 10], [60, 10], [30, 90]]], "alphabet": "digits"}
    with Server(tmp_path / "var", {"INKRUSH_DATABASE_URL": cluster.create_store()}) as server:
        status, answer = fetch(f"{server.url}/api/recognize", drawing)
        assert status == 200
        assert answer["round"]
        assert fetch(f"{server.url}/healthz")[0] == 200
        cluster.stop()
        try:
            while (status := fetch(f"{server.url}/healthz")[0]) == 200:  # a result is valid for a second
                time.sleep(0.1)
            assert status == 503
            assert fetch(f"{server.url}/healthz")[1]["store"] == "the database server cannot be reached"
            assert fetch(f"{server.url}/api/recognize", drawing)[0] == 503
        finally:
            cluster.start()
        assert fetch(f"{server.url}/api/recognize", drawing)[0] == 200
