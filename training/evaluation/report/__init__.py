"""Writes a report on one model or on two: ``report.json`` for programs and ``report.html`` for people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from training.evaluation.evaluate import Evaluation
from training.evaluation.report.page import render_page
from training.evaluation.test_sets import TestSet

JSON_FILE: Final = "report.json"
HTML_FILE: Final = "report.html"


def write_report(test_set: TestSet[Any], evaluations: Sequence[Evaluation], out: Path) -> Path:
    """Write both files to the folder ``out`` and return the path of the page.

    Shares are of 1, latencies in milliseconds. The page is self-contained.
    """
    out.mkdir(parents=True, exist_ok=True)
    created = datetime.now(UTC)
    figures = {
        "created": created.isoformat(timespec="seconds"),
        "test_set": {"title": test_set.title, "samples": len(test_set), "without_ink": test_set.without_ink},
        "models": [asdict(evaluation) for evaluation in evaluations],
    }
    text = json.dumps(figures, indent=2, ensure_ascii=False) + "\n"
    (out / JSON_FILE).write_text(text, encoding="utf-8")
    (out / HTML_FILE).write_text(render_page(test_set, evaluations, created), encoding="utf-8")
    return out / HTML_FILE
