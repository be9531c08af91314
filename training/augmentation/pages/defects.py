"""Takes pictures with a fault: turned, with huge pixels, or with damaged strokes."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage

from training.augmentation.pages.page import LaidOutPage
from training.augmentation.pages.paper import choose_gray, put_on_paper, save_picture
from training.augmentation.pages.pens import Coverage
from training.augmentation.pages.writers import Random

_BITMAP: Final = 32  # pixels a side that optdigits counts, 4×4 at a time


def take_turned(page: LaidOutPage, random: Random) -> bytes:
    """Return a picture that is upside down or on its side."""
    colors = put_on_paper(page.ink, choose_gray(225, 255, random), choose_gray(0, 90, random))
    return save_picture(np.rot90(colors, int(random.integers(1, 4))), random)


def take_blocky(page: LaidOutPage, random: Random) -> bytes:
    """Return a character of few pixels, each enlarged to a block.

    Half of them are made as those of UCI's optdigits: a bitmap of 32×32, whose pixels are counted 4×4 at a time.
    """
    rows, columns = np.nonzero(page.ids)
    box = (int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
    few = 8 if random.random() < 2 / 3 else int(random.integers(7, 17))
    ink = Image.fromarray(page.ink).crop(box)
    if random.random() < 1 / 2:
        longer = max(box[2] - box[0], box[3] - box[1])
        wide = max(round(_BITMAP * max((box[2] - box[0]) / longer, 0.2)), 4)
        bitmap = np.zeros((_BITMAP, _BITMAP))
        left = (_BITMAP - wide) // 2
        inked = np.where(page.ids > 0, 255, 0).astype(np.uint8)
        scaled = ndimage.maximum_filter(inked, max(1, round(longer / 14)))
        part = Image.fromarray(scaled).crop(box).resize((wide, _BITMAP), Image.Resampling.BOX)
        bitmap[:, left : left + wide] = np.asarray(part) > 127
        sides = np.linspace(0, _BITMAP, few + 1).astype(int)
        counts = np.add.reduceat(np.add.reduceat(bitmap, sides[:-1], axis=0), sides[:-1], axis=1)
        levels = counts / (np.diff(sides)[:, None] * np.diff(sides)[None])
    else:
        scale = few / max(ink.size)
        size = (max(1, round(ink.width * scale)), max(1, round(ink.height * scale)))
        levels = np.asarray(ink.resize(size, Image.Resampling.BOX)) / 255
        levels = levels / max(levels.max(), 1e-9)
    block = int(np.exp(random.uniform(np.log(4), np.log(56))))
    margin = round(block * random.uniform(0, 3)) if random.random() < 0.8 else 0
    enlarged = np.pad(np.kron(levels, np.ones((block, block))), margin)
    dark, light = random.choice([0, random.uniform(0, 60)]), random.choice([255, random.uniform(210, 255)])
    gray = light + (dark - light) * enlarged
    if random.random() < 0.15:
        gray = 255 - gray
    return save_picture(np.repeat(gray[..., None], 3, axis=2), random)


def take_damaged(page: LaidOutPage, random: Random) -> bytes:
    """Return a picture with strokes that are broken, worn or only black and white, or with dust."""
    ink = page.ink
    for damage in random.choice(3, int(random.integers(1, 3)), replace=False).tolist():
        ink = (_scratch, _wear, _binarize)[damage](ink, page, random)
    colors = put_on_paper(ink, choose_gray(225, 255, random), choose_gray(0, 80, random))
    return save_picture(colors, random)


def make_blank(page: LaidOutPage) -> LaidOutPage:
    """Return a page without its writing."""
    is_printed = page.ids < 0
    return replace(page, ink=page.ink * is_printed, ids=np.where(is_printed, page.ids, 0), marks=())


def _scratch(ink: Coverage, page: LaidOutPage, random: Random) -> Coverage:
    """Return ink with thin gaps, as of folds and scratches."""
    height, width = ink.shape
    gaps = Image.new("L", (width, height))
    draw = ImageDraw.Draw(gaps)
    for _ in range(int(random.integers(1, 5))):
        x, y = random.uniform(0, 1, 2) * [width, height]
        angle = random.uniform(0, np.pi)
        dx, dy = np.cos(angle) * width, np.sin(angle) * width
        thick = max(1, round(page.height * random.uniform(0.01, 0.045)))
        draw.line((x - dx, y - dy, x + dx, y + dy), fill=255, width=thick)
    return np.where(np.asarray(gaps) > 0, 0, ink).astype(np.uint8)


def _wear(ink: Coverage, page: LaidOutPage, random: Random) -> Coverage:
    """Return ink of a pen that runs dry: it fades in spots."""
    noise = ndimage.gaussian_filter(random.normal(size=ink.shape), page.height * random.uniform(0.02, 0.06))
    spots = noise / max(float(noise.std()), 1e-9)
    share = np.clip(1.25 + 0.6 * (spots + random.uniform(0, 0.8)), random.uniform(0, 0.3), 1)
    return np.asarray(np.rint(ink * share), np.uint8)


def _binarize(ink: Coverage, _page: LaidOutPage, random: Random) -> Coverage:
    """Return ink as a fax sends it: black and white, with ragged edges and a little dust."""
    ragged = ink + random.normal(0, random.uniform(10, 60), ink.shape) > random.uniform(70, 150)
    dust = random.random(ink.shape) < random.uniform(0, 0.0008)
    return np.where(ragged & (ink > 8) | dust, 255, 0).astype(np.uint8)
