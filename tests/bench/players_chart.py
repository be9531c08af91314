"""Draws the p99 of answers over the number of players as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from tests.bench.capacity import LIMIT_MS, Trial

_WIDTH: Final = 640
_HEIGHT: Final = 360
_LEFT: Final = 64
_RIGHT: Final = 24
_ABOVE: Final = 28
_BELOW: Final = 48
_MOST_PLAYERS: Final = 1_000
_LEAST_MS: Final = 1.0
_MOST_MS: Final = 10_000.0
_STYLE: Final = (
    "text{font:13px sans-serif;fill:#444}.grid{stroke:#ddd}.limit{stroke:#c33;stroke-dasharray:5 4}"
    "polyline{fill:none;stroke-width:2}.here{stroke:#26c;fill:#26c}.there{stroke:#888;fill:#888}"
    "polyline.here,polyline.there{fill:none}"
)


def draw_chart(trials: Sequence[Trial], baseline: Sequence[Trial]) -> str:
    """Return an SVG file: p99 in ms upwards, players to the right, both logarithmic."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}">',
        "<title>p99 of answers by number of players</title>",
        f'<style>{_STYLE}</style><rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
    ]
    for players in (1, 10, 100, _MOST_PLAYERS):
        x = _place_players(players)
        parts.append(f'<path class="grid" d="M{x:.1f} {_ABOVE}V{_HEIGHT - _BELOW}"/>')
        parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - _BELOW + 18}" text-anchor="middle">{players}</text>')
    for ms in (1, 10, 100, 1_000, 10_000):
        y = _place_ms(ms)
        parts.append(
            f'<path class="{"limit" if ms == LIMIT_MS else "grid"}" d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"/>'
        )
        parts.append(f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{ms}</text>')
    parts += _draw_series(trials, "here", "Inkrush")
    parts += _draw_series(baseline, "there", "keras.Model.predict in Flask")
    parts.append(f'<text x="{_LEFT}" y="16">p99 in ms, from ink or post to the answer</text>')
    parts.append(
        f'<text x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 10}" text-anchor="end">players on one core</text></svg>'
    )
    return "\n".join(parts) + "\n"


def _draw_series(trials: Sequence[Trial], kind: str, name: str) -> list[str]:
    places = [
        (_place_players(trial.players), _place_ms(trial.worst_p99))
        for trial in sorted(trials, key=lambda trial: trial.players)
        if trial.worst_p99 is not None
    ]
    if not places:
        return []
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    marks = [f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in places]
    x, y = places[0]
    return [
        f'<polyline class="{kind}" points="{line}"/>',
        *marks,
        f'<text x="{x + 8:.1f}" y="{y - 10:.1f}">{name}</text>',
    ]


def _place_players(players: float) -> float:
    share = math.log(max(1, players)) / math.log(_MOST_PLAYERS)
    return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def _place_ms(ms: float) -> float:
    share = math.log(min(_MOST_MS, max(_LEAST_MS, ms)) / _LEAST_MS) / math.log(_MOST_MS / _LEAST_MS)
    return _HEIGHT - _BELOW - share * (_HEIGHT - _ABOVE - _BELOW)
