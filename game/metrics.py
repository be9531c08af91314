"""The server's metrics, for Prometheus.

With several workers, a gauge says how those of all workers are made one: ``livesum`` adds up those that run,
``livemostrecent`` takes what the worker that answers has just found out.
"""

from __future__ import annotations

import os
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from game.worker_metrics import FOLDER_VARIABLE

GAMES_STARTED: Final = Counter("inkrush_games_started", "Games started.", ["mode"])
GAMES_TAKEN_OVER: Final = Counter(
    "inkrush_games_taken_over", "Games resumed here that ran in another process, or before a restart."
)
GAMES_RUNNING: Final = Gauge("inkrush_games_running", "Games running now.", multiprocess_mode="livesum")
ROUNDS: Final = Counter("inkrush_rounds", "Rounds that ended, by outcome: hit, skip or timeout.", ["outcome"])
GUESS_SECONDS: Final = Histogram(
    "inkrush_guess_seconds",
    "Time from the arrival of points to the guess made from them.",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2),
)
SOCKETS: Final = Gauge("inkrush_sockets", "Play sockets open now.", multiprocess_mode="livesum")
MESSAGES_REFUSED: Final = Counter("inkrush_messages_refused", "Messages answered with an error.", ["code"])
NOTIFICATIONS: Final = Counter(
    "inkrush_notifications", "Messages between server processes, by what became of them.", ["outcome"]
)
SHEET_ROUNDS: Final = Gauge(
    "inkrush_sheet_rounds",
    "Rounds known to be in the Google Sheet.",
    multiprocess_mode="livemostrecent",
)
SHEET_WAITING: Final = Gauge(
    "inkrush_sheet_rounds_waiting",
    "Rounds that are not known to be in the Google Sheet.",
    multiprocess_mode="livemostrecent",
)
SHEET_TROUBLE: Final = Gauge(
    "inkrush_sheet_trouble",
    "1 while the Google Sheet cannot be written to.",
    multiprocess_mode="livemostrecent",
)
STORE_FAILING: Final = Gauge(
    "inkrush_store_failing", "1 while nothing can be stored.", multiprocess_mode="livemostrecent"
)
WORKERS: Final = Gauge("inkrush_workers", "Server processes that run now.", multiprocess_mode="livesum")
WORKER_STARTS: Final = Counter("inkrush_worker_starts", "Starts of server processes.")
REQUESTS: Final = Counter(
    "inkrush_http_requests", "HTTP requests, by endpoint and status.", ["endpoint", "status"]
)


def count_notifications(outcome: str, messages: int) -> None:
    """Count messages between server processes that were ``sent``, ``received`` or ``lost``."""
    NOTIFICATIONS.labels(outcome).inc(messages)


def write_metrics() -> bytes:
    """Return all metrics in Prometheus' text format: those of this process, or of all workers together."""
    if FOLDER_VARIABLE not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
