"""The server's metrics, for Prometheus."""

from __future__ import annotations

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

GAMES_STARTED: Final = Counter("inkrush_games_started", "Games started.", ["mode"])
GAMES_RUNNING: Final = Gauge("inkrush_games_running", "Games running now.")
ROUNDS: Final = Counter("inkrush_rounds", "Rounds that ended, by outcome: hit, skip or timeout.", ["outcome"])
GUESS_SECONDS: Final = Histogram(
    "inkrush_guess_seconds",
    "Time from the arrival of points to the guess made from them.",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2),
)
SOCKETS: Final = Gauge("inkrush_sockets", "Play sockets open now.")
MESSAGES_REFUSED: Final = Counter("inkrush_messages_refused", "Messages answered with an error.", ["code"])
SHEET_ROUNDS: Final = Gauge("inkrush_sheet_rounds", "Rounds known to be in the Google Sheet.")
SHEET_WAITING: Final = Gauge(
    "inkrush_sheet_rounds_waiting", "Rounds that are not known to be in the Google Sheet."
)
SHEET_TROUBLE: Final = Gauge("inkrush_sheet_trouble", "1 while the Google Sheet cannot be written to.")
STORE_FAILING: Final = Gauge("inkrush_store_failing", "1 while nothing can be stored.")
REQUESTS: Final = Counter(
    "inkrush_http_requests", "HTTP requests, by endpoint and status.", ["endpoint", "status"]
)
