"""Draws charts as inline SVG, in the colors of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from markupsafe import Markup

from training.evaluation.acceptance import Acceptance
from training.evaluation.metrics import Bin

FEWEST: Final = 10
"""Fewest samples of a mark in a reliability chart. The share of fewer would be chance."""

_SIDE: Final = 150.0  # of the plot; the labels of the axes are outside
_LEFT: Final = 40.0
_BELOW: Final = 34.0
_ABOVE: Final = 8.0

_MOST_OTHERS: Final = 0.02  # right edge of the acceptance chart
_FEWEST_TARGETS: Final = 0.8  # its lower edge

Point = tuple[float, float]


def draw_reliability_chart(series: Sequence[Sequence[Bin]]) -> Markup:
    """Return a chart of how often each model was right (upwards) by how sure it was (to the right).

    A larger mark stands for more samples. On the diagonal, the model is right as often as it is sure.
    """
    parts = [_draw_frame("how sure it was", "how often right", ("0", "50", "100 %"), ("0", "50", "100 %"))]
    parts.append(f'<path class="ideal" d="M{_x(0)} {_y(0)} L{_x(1)} {_y(1)}"/>')
    for number, bins in enumerate(series):
        total = sum(b.samples for b in bins)
        shown = [b for b in bins if b.samples >= FEWEST]
        parts.append(_draw_line([(b.confidence, b.accuracy) for b in shown], number))
        parts += [
            _draw_mark(
                (b.confidence, b.accuracy),
                number,
                1.5 + 6 * (b.samples / total) ** 0.5,
                f"{b.samples} samples, {100 * b.confidence:.1f} % sure, {100 * b.accuracy:.1f} % right",
            )
            for b in shown
        ]
    return _make_svg(parts, "Reliability diagram: how often the model was right, by how sure it was")


def draw_acceptance_chart(series: Sequence[Sequence[Acceptance]]) -> Markup:
    """Return a chart of the shares of targets (upwards) and of others (to the right) that thresholds accept."""
    across = [f"{100 * share:g}" for share in (0, _MOST_OTHERS / 2, _MOST_OTHERS)]
    upwards = [f"{100 * share:g}" for share in (_FEWEST_TARGETS, (1 + _FEWEST_TARGETS) / 2, 1)]
    parts = [_draw_frame("others accepted, %", "targets accepted, %", across, upwards)]
    limit = _x(0.01 / _MOST_OTHERS)
    parts.append(f'<path class="limit" d="M{limit} {_y(0)} V{_y(1)}"/>')
    for number, curve in enumerate(series):
        placed = [(_scale(a), a) for a in curve]
        shown = [(point, a) for point, a in placed if all(0 <= place <= 1 for place in point)]
        parts.append(_draw_line([point for point, _ in shown], number))
        parts += [
            _draw_mark(
                point,
                number,
                3,
                f"from {a.threshold:g} on: {100 * a.target:.1f} % of targets, {100 * a.other:.2f} % of others",
            )
            for point, a in shown
        ]
    return _make_svg(parts, "Targets accepted by other characters accepted, for each threshold")


def draw_line_sample(number: int) -> Markup:
    """Return the line and mark of a model, as in the charts."""
    x, y, wide = 4.0, 7.0, 36.0
    mark = _draw_shape(x + wide / 2, y, 4, number, "")
    return Markup(  # noqa: S704 - nothing but numbers is put in
        f'<svg class="sample" viewBox="0 0 44 14" aria-hidden="true">'
        f'<path class="line model-{number}" d="M{x} {y} h{wide}"/>{mark}</svg>'
    )


def _scale(acceptance: Acceptance) -> Point:
    return acceptance.other / _MOST_OTHERS, (acceptance.target - _FEWEST_TARGETS) / (1 - _FEWEST_TARGETS)


def _x(share: float) -> float:
    return round(_LEFT + share * _SIDE, 2)


def _y(share: float) -> float:
    return round(_ABOVE + (1 - share) * _SIDE, 2)


def _make_svg(parts: Iterable[str], title: str) -> Markup:
    wide, high = _LEFT + _SIDE + 12, _ABOVE + _SIDE + _BELOW
    inside = "".join(parts)
    return Markup(f'<svg viewBox="0 0 {wide} {high}" role="img" aria-label="{title}">{inside}</svg>')  # noqa: S704


def _draw_frame(across: str, upwards: str, x_labels: Sequence[str], y_labels: Sequence[str]) -> str:
    grid = "".join(
        f'<path class="grid" d="M{_x(share)} {_y(0)} V{_y(1)} M{_x(0)} {_y(share)} H{_x(1)}"/>'
        for share in (0.25, 0.5, 0.75)
    )
    axes = f'<path class="axis" d="M{_x(0)} {_y(1)} V{_y(0)} H{_x(1)}"/>'
    places = (0.0, 0.5, 1.0)
    texts = [
        f'<text x="{_x(place)}" y="{_y(0) + 13}" text-anchor="middle">{text}</text>'
        for place, text in zip(places, x_labels, strict=True)
    ]
    texts += [
        f'<text x="{_x(0) - 6}" y="{_y(place) + 4}" text-anchor="end">{text.removesuffix(" %")}</text>'
        for place, text in zip(places, y_labels, strict=True)
    ]
    middle = _y(0.5)
    texts.append(f'<text class="name" x="{_x(0.5)}" y="{_y(0) + 29}" text-anchor="middle">{across}</text>')
    texts.append(
        f'<text class="name" transform="translate(10 {middle}) rotate(-90)" text-anchor="middle">{upwards}</text>'
    )
    return grid + axes + "".join(texts)


def _draw_line(points: Sequence[Point], number: int) -> str:
    if not points:
        return ""
    path = " L".join(f"{_x(x)} {_y(y)}" for x, y in points)
    return f'<path class="line model-{number}" d="M{path}"/>'


def _draw_mark(at: Point, number: int, radius: float, text: str) -> str:
    return _draw_shape(_x(at[0]), _y(at[1]), radius, number, f"<title>{text}</title>")


def _draw_shape(x: float, y: float, radius: float, number: int, inside: str) -> str:
    """Return a disc for the first model, a hollow square for the second, which differ without their colors too."""
    if number == 0:
        return f'<circle class="mark model-0" cx="{x}" cy="{y}" r="{radius:.2f}">{inside}</circle>'
    side = 1.8 * radius
    return (
        f'<rect class="mark model-1" x="{x - side / 2:.2f}" y="{y - side / 2:.2f}" '
        f'width="{side:.2f}" height="{side:.2f}">{inside}</rect>'
    )
