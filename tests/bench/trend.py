"""Whether a measured value grows: a slope that a few outliers do not change, and a chart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
import numpy as np

_Z_95: Final = 1.96  # of the normal distribution
_WIDTH: Final = 640
_HEIGHT: Final = 150
_LEFT: Final = 60
_RIGHT: Final = 20
_ABOVE: Final = 26
_BELOW: Final = 24
_STYLE: Final = (
    "text{font:12px sans-serif;fill:#444}.frame,polyline{fill:none}.frame{stroke:#ddd}"
    "polyline{stroke:#26c;stroke-width:2}.slope{stroke:#c33;stroke-dasharray:5 4}"
)


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    """The slope of a value over time, by Theil and Sen, with Sen's interval of 95 %.

    Attributes:
        slope: median of the slopes of all pairs of samples, a minute.
        low, high: the ends of its interval.
        median: of the values.
    """

    slope: float
    low: float
    high: float
    median: float

    def grows(self, minutes: float, tolerance: float) -> bool:
        """Return whether the value would surely rise by more than ``tolerance`` in as many minutes."""
        return self.low > 0 and self.slope * minutes > tolerance


def compute_trend(minutes: Sequence[float], values: Sequence[float]) -> Trend:
    """Return the trend of values, three or more, that were measured at different times.

    P. K. Sen, "Estimates of the regression coefficient based on Kendall's tau", JASA 63, 1968.
    """
    at, value = np.asarray(minutes), np.asarray(values)
    first, second = np.triu_indices(len(at), 1)
    slopes = np.sort((value[second] - value[first]) / (at[second] - at[first]))
    count = len(at)
    spread = _Z_95 * math.sqrt(count * (count - 1) * (2 * count + 5) / 18)
    low, high = (int((len(slopes) + sign * spread) / 2) for sign in (-1, 1))
    return Trend(
        slope=float(np.median(slopes)),
        low=float(slopes[max(0, low)]),
        high=float(slopes[min(len(slopes) - 1, high)]),
        median=float(np.median(value)),
    )


def draw_trends(minutes: Sequence[float], series: Mapping[str, Sequence[float]], since: float) -> str:
    """Return an SVG file with a chart of each series, and its trend since a minute."""
    height = _HEIGHT * len(series)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}">',
        f'<style>{_STYLE}</style><rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
    ]
    for number, (name, values) in enumerate(series.items()):
        parts.append(f'<g transform="translate(0 {_HEIGHT * number})">')
        parts += _draw_series(name, minutes, values, since)
        parts.append("</g>")
    return "\n".join([*parts, "</svg>"]) + "\n"


def _draw_series(name: str, minutes: Sequence[float], values: Sequence[float], since: float) -> list[str]:
    end = max(minutes) or 1.0
    top = 1.1 * max(values) or 1.0
    bottom = _HEIGHT - _BELOW

    def place(minute: float, value: float) -> str:
        x = _LEFT + minute / end * (_WIDTH - _LEFT - _RIGHT)
        return f"{x:.1f},{bottom - value / top * (bottom - _ABOVE):.1f}"

    line = " ".join(place(minute, value) for minute, value in zip(minutes, values, strict=True))
    settled = [(m, v) for m, v in zip(minutes, values, strict=True) if m >= since]
    trend = compute_trend([m for m, _ in settled], [v for _, v in settled])
    middle = float(np.median([m for m, _ in settled]))
    ends = " ".join(place(m, trend.median + trend.slope * (m - middle)) for m in (since, end))
    slopes = f"{60 * trend.slope:+.2f} an hour ({60 * trend.low:+.2f} to {60 * trend.high:+.2f})"
    width, tall = _WIDTH - _LEFT - _RIGHT, bottom - _ABOVE
    return [
        f'<text x="{_LEFT}" y="16">{name}: {slopes}</text>',
        f'<rect class="frame" x="{_LEFT}" y="{_ABOVE}" width="{width}" height="{tall}"/>',
        f'<text x="{_LEFT - 6}" y="{_ABOVE + 10}" text-anchor="end">{top:.0f}</text>',
        f'<text x="{_LEFT - 6}" y="{bottom}" text-anchor="end">0</text>',
        f'<text x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 8}" text-anchor="end">{end:.0f} min</text>',
        f'<polyline points="{line}"/>',
        f'<polyline class="slope" points="{ends}"/>',
    ]
