"""The report on a retrain: ``report.json`` for programs and ``report.html`` for people."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from training.evaluation.report import HTML_FILE, JSON_FILE
from training.retrain.page import render_page
from training.retrain.result import RetrainResult
from training.whole_files import write_whole


def write_retrain_report(result: RetrainResult, out: Path) -> Path:
    """Write both files to the folder ``out`` and return the path of the page, which needs no other file."""
    created = datetime.now(UTC)
    text = json.dumps(_list_figures(result, created), indent=2, ensure_ascii=False) + "\n"
    write_whole(out / JSON_FILE, text.encode())
    write_whole(out / HTML_FILE, render_page(result, created).encode())
    return out / HTML_FILE


def _list_figures(result: RetrainResult, created: datetime) -> dict[str, Any]:
    data = result.data
    return {
        "created": created.isoformat(timespec="seconds"),
        "champion": result.champion,
        "challenger": result.challenger,
        "promoted": result.decision.promoted,
        "reasons": result.decision.reasons,
        "players": asdict(result.players),
        "trial": asdict(result.trial),
        "base": [asdict(comparison) for comparison in result.base],
        "learned": data.summarize_training(),
        "rounds": data.stored,
        "refused": {reason.name.lower(): count for reason, count in sorted(data.rejected.items())},
        "quarantined": [doubt.round for doubt in data.doubts],
        "players_not_believed": len(data.distrusted),
    }
