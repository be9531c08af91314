"""What platforms and containers are given: requirements.txt, .python-version, Procfile and Containerfile."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from importlib.metadata import requires
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.serving import HOST, ROOT, START_SECONDS, Server, free_port

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTAINERFILE = (ROOT / "Containerfile").read_text(encoding="utf-8")


def read_lines(name: str) -> list[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def find_instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} (.+)$", CONTAINERFILE, re.MULTILINE)


def test_requirements_are_the_project_with_its_pinned_versions() -> None:
    assert read_lines("requirements.txt") == ["-c constraints.txt", ".[postgres]"]
    pins = {
        canonicalize_name(name): version
        for name, version in (p.split("==") for p in read_lines("constraints.txt"))
    }
    seen: set[tuple[str, str]] = set()
    wanted_too = PROJECT["project"]["optional-dependencies"]["postgres"]
    waiting = [(Requirement(text), "") for text in (*PROJECT["project"]["dependencies"], *wanted_too)]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        assert name in pins, f"{requirement} has no pinned version"
        assert requirement.specifier.contains(pins[name], prereleases=True), requirement
        for wanted in ("", *requirement.extras):
            if (name, wanted) not in seen:
                seen.add((name, wanted))
                waiting += [(Requirement(text), wanted) for text in requires(name) or ()]


def test_the_python_version_is_supported_and_tested() -> None:
    (version,) = read_lines(".python-version")
    assert Version(version) in SpecifierSet(PROJECT["project"]["requires-python"])
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert f'"{version}"' in workflow
    assert find_instructions("FROM") == [f"python:{version}-slim"]


@pytest.mark.slow
def test_the_procfile_serves_on_the_platforms_port(tmp_path: Path) -> None:
    (line,) = read_lines("Procfile")
    process_type, _, command = line.partition(": ")
    assert process_type == "web"
    python, *arguments = shlex.split(command)
    assert python == "python"
    port = free_port()
    environment = {"PATH": os.environ["PATH"], "PORT": str(port), "INKRUSH_VAR": str(tmp_path)}
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not is_alive(port):
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        process.terminate()
        output, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert f"ready at http://localhost:{port}\n" in output.decode()


def is_alive(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=10) as response:
            return bool(json.load(response)["status"] == "ok")
    except (urllib.error.URLError, OSError):
        return False


def test_the_container_gets_the_files_it_needs_and_no_others() -> None:
    copied = [source for line in find_instructions("COPY") for source in line.split()[:-1]]
    assert [source for source in copied if not (ROOT / source).exists()] == []
    assert set(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) <= set(copied)
    assert {"pyproject.toml", "requirements.txt", "constraints.txt", PROJECT["project"]["readme"]} <= set(copied)
    sent = [line.removeprefix("!") for line in read_lines(".dockerignore") if line.startswith("!")]
    assert sorted(sent) == sorted(copied)


def test_the_container_serves_without_privileges_and_stores_in_its_volume() -> None:
    assert find_instructions("CMD") == ['["python", "-m", "game"]']
    assert find_instructions("USER") == ["inkrush"]
    (volume,) = find_instructions("VOLUME")
    (environment,) = find_instructions("ENV")
    assert f"INKRUSH_VAR={volume}" in environment.split()
    assert "INKRUSH_HOST=0.0.0.0" in environment.split()


@pytest.mark.parametrize("is_running", [True, False])
def test_the_containers_health_check_notices_a_dead_server(server: Server, is_running: bool) -> None:
    (check,) = find_instructions("HEALTHCHECK CMD")
    _, *arguments = json.loads(check.replace(":8000/", f":{server.port}/"))
    if not is_running:
        server.stop()
    ended = subprocess.run([sys.executable, *arguments], capture_output=True, check=False)
    assert (ended.returncode == 0) == is_running
