"""Puts a sheet of paper on a desk and photographs it from the side."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from recognition.page.polygons import make_rectangle
from recognition.page.transform import Transform
from training.augmentation.pages.light import expose, make_clouds, make_light, make_shadow
from training.augmentation.pages.page import LaidOutPage
from training.augmentation.pages.paper import Colors, choose_gray, choose_ink, put_on_paper, save_picture
from training.augmentation.pages.writers import Points, Random

_CUT: Final = 0.25  # share of the sides of sheets that are outside the picture
_TILT: Final = 0.08  # standard deviation of a corner's place, by the sheet's shorter side
_TURN: Final = 0.12  # radians
_RIM: Final = 4  # pixels


def take_on_desk(page: LaidOutPage, random: Random) -> bytes:
    """Return a photo of a sheet on a desk: all of its edges are in the picture, or only some."""
    paper = choose_gray(190, 250, random, tint=6)
    sheet = put_on_paper(page.ink, paper, choose_ink(random))
    is_plain = random.random() < 0.15
    corners, origin, size = _place_sheet(sheet.shape, _find_ink(page), random, is_plain=is_plain)
    width, height = size
    desk = _make_desk((height, width), float(paper.mean()), random, is_plain=is_plain)
    placed = corners - origin
    shadow = 0.0 if is_plain or random.random() < 1 / 3 else random.uniform(0.1, 0.5)
    picture = _lay_on(desk, sheet, placed, shadow, random)
    if not is_plain:
        picture = picture * make_light(picture.shape, random)[..., None]
        if random.random() < 0.2:
            picture = picture * make_shadow(picture.shape, random)[..., None]
    picture = expose(picture.astype(np.float32), random, blur=0.3 if is_plain else 1.2)
    return save_picture(picture, random, is_photo=True, is_gray=random.random() < 0.2)


def _find_ink(page: LaidOutPage) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of the ink, or of the middle of a blank page."""
    rows, columns = np.nonzero(page.ids)
    if not len(rows):
        height, width = page.ink.shape
        return width / 3, height / 3, 2 * width / 3, 2 * height / 3
    return float(columns.min()), float(rows.min()), float(columns.max()), float(rows.max())


def _place_sheet(
    shape: tuple[int, ...], ink: tuple[float, float, float, float], random: Random, *, is_plain: bool
) -> tuple[Points, Points, tuple[int, int]]:
    """Return the corners of the sheet, the corner of the picture, and the picture's width and height."""
    height, width = shape[:2]
    angle = random.normal(0, _TURN)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = make_rectangle(0, 0, width, height)
    moved = corners @ turn.T
    if not is_plain:
        moved = moved + random.normal(0, _TILT, (4, 2)).clip(-2 * _TILT, 2 * _TILT) * min(width, height)
    to_picture = Transform.make_from_corners(width, height, moved)
    left, top, right, bottom = ink
    inked = to_picture.map_points(make_rectangle(left, top, right, bottom))
    low, high = moved.min(axis=0), moved.max(axis=0)
    longer = max(width, height)
    apart = random.uniform(0.02, 0.5, 4) * longer
    is_cut = random.random(4) < (0 if is_plain else _CUT)
    outside = np.concatenate([low - apart[:2], high + apart[2:]])
    ink_low, ink_high = inked.min(axis=0), inked.max(axis=0)
    inside = np.concatenate([ink_low - (ink_low - low) * random.uniform(0.3, 0.9), ink_high])
    inside[2:] += (high - ink_high) * random.uniform(0.3, 0.9)
    window = np.where(is_cut, inside, outside)
    size = np.maximum(np.ceil(window[2:] - window[:2]), 16).astype(int)
    return moved, window[:2], (int(size[0]), int(size[1]))


def _make_desk(shape: tuple[int, int], paper: float, random: Random, *, is_plain: bool) -> Colors:
    """Return a desk, dark or light, plain, spotted or of wood, perhaps with things on it."""
    kinds = ["plain", "spotted", "wood", "light"]
    kind = "plain" if is_plain else str(random.choice(kinds, p=[0.3, 0.2, 0.3, 0.2]))
    if kind == "light":
        base = choose_gray(0.6 * paper, 0.88 * paper, random, tint=10)
    elif kind == "wood":
        base = np.array([1.25, 1.0, 0.72]) * random.uniform(40, 140)
    else:
        base = choose_gray(8, 0.55 * paper, random, tint=14)
    desk = np.broadcast_to(base.astype(np.float32), (*shape, 3)).copy()
    longer = max(shape)
    if kind == "spotted":
        spots = make_clouds(shape, random.uniform(0.01, 0.1) * longer, random)
        desk *= 1 + random.uniform(0.05, 0.25) * spots[..., None]
    if kind == "wood":
        desk *= 1 + random.uniform(0.05, 0.2) * _make_wood(shape, random)[..., None]
    if not is_plain and random.random() < 0.35:
        desk = _add_things(desk, random)
    return desk.clip(0, 255)


def _make_wood(shape: tuple[int, int], random: Random) -> npt.NDArray[np.float32]:
    """Return the grain of wood: long streaks, and the joints of boards."""
    streaks = make_clouds((shape[0], max(8, shape[1] // 24)), random.uniform(2, 8), random)
    grain = np.asarray(Image.fromarray(streaks).resize((shape[1], shape[0]), Image.Resampling.BILINEAR)).copy()
    if random.random() < 1 / 2:
        step = int(shape[0] * random.uniform(0.15, 0.5)) + 1
        grain[int(random.integers(step)) :: step] -= 3
    return grain


def _add_things(desk: Colors, random: Random) -> Colors:
    """Return a desk with a few things on it: pens, cards and cups."""
    height, width = desk.shape[:2]
    canvas = Image.fromarray(desk.clip(0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(canvas)
    for _ in range(int(random.integers(1, 4))):
        x, y = random.uniform(0, 1, 2) * [width, height]
        size = random.uniform(0.04, 0.25) * max(width, height)
        color = tuple(int(level) for level in random.integers(0, 256, 3))
        kind = random.random()
        if kind < 1 / 3:
            draw.ellipse((x - size, y - size, x + size, y + size), fill=color)
        elif kind < 2 / 3:
            angle = random.uniform(0, np.pi)
            dx, dy = 2 * size * np.cos(angle), 2 * size * np.sin(angle)
            draw.line((x - dx, y - dy, x + dx, y + dy), fill=color, width=max(2, round(size / 6)))
        else:
            turn = random.uniform(0, np.pi) + np.array([0, 0.9, np.pi, np.pi + 0.9])
            draw.polygon([(x + size * np.cos(a), y + size * np.sin(a)) for a in turn.tolist()], fill=color)
    return np.asarray(canvas).astype(np.float32)


def _lay_on(desk: Colors, sheet: Colors, corners: Points, shadow: float, random: Random) -> Colors:
    """Return the desk with the sheet at its four corners, and the shadow that it throws."""
    height, width = desk.shape[:2]
    rows, columns = sheet.shape[:2]
    to_sheet = Transform.make_from_corners(columns, rows, corners).invert()
    to_rim = Transform.make_shift(_RIM, _RIM).compose(to_sheet).matrix
    data = tuple((to_rim / to_rim[2, 2]).ravel()[:8].tolist())
    rim = ((_RIM, _RIM), (_RIM, _RIM), (0, 0))  # so that no black from outside is mixed into the edges
    levels = Image.fromarray(np.pad(sheet, rim, mode="edge").clip(0, 255).astype(np.uint8))
    perspective = Image.Transform.PERSPECTIVE
    warped = levels.transform((width, height), perspective, data, Image.Resampling.BICUBIC)
    fine = Image.new("L", (2 * width, 2 * height))
    ImageDraw.Draw(fine).polygon([(2 * x, 2 * y) for x, y in corners.tolist()], fill=255)
    mask = np.asarray(fine.reduce(2)).astype(np.float32)[..., None] / 255
    if shadow:
        offset = random.uniform(-0.015, 0.015, 2) * max(width, height)
        thrown = Image.new("L", (width, height))
        ImageDraw.Draw(thrown).polygon([tuple(point) for point in (corners + offset).tolist()], fill=255)
        soft = np.asarray(thrown.reduce(4).resize((width, height), Image.Resampling.BILINEAR)) / 255
        desk = desk * (1 - shadow * soft[..., None]).astype(np.float32)
    return (desk * (1 - mask) + np.asarray(warped).astype(np.float32) * mask).astype(np.float32)
