"""Takes pictures of boards, of ruled and squared paper, and of paper under uneven light."""

from __future__ import annotations

from typing import Final

import numpy as np

from training.augmentation.pages.light import expose, make_clouds, make_light, make_reflections, make_shadow
from training.augmentation.pages.page import LaidOutPage
from training.augmentation.pages.paper import Colors, choose_gray, choose_ink, put_on_paper, save_picture
from training.augmentation.pages.writers import Random

_BOARDS: Final = ((32, 60, 45), (30, 32, 34), (45, 55, 60))
_MARKERS: Final = ((20, 20, 25), (30, 60, 170), (190, 30, 35), (20, 120, 60), (120, 40, 140))
_RULINGS: Final = ((120, 160, 215), (150, 150, 160), (205, 130, 130), (150, 190, 160))


def take_board(page: LaidOutPage, random: Random) -> bytes:
    """Return a picture of a blackboard, a whiteboard or a dark screen."""
    kind = str(random.choice(["black", "white", "screen"], p=[0.45, 0.3, 0.25]))
    if kind == "screen":
        ground = choose_gray(0, 60, random, tint=8)
        ink = choose_gray(150, 255, random) if random.random() < 1 / 2 else random.uniform(120, 255, 3)
        return save_picture(put_on_paper(page.ink, ground, ink), random)
    shape = page.ink.shape
    longer = max(shape)
    if kind == "black":
        ground = np.array(_BOARDS[int(random.integers(len(_BOARDS)))]) * random.uniform(0.6, 1.5)
        smear = make_clouds(shape, random.uniform(0.05, 0.3) * longer, random)
        board = np.clip(ground + random.uniform(0, 10) * smear[..., None], 0, 255)
        grain = 1 - random.uniform(0, 0.4) * random.random(shape)
        chalk = (page.ink * grain).astype(np.uint8)
        colors = put_on_paper(chalk, board, choose_gray(170, 250, random, tint=12))
    else:
        board = np.broadcast_to(choose_gray(185, 245, random), (*shape, 3))
        marker = np.array(_MARKERS[int(random.integers(len(_MARKERS)))], np.float64)
        colors = put_on_paper(page.ink, board, marker)
        if random.random() < 2 / 3:
            shine = make_reflections(shape, random)[..., None]
            colors = (colors + (255 - colors) * shine * 0.8).astype(np.float32)
    lit = (colors * make_light(shape, random)[..., None]).astype(np.float32)
    return save_picture(expose(lit, random), random, is_photo=True)


def take_ruled(page: LaidOutPage, random: Random) -> bytes:
    """Return a picture of writing on ruled or squared paper, with or without a margin line."""
    paper = _rule_paper(page, random)
    colors = put_on_paper(page.ink, paper, choose_ink(random))
    if random.random() < 1 / 2:
        return save_picture(colors, random)
    lit = (colors * make_light(colors.shape, random)[..., None]).astype(np.float32)
    return save_picture(expose(lit, random, blur=0.9), random, is_photo=True)


def take_uneven(page: LaidOutPage, random: Random) -> bytes:
    """Return a photo under uneven light, with shadows, and with the other side of the sheet shining through."""
    shape = page.ink.shape
    paper = np.broadcast_to(choose_gray(200, 250, random), (*shape, 3)).astype(np.float32)
    if random.random() < 0.4:
        back = np.roll(page.ink[:, ::-1], random.integers(-40, 40, 2), axis=(0, 1))
        paper = put_on_paper(back, paper, paper[0, 0] * (1 - random.uniform(0.03, 0.13)))
    if random.random() < 0.3:
        crumpled = make_clouds(shape, random.uniform(0.1, 0.5) * max(shape), random)
        paper = paper * (1 + random.uniform(0.01, 0.04) * crumpled[..., None])
    colors = put_on_paper(page.ink, paper, choose_ink(random))
    light = make_light(shape, random, strength=0.4).clip(0.25, 1.6)
    if random.random() < 0.75:
        light = light * make_shadow(shape, random)
    lit = (colors * light[..., None] / max(float(light.max()), 1)).astype(np.float32)
    return save_picture(expose(lit, random), random, is_photo=True)


def _rule_paper(page: LaidOutPage, random: Random) -> Colors:
    """Return ruled or squared paper, its lines a little turned."""
    height, width = page.ink.shape
    paper = np.broadcast_to(choose_gray(215, 255, random), (height, width, 3)).astype(np.float32)
    color = np.array(_RULINGS[int(random.integers(len(_RULINGS)))]) * random.uniform(0.7, 1.2)
    is_squared = random.random() < 0.4
    spacing = page.height * (random.uniform(0.35, 0.9) if is_squared else random.uniform(0.9, 2.2))
    thick = max(1.0, page.height * random.uniform(0.01, 0.03))
    angle = random.normal(0, 0.008)
    rows, columns = np.arange(height)[:, None], np.arange(width)[None]
    down = (rows + angle * columns + random.uniform(0, spacing)) % spacing
    covered = np.clip(thick / 2 + 0.5 - np.minimum(down, spacing - down), 0, 1)
    if is_squared:
        across = (columns - angle * rows + random.uniform(0, spacing)) % spacing
        lines = np.clip(thick / 2 + 0.5 - np.minimum(across, spacing - across), 0, 1)
        covered = np.maximum(covered, lines)
    ruled = put_on_paper((255 * covered).astype(np.uint8), paper, color.clip(0, 255))
    if random.random() < 0.25:
        x = int(random.uniform(0.02, 0.15) * width)
        ruled[:, x : x + max(1, round(thick))] = np.array([215, 100, 105]) * random.uniform(0.8, 1.1)
    return ruled
