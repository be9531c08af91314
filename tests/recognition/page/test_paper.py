"""How bright the paper is at each pixel."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageOps

from recognition.page.binarize import binarize
from recognition.page.paper import estimate_paper
from tests.recognition.page.paper import write_page
from tests.strokes import Samples


@pytest.mark.parametrize("depth", [0.5, 0.9])
def test_dark_corners_are_paper(samples: Samples, depth: float) -> None:
    page = np.asarray(ImageOps.expand(write_page(samples, "2024", gap=0.4).picture, 60, fill=225))
    y, x = (np.linspace(-1, 1, side) for side in page.shape)
    light = 1 - depth * (x**2 + y[:, None] ** 2) / 2
    plain, faded = binarize(page), binarize((page * light).astype(np.uint8))
    assert plain is not None and faded is not None
    assert len(faded.boxes) == len(plain.boxes)


def test_ink_along_the_edge_is_no_dark_corner() -> None:
    gradient = Image.linear_gradient("L").resize((300, 200))
    levels = np.asarray(gradient).astype(np.float32) / np.float32(4) + np.float32(180)
    levels[:, :12] = 30
    paper = estimate_paper(levels, 32)
    assert paper[:, :12].min() > 170
