"""The files that operators copy, in docs/deploying, agree with the program."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from game.metrics import write_metrics
from game.rules import tuning
from tests.docs.tables import DOCS
from tests.docs.test_docs import ROOT, find_blocks

FOLDER = DOCS / "deploying"
UNITS = sorted(FOLDER.glob("*.service"))
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}


def list_metrics() -> set[str]:
    families = text_string_to_metric_families(write_metrics().decode())
    return {f"{family.name}{suffix}" for family in families for suffix in SUFFIXES.get(family.type, ())}


@pytest.mark.parametrize("name", ["prometheus-rules.yml", "watching.md"])
def test_every_metric_that_is_watched_exists(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    named = set(re.findall(r"\binkrush_\w+", text))
    assert named
    histograms = {metric.removesuffix("_bucket") for metric in list_metrics() if metric.endswith("_bucket")}
    assert named <= list_metrics() | histograms


def test_every_alert_is_in_the_table() -> None:
    rules = (FOLDER / "prometheus-rules.yml").read_text(encoding="utf-8")
    page = (FOLDER / "watching.md").read_text(encoding="utf-8")
    table = page[page.index("| metric |") :]
    for expression in re.findall(r"expr: (?:>-\n)?(.*?)\n        (?:for|labels):", rules, re.DOTALL):
        metric = re.search(r"inkrush_[a-z_]+?(?=_bucket|[{\[) ])|up(?=\{)", expression)
        assert metric is not None, expression
        assert f"| `{metric[0]}`" in table


def test_nginx_limits_an_address_on_all_machines_as_each_machine_does() -> None:
    text = (FOLDER / "nginx-machines.conf").read_text(encoding="utf-8")
    rate = tuning.REQUESTS.address
    assert f"rate={rate.per_second}r/s;" in text
    assert f"burst={rate.at_once} " in text
    assert f"limit_conn inkrush_connections {tuning.CONNECTIONS_PER_ADDRESS};" in text


def test_every_file_that_a_command_takes_exists() -> None:
    commands = [block for page in DOCS.rglob("*.md") for block in find_blocks(page, "sh")]
    named = {name for block in commands for name in re.findall(r"(?<![\w/])docs/[\w./-]+", block)}
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_takes_the_services(tmp_path: Path, unit: Path) -> None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(unit)
    assert parser["Service"]["ExecStart"].startswith("/srv/inkrush/.venv/bin/python -m ")
    if (verify := shutil.which("systemd-analyze")) is None:
        return
    text = unit.read_text(encoding="utf-8")
    for written, here in (
        ("/srv/inkrush/.venv/bin/python", sys.executable),
        ("WorkingDirectory=/srv/inkrush", f"WorkingDirectory={tmp_path}"),
        ("User=inkrush\n", ""),
    ):
        assert text.count(written) == 1
        text = text.replace(written, here)
    copy = tmp_path / unit.name
    copy.write_text(text, encoding="utf-8")
    ended = subprocess.run([verify, "verify", "--man=no", copy], capture_output=True, text=True, check=False)
    # The machine's own units may have faults too.
    assert [line for line in ended.stderr.splitlines() if unit.name in line] == []
