"""Puts frames around pages: lines, dark margins, the edge of a scanner, and screenshots of a canvas."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from training.augmentation.pages.page import LaidOutPage
from training.augmentation.pages.paper import Colors, choose_gray, put_on_paper, save_picture
from training.augmentation.pages.writers import Random

_WHITE: Final = np.full(3, 255.0)
_BLACK: Final = np.zeros(3)


def take_framed(page: LaidOutPage, random: Random) -> bytes:
    """Return a picture of a page with a frame of some kind."""
    kind = str(random.choice(["line", "margins", "scanner", "canvas"], p=[0.25, 0.25, 0.2, 0.3]))
    if kind == "canvas":
        return save_picture(_make_screenshot(page, random), random)
    paper = _WHITE if random.random() < 1 / 2 else choose_gray(225, 255, random)
    ink = _BLACK if random.random() < 1 / 2 else choose_gray(0, 80, random)
    colors = put_on_paper(page.ink, paper, ink)
    frame = {"line": _add_line, "margins": _add_margins, "scanner": _add_scanner_edge}[kind]
    return save_picture(frame(colors, random), random)


def _add_line(colors: Colors, random: Random) -> Colors:
    """Return a picture with a thin line along all its sides, at the very edge or a little inside.

    Some are light on dark, and some as small as the images of MNIST.
    """
    framed = _reduce(colors, random) if random.random() < 0.2 else colors
    is_dark = random.random() < 0.25
    framed = 255 - framed if is_dark else framed
    height, width = framed.shape[:2]
    thick = int(random.choice([1, 1, 1, 2, 3]))
    inset = 0 if random.random() < 0.6 else int(random.integers(1, 4))
    level = _BLACK if random.random() < 0.6 else choose_gray(0, 150, random)
    level = 255 - level if is_dark else level
    corner = (inset, inset, width - 1 - inset, height - 1 - inset)
    canvas = Image.fromarray(framed.clip(0, 255).astype(np.uint8))
    color = tuple(int(value) for value in level)
    ImageDraw.Draw(canvas).rectangle(corner, outline=color, width=thick)
    return np.asarray(canvas).astype(np.float32)


def _reduce(colors: Colors, random: Random) -> Colors:
    """Return a picture of 24 to 64 pixels a side."""
    height, width = colors.shape[:2]
    scale = random.uniform(24, 64) / max(min(height, width), 24)
    picture = Image.fromarray(colors.clip(0, 255).astype(np.uint8))
    small = picture.resize((max(1, round(scale * width)), max(1, round(scale * height))), Image.Resampling.BOX)
    return np.asarray(small).astype(np.float32)


def _add_margins(colors: Colors, random: Random) -> Colors:
    """Return a picture with dark margins at one to four sides, each of any width."""
    height, width = colors.shape[:2]
    color = _BLACK if random.random() < 1 / 2 else choose_gray(0, 110, random, tint=8)
    return _surround(colors, _choose_widths(height, width, random), color)


def _choose_widths(height: int, width: int, random: Random) -> list[int]:
    """Return the widths of margins at the left, top, right and bottom; some are 0."""
    has_margin = random.random(4) < random.choice([0.35, 1])
    has_margin[int(random.integers(4))] = True
    widest = random.uniform(0.03, 0.35) * min(height, width)
    widths = widest * (np.ones(4) if random.random() < 1 / 2 else random.uniform(0.2, 1, 4))
    return [max(round(width), 1) if has else 0 for width, has in zip(widths.tolist(), has_margin, strict=True)]


def _surround(colors: Colors, widths: list[int], color: npt.NDArray[np.float64]) -> Colors:
    left, top, right, bottom = widths
    height, width = colors.shape[:2]
    surrounded = np.broadcast_to(color.astype(np.float32), (height + top + bottom, width + left + right, 3)).copy()
    surrounded[top : top + height, left : left + width] = colors
    return surrounded


def _add_scanner_edge(colors: Colors, random: Random) -> Colors:
    """Return a picture with a dark strip at one or two sides, whose border may be ragged, slanted and soft."""
    scanned = colors
    for side in random.choice(4, int(random.integers(1, 3)), replace=False).tolist():
        turned = np.rot90(scanned, side)
        height, width = turned.shape[:2]
        dark = max(3.0, random.uniform(0.02, 0.15) * width)
        border = np.full(height, dark)
        if random.random() < 2 / 3:
            border += random.normal(0, 0.02) * np.linspace(-1, 1, height) * width
            border += np.cumsum(random.normal(0, random.choice([0, 0.2]), height))
        softness = random.choice([0.05, 0.3, 1, 3])
        wider = np.pad(turned, ((0, 0), (round(border.max() + 4 * softness) + 1, 0), (0, 0)), mode="edge")
        depth = (np.arange(wider.shape[1]) - border[:, None]) / softness
        share = (1 / (1 + np.exp(np.clip(depth, -50, 50))))[..., None]
        scanned = np.rot90(wider * (1 - share) + random.uniform(0, 60) * share, -side)
    return np.ascontiguousarray(scanned, np.float32)


def _make_screenshot(page: LaidOutPage, random: Random) -> Colors:
    """Return a screenshot of a canvas with writing, on a page of a browser."""
    is_dark = random.random() < 0.6
    canvas_color = choose_gray(0, 40, random) if random.random() < 1 / 2 else _BLACK
    ink_color = choose_gray(190, 255, random) if random.random() < 1 / 2 else _WHITE
    if not is_dark:
        canvas_color, ink_color = _WHITE, _BLACK
    canvas = put_on_paper(page.ink, canvas_color, ink_color)
    height, width = canvas.shape[:2]
    left, right = random.uniform(0.05, 0.8, 2) * width
    top, bottom = random.uniform(0.05, 0.6, 2) * height
    around = _WHITE if random.random() < 0.7 else choose_gray(215, 250, random)
    if is_dark and random.random() < 0.1:
        around = choose_gray(60, 140, random)
    screen = _surround(canvas, [round(left), round(top), round(right), round(bottom)], around)
    drawn = Image.fromarray(screen.clip(0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(drawn)
    x, y = round(left), round(top)
    box = (x, y, x + width - 1, y + height - 1)
    if random.random() < 0.4:
        radius = round(random.uniform(0.02, 0.12) * min(height, width))
        mask = Image.new("L", drawn.size, 255)
        ImageDraw.Draw(mask).rounded_rectangle(box, radius, fill=0)
        corners = Image.new("L", drawn.size)
        ImageDraw.Draw(corners).rectangle(box, fill=255)
        cut = np.minimum(np.asarray(mask), np.asarray(corners))
        drawn.paste(tuple(int(value) for value in around), mask=Image.fromarray(cut))
    elif not is_dark or random.random() < 0.2:
        gray = int(random.integers(0, 200))
        border = (box[0] - 1, box[1] - 1, box[2] + 1, box[3] + 1)
        draw.rectangle(border, outline=(gray,) * 3, width=int(random.integers(1, 4)))
    pixels = np.asarray(drawn).astype(np.float32)
    return _add_chrome(pixels, random) if random.random() < 0.25 else pixels


def _add_chrome(screen: Colors, random: Random) -> Colors:
    """Return a screen with the bar of a browser above it: three dots and an address field, without text."""
    width = screen.shape[1]
    high = int(random.integers(22, 48))
    bar = Image.new("RGB", (width, high), (int(random.integers(215, 245)),) * 3)
    draw = ImageDraw.Draw(bar)
    radius = high * 0.16
    for number, color in enumerate([(255, 95, 87), (254, 188, 46), (40, 200, 64)]):
        x = high * (0.5 + 0.6 * number)
        draw.ellipse((x - radius, high / 2 - radius, x + radius, high / 2 + radius), fill=color)
    if width > 4 * high:
        field = (2.5 * high, high * 0.2, width - 0.5 * high, high * 0.8)
        draw.rounded_rectangle(field, high * 0.3, fill=(255, 255, 255))
    return np.concatenate([np.asarray(bar).astype(np.float32), screen])
