"""Which pixels of a page are ink."""

from __future__ import annotations

import numpy as np
from PIL import ImageOps

from recognition.page.binarize import binarize
from tests.recognition.page.paper import write_page
from tests.strokes import Samples


def test_a_reflection_is_no_light_ink(samples: Samples) -> None:
    picture = ImageOps.expand(write_page(samples, "2024", height=60, gap=0.4).picture, 90, fill=225)
    page = np.asarray(picture).astype(np.float64)
    page = 150 - 0.45 * (page.max() - page)
    y, x = np.mgrid[0 : page.shape[0], 0 : page.shape[1]]
    spot = 1 / (1 + np.exp(8 * (np.hypot((x - 0.5 * page.shape[1]) / 140, (y - 80) / 22) - 1)))
    plain, lit = binarize(page.astype(np.uint8)), binarize((page + (255 - page) * 0.9 * spot).astype(np.uint8))
    assert plain is not None and lit is not None
    assert len(plain.boxes) == len(lit.boxes)
