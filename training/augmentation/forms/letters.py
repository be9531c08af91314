"""Forms of letters."""

from __future__ import annotations

import numpy as np

from training.augmentation.forms.lines import (
    Floats,
    Random,
    Strokes,
    draw_line,
    find_bare_line,
    is_level,
    is_line,
    is_upright,
    measure_box,
)


def add_top_bar(strokes: Strokes, random: Random) -> Strokes | None:
    """Give a J a bar on top, drawn before or after the stem. It is how Germany teaches it."""
    stem, size = _find_stem_of_j(strokes)
    if stem is None:
        return None
    stem = _narrow_hook(stem, random)
    left, right = random.uniform(0.15, 0.45) * size, random.uniform(0, 0.4) * size
    x, y = stem[0, 0], stem[0, 1] + random.uniform(-0.03, 0.05) * size
    bar = draw_line(np.array((x - left, y)), np.array((x + right, y)), random)
    return [bar, stem] if random.random() < 1 / 2 else [stem, bar]


def join_top_bar(strokes: Strokes, random: Random) -> Strokes | None:
    """Begin the one stroke of a J with its bar: from the left to the stem, or past it and back."""
    stem, size = _find_stem_of_j(strokes)
    if stem is None:
        return None
    stem = _narrow_hook(stem, random)
    past = np.array((random.uniform(0.1, 0.35) * size if random.random() < 1 / 2 else 0, 0))
    start = stem[0] - (random.uniform(0.2, 0.45) * size, random.uniform(-0.05, 0.05) * size)
    bar = draw_line(start, stem[0] + past, random)
    way_back = draw_line(bar[-1], stem[0], random)[1:-1:2] if past.any() else bar[:0]
    return [np.concatenate((bar, way_back, stem))]


def remove_top_bar(strokes: Strokes, random: Random) -> Strokes | None:  # noqa: ARG001
    """Take the bar off a J with two strokes."""
    stem, _ = _find_stem_of_j(strokes)
    return [stem] if stem is not None and len(strokes) == 2 else None


def add_serifs(strokes: Strokes, random: Random) -> Strokes | None:
    """Give a bare I a bar on top and one at its foot."""
    stem, size = find_bare_line(strokes)
    if stem is None or abs(stem[-1, 0] - stem[0, 0]) > 0.25 * size:
        return None  # it would be a Z
    half = np.array((random.uniform(0.15, 0.35) * size, 0))
    top, foot = (
        draw_line(end - half * random.uniform(0.8, 1.2), end + half * random.uniform(0.8, 1.2), random)
        for end in (stem[0], stem[-1])
    )
    return [stem, top, foot] if random.random() < 1 / 2 else [top, stem, foot]


def lift_before_stem(strokes: Strokes, random: Random) -> Strokes | None:
    """Draw an a of one stroke as a ball and a stick: the stick begins at the height of the ball, or just above."""
    if len(strokes) != 1:
        return None
    (stroke,) = strokes
    low, high = measure_box(strokes)
    size = (high - low).max()
    # The stick begins at the highest point of the last third, which must be near the top and on the right.
    first = 2 * len(stroke) // 5
    top = first + int(stroke[first:, 1].argmin())
    is_top = stroke[top, 1] < low[1] + 0.25 * (high[1] - low[1]) and stroke[top, 0] > (low[0] + 2 * high[0]) / 3
    is_stem = stroke[top:, 1].max() > high[1] - 0.15 * (high[1] - low[1])
    if not (is_top and is_stem) or len(stroke) - top < 3:
        return None
    stick = stroke[top:].copy()
    rise = random.uniform(0, 0.12) * size
    stick[:, 1] -= rise * (1 - np.arange(len(stick)) / (len(stick) - 1))
    return [stroke[: top + 1], stick]


def shorten_ascender(strokes: Strokes, random: Random) -> Strokes | None:
    """Shorten the part of an h that rises above its arch, but leave it a quarter of the height."""
    last = strokes[-1]
    if len(last) < 8 or len(strokes) > 2:
        return None
    low, high = measure_box(strokes)
    height = high[1] - low[1]
    start = int(last[: len(last) * 2 // 3, 1].argmax()) if len(strokes) == 1 else 0
    arch = float(last[start:, 1].min())
    ascender = arch - low[1]
    if not 0.3 * height < ascender < 0.7 * height:
        return None
    least = (height - ascender) / 3 / ascender
    if least > 1:
        return None
    scale = random.uniform(max(least, 0.5), 1)
    shortened = []
    for stroke in strokes:
        y = np.where(stroke[:, 1] < arch, arch + (stroke[:, 1] - arch) * scale, stroke[:, 1])
        shortened.append(np.stack((stroke[:, 0], y), axis=1))
    return shortened


def add_tail(strokes: Strokes, random: Random) -> Strokes | None:
    """End a q in a short tail to the upper right."""
    low, high = measure_box(strokes)
    last = strokes[-1]
    size = (high - low).max()
    if last[-1, 1] < high[1] - 0.05 * size or not is_upright(last[-max(2, len(last) // 4) :]):
        return None
    tip = last[-1] + (random.uniform(0.1, 0.28) * size, -random.uniform(0.05, 0.25) * size)
    return [*strokes[:-1], np.concatenate((last, draw_line(last[-1], tip, random)[1:]))]


def lengthen_arm(strokes: Strokes, random: Random) -> Strokes | None:
    """Lengthen the lower left arm of an x of two strokes."""
    if len(strokes) != 2:
        return None
    rising = [i for i, s in enumerate(strokes) if is_line(s) and (s[0, 0] - s[-1, 0]) * (s[0, 1] - s[-1, 1]) < 0]
    if len(rising) != 1:
        return None
    (number,) = rising
    stroke = strokes[number]
    top, foot = (stroke[0], stroke[-1]) if stroke[0, 1] < stroke[-1, 1] else (stroke[-1], stroke[0])
    # Points are moved along the line, those at the foot furthest.
    shares = ((stroke - top) @ (foot - top) / ((foot - top) @ (foot - top))).clip(0)
    longer = stroke + (shares**2)[:, None] * (foot - top) * random.uniform(0.15, 0.45)
    return [longer if i == number else other for i, other in enumerate(strokes)]


def _narrow_hook(stem: Floats, random: Random) -> Floats:
    """Return the stem of a J with a hook that is as wide or narrower, but still an eighth of the height."""
    lowest, hook = stem[stem[:, 1].argmax()], float(stem[0, 0] - stem[:, 0].min())
    least = min(1.0, 0.12 * float(np.ptp(stem[:, 1])) / hook)
    depth = ((stem[:, 1] - stem[0, 1]) / max(lowest[1] - stem[0, 1], 1e-9)).clip(0, 1)
    narrow = 1 - depth * (1 - random.uniform(least, 1))
    x = np.where(stem[:, 0] < stem[0, 0], stem[0, 0] + (stem[:, 0] - stem[0, 0]) * narrow, stem[:, 0])
    return np.stack((x, stem[:, 1]), axis=1)


def _find_stem_of_j(strokes: Strokes) -> tuple[Floats | None, float]:
    """Return the stroke of a J that is its stem and hook, and its height, whether there is a bar on top or not."""
    low, high = measure_box(strokes)
    limit = low[1] + 0.25 * (high[1] - low[1])
    stems = [stroke for stroke in strokes if not (is_level(stroke) and stroke[:, 1].max() < limit)]
    if len(stems) != 1 or len(strokes) > 2:
        return None, 0
    (stem,) = stems
    low, high = measure_box(stems)
    width, height = high - low
    upper = stem[stem[:, 1] < low[1] + 0.25 * height]
    begins_on_top = stem[0, 1] < low[1] + 0.05 * height and stem[0, 0] > low[0] + 0.35 * width
    is_hook = stem[-1, 0] < stem[0, 0] and 0.15 * height < width < height
    return (
        (stem, float(height)) if begins_on_top and is_hook and np.ptp(upper[:, 0]) <= 0.2 * height else (None, 0)
    )
