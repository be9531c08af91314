"""Forms of digits."""

from __future__ import annotations

from typing import Final

import numpy as np

from training.augmentation.forms.lines import (
    BOW,
    Floats,
    Random,
    Strokes,
    draw_bar,
    draw_line,
    find_bare_line,
    find_crossing,
    is_level,
    is_line,
    measure_box,
)

_TURN: Final = np.linspace(0, np.pi, 9)[1:]  # angles of half a turn


def join_bar(strokes: Strokes, random: Random) -> Strokes | None:
    """Give a 7 its bar without lifting the pen: from the foot of the stem back up to the left, then across."""
    crossing, size = find_crossing(strokes, random)
    if crossing is None:
        return None
    bar = draw_bar(crossing, size, random)
    way_back = draw_line(strokes[0][-1], bar[0], random)[1:-1]
    way_back[:, 0] -= random.uniform(0, 0.1) * size * BOW[1:-1, 0]
    return [np.concatenate((strokes[0], way_back, bar))]


def remove_bar(strokes: Strokes, random: Random) -> Strokes | None:  # noqa: ARG001
    """Take the bar off a 7 with two strokes."""
    if len(strokes) != 2:
        return None
    low, high = measure_box(strokes)
    height = high[1] - low[1]
    body, bar = strokes
    is_in_middle = low[1] + 0.3 * height < bar[:, 1].mean() < high[1] - 0.25 * height
    if not (is_level(bar) and is_in_middle) or np.ptp(body[:, 1]) < 0.9 * height:
        return None
    return [body]


def add_base_line(strokes: Strokes, random: Random) -> Strokes | None:
    """Give a 1 a line to stand on."""
    stem, size = _find_upright(strokes)
    if stem is None:
        return None
    return [stem, _draw_base(stem, size, random)]


def join_base_line(strokes: Strokes, random: Random) -> Strokes | None:
    """Give a 1 a line to stand on without lifting the pen: from the foot to the left, then to the right."""
    stem, size = _find_upright(strokes)
    if stem is None:
        return None
    base = _draw_base(stem, size, random)
    way = draw_line(stem[-1], base[0], random)[1:-1:2]
    return [np.concatenate((stem, way, base))]


def add_upstroke(strokes: Strokes, random: Random) -> Strokes | None:
    """Give a bare 1 an upstroke, drawn before or after the stem."""
    stem, size = find_bare_line(strokes)
    if stem is None:
        return None
    upstroke = _draw_upstroke(stem, size, random)
    return [upstroke, stem] if random.random() < 1 / 2 else [stem, upstroke[::-1]]


def join_upstroke(strokes: Strokes, random: Random) -> Strokes | None:
    """Begin a bare 1 with an upstroke."""
    stem, size = find_bare_line(strokes)
    if stem is None:
        return None
    return [np.concatenate((_draw_upstroke(stem, size, random), stem))]


def add_slash(strokes: Strokes, random: Random) -> Strokes | None:
    """Give a 0 of one stroke a slash from the upper right to the lower left."""
    low, high = measure_box(strokes)
    if len(strokes) != 1 or not (high > low).all():
        return None
    reach = (high - low) / 2 * random.uniform(0.6, 1.1) * (1, -1)
    middle = (low + high) / 2
    return [*strokes, draw_line(middle + reach, middle - reach, random)]


def shorten_foot(strokes: Strokes, random: Random) -> Strokes | None:
    """Leave only the beginning of a 2's foot."""
    corner, size = _find_corner_of_2(strokes)
    if corner is None:
        return None
    stroke = strokes[0]
    foot = stroke[corner, 0] + random.uniform(0.18, 0.4) * size
    beyond = np.flatnonzero(stroke[corner:, 0] > foot)
    if not len(beyond) or beyond[0] < 2:
        return None
    return [stroke[: corner + beyond[0]]]


def add_loop(strokes: Strokes, random: Random) -> Strokes | None:
    """Put a loop where the line of a 2 turns into its foot."""
    corner, size = _find_corner_of_2(strokes)
    if corner is None:
        return None
    stroke = strokes[0]
    wide, high = random.uniform(0.06, 0.12) * size, random.uniform(0.05, 0.1) * size
    # From the lowest point to the left, and over the top to the right.
    loop = stroke[corner] + np.stack((-wide * np.sin(_TURN), high * (np.cos(_TURN) - 1)), axis=1)
    (foot,) = np.nonzero(stroke[corner:, 0] > stroke[corner, 0] + 2 * wide)
    if not len(foot):
        return None
    return [np.concatenate((stroke[: corner + 1], loop, stroke[corner + foot[0] :]))]


def join_strokes(strokes: Strokes, random: Random) -> Strokes | None:
    """Draw a 4 of two strokes without lifting the pen. The bar ends where it did, or at the stem."""
    parts = _find_parts_of_4(strokes)
    if parts is None:
        return None
    corner, stem = parts
    if random.random() < 1 / 2:
        corner = _end_at_stem(corner, stem, random)
    return [np.concatenate((corner, draw_line(corner[-1], stem[0], random)[1:-1], stem))]


def end_bar_at_stem(strokes: Strokes, random: Random) -> Strokes | None:
    """End the bar of a 4 where it meets the stem, or a little later."""
    parts = _find_parts_of_4(strokes)
    if parts is None:
        return None
    corner, stem = parts
    ended = _end_at_stem(corner, stem, random)
    return [ended, stem] if len(ended) < len(corner) else None


def _end_at_stem(corner: Floats, stem: Floats, random: Random) -> Floats:
    """Return the first stroke of a 4 without what is to the right of its stem."""
    nearest = stem[np.abs(stem[:, 1] - corner[-1, 1]).argmin()]
    limit = nearest[0] + random.uniform(0, 0.06) * np.ptp(stem[:, 1])
    (beyond,) = np.nonzero(corner[:, 0] > limit)
    return corner[: beyond[0]] if len(beyond) and beyond[0] >= len(corner) // 2 else corner


def close_top(strokes: Strokes, random: Random) -> Strokes | None:
    """Begin a 4 of two strokes at the top of its stem, so that it is closed. Its bar must cross the stem."""
    parts = _find_parts_of_4(strokes)
    if parts is None:
        return None
    corner, stem = parts
    if corner[-1, 0] < stem[:, 0].max() + 0.05 * np.ptp(stem[:, 1]):
        return None  # it would be a 9
    turn = int(corner[:, 0].argmin())
    shares = 1 - np.arange(turn + 1)[:, None] / turn if turn else np.ones((1, 1))
    moved = corner.copy()
    moved[: turn + 1] += (stem[0] - corner[0]) * shares * random.uniform(0.9, 1.0)
    return [moved, stem]


def bend_tail(strokes: Strokes, random: Random) -> Strokes | None:
    """Bend the stem of a 9 to the left, more the lower it is."""
    low, high = measure_box(strokes)
    height = high[1] - low[1]
    last = strokes[-1]
    if height <= 0 or last[-1, 1] < high[1] - 0.1 * height or last[-1, 0] < low[0] + 0.3 * (high[0] - low[0]):
        return None
    bend = random.uniform(0.1, 0.35)
    middle = (low[1] + high[1]) / 2
    bent = []
    for stroke in strokes:
        depth = np.maximum(stroke[:, 1] - middle, 0) * (2 / height)
        bent.append(stroke - np.stack((bend * height * depth**2, np.zeros(len(stroke))), axis=1))
    return bent


def _draw_base(stem: Floats, size: float, random: Random) -> Floats:
    left, right = random.uniform(0.15, 0.38, 2) * size
    return draw_line(stem[-1] - (left, 0), stem[-1] + (right, 0), random)


def _draw_upstroke(stem: Floats, size: float, random: Random) -> Floats:
    start = stem[0] + (-random.uniform(0.12, 0.4) * size, random.uniform(0.1, 0.4) * size)
    return draw_line(start, stem[0], random)


def _find_upright(strokes: Strokes) -> tuple[Floats | None, float]:
    """Return the one stroke of a 1 that ends at its foot, and its height."""
    (stem, *others) = strokes
    low, high = measure_box(strokes)
    width, height = high - low
    if others or height < 1.6 * width or stem[-1, 1] < high[1] - 0.05 * height or height <= 0:
        return None, 0
    lower = stem[stem[:, 1] > low[1] + 0.7 * height]
    return (stem, float(height)) if np.ptp(lower[:, 0]) < 0.25 * height else (None, 0)


def _find_corner_of_2(strokes: Strokes) -> tuple[int | None, float]:
    """Return the index of the point where the foot of a 2 of one stroke begins, and the size of the drawing."""
    (stroke, *others) = strokes
    low, high = measure_box(strokes)
    width, height = high - low
    half = len(stroke) // 2
    if others or half < 4 or height <= 0:
        return None, 0
    corner = half + int(stroke[half:, 0].argmin())
    is_low = stroke[corner, 1] > high[1] - 0.2 * height
    is_left = stroke[corner, 0] < low[0] + 0.25 * width
    foot = stroke[corner:]
    is_foot = len(foot) > 3 and foot[-1, 0] > low[0] + 0.6 * width and np.ptp(foot[:, 1]) < 0.3 * height
    # A loop that is there already goes back to the left.
    return (
        (corner, float(height))
        if is_low and is_left and is_foot and (np.diff(foot[:, 0]) >= 0).all()
        else (None, 0)
    )


def _find_parts_of_4(strokes: Strokes) -> tuple[Floats, Floats] | None:
    """Return the two strokes of a 4: down and across, and the stem. None if it was drawn in another way."""
    if len(strokes) != 2:
        return None
    corner, stem = strokes
    low, high = measure_box(strokes)
    width, height = high - low
    if height <= 0 or len(corner) < 4 or not is_line(stem) or stem[0, 1] > stem[-1, 1]:
        return None
    turn = int(corner[:, 0].argmin())
    starts_on_top = corner[0, 1] < low[1] + 0.4 * height and stem[0, 1] < low[1] + 0.5 * height
    ends_on_right = corner[-1, 0] > low[0] + 0.6 * width and corner[turn, 1] > low[1] + 0.35 * height
    has_foot = stem[-1, 1] > corner[:, 1].max() + 0.1 * height and 0 < turn < len(corner) - 1
    return (corner, stem) if starts_on_top and ends_on_right and has_foot else None
