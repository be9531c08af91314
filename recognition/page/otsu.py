"""Otsu's threshold between two classes of levels."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def compute_otsu_threshold(levels: npt.NDArray[np.float32]) -> float:
    """Return the threshold that maximizes the variance between two classes (Otsu 1979)."""
    counts, edges = np.histogram(levels, bins=256)
    middles = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * middles)
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = sums / below - (sums[-1] - sums) / above
        variance = np.nan_to_num(below * above * difference**2)
    return float(middles[int(np.argmax(variance))])
