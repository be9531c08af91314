"""What light and a camera do to a page: shade, shadows with edges, reflections, blur and noise."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from training.augmentation.pages.paper import Colors
from training.augmentation.pages.writers import Random

Levels = npt.NDArray[np.float32]


def make_grid(shape: tuple[int, ...]) -> tuple[Levels, Levels]:
    """Return how far down and across each pixel is, float32 (height, 1) and (1, width), from -0.5 to 0.5."""
    down = np.linspace(-0.5, 0.5, shape[0], dtype=np.float32)[:, None]
    return down, np.linspace(-0.5, 0.5, shape[1], dtype=np.float32)[None]


def make_light(shape: tuple[int, ...], random: Random, strength: float = 0.15) -> Levels:
    """Return how much light falls on each pixel, float32 (height, width): about 1, with a slope and a vignette."""
    down, across = make_grid(shape)
    slopes = random.normal(0, strength, 2)
    light = 1 + slopes[0] * down + slopes[1] * across - random.uniform(0, strength) * (down**2 + across**2)
    return np.asarray(light, np.float32)


def make_shadow(shape: tuple[int, ...], random: Random) -> Levels:
    """Return a shadow with one or two edges, hard or soft, as of a hand or a phone: float32 (height, width)."""
    down, across = make_grid(shape)
    shadow = np.ones(shape[:2], np.float32)
    for _ in range(int(random.integers(1, 3))):
        angle = random.uniform(0, 2 * np.pi)
        depth = np.cos(angle) * down + np.sin(angle) * across - random.normal(0, 0.2)
        bend = random.normal(0, 0.6) * (np.sin(angle) * down - np.cos(angle) * across) ** 2
        edge = float(np.exp(random.uniform(np.log(8), np.log(200))))
        shadow *= 1 - random.uniform(0.15, 0.55) / (1 + np.exp(np.clip(-(depth + bend) * edge, -50, 50)))
    return shadow


def make_reflections(shape: tuple[int, ...], random: Random) -> Levels:
    """Return how much white lamps add to each pixel, from 0 to 1: float32 (height, width)."""
    down, across = make_grid(shape)
    added = np.zeros(shape[:2], np.float32)
    for _ in range(int(random.integers(1, 3))):
        y, x = random.uniform(-0.5, 0.5, 2)
        high, wide = random.uniform(0.04, 0.2, 2)
        added += random.uniform(0.2, 0.7) * np.exp(-(((down - y) / high) ** 2) - ((across - x) / wide) ** 2)
    return added.clip(0, 1)


def make_clouds(shape: tuple[int, ...], size: float, random: Random) -> Levels:
    """Return smooth noise, float32 (height, width), with mean 0 and standard deviation 1.

    Args:
        shape: height and width.
        size: of its spots, in pixels.
        random: what makes it.
    """
    step = max(1.0, size / 2)
    small = [max(2, int(side / step) + 2) for side in shape[:2]]
    noise = ndimage.gaussian_filter(random.normal(size=small), 1)
    zoomed = ndimage.zoom(noise, [side / few for side, few in zip(shape[:2], small, strict=True)], order=1)
    return np.asarray((zoomed - zoomed.mean()) / max(float(zoomed.std()), 1e-9), np.float32)


def expose(colors: Colors, random: Random, *, blur: float = 1.2, noise: float = 5) -> Colors:
    """Return a picture a little out of focus and noisy, as a camera takes it.

    Args:
        colors: float32 (height, width, 3).
        random: what chooses how much.
        blur: largest standard deviation of the blur, in pixels.
        noise: largest standard deviation of the noise, in levels.
    """
    sigma = random.uniform(0, blur)
    blurred = ndimage.gaussian_filter(colors, (sigma, sigma, 0))
    grain = random.normal(0, random.uniform(0, noise), colors.shape[:2]).astype(np.float32)
    return np.asarray(blurred + grain[..., None], np.float32)
