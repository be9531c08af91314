"""How benchmarks print their figures as JSON."""

from __future__ import annotations

import sys

import msgspec


def print_json(figures: object) -> None:
    """Print figures, indented."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(figures)).decode() + "\n")
