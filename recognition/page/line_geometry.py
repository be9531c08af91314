"""How tall characters are and where they stand on a line, and what that says about them.

Heights are in heights of a capital letter, counted from the base line. A part is a place on a line that a
character can fill, such as that of a capital or of an x. Some characters have several: some people's f goes below
the line.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from recognition.alphabets import CLASSES, DIGITS, LOWER, UPPER

Floats = npt.NDArray[np.float64]

# How tall and how deep writing may be. The small letters of UNIPEN's training writers are 0.6 of a capital tall,
# by the median. The priors are broader: characters that were cut out may even all be of one height.
_X_HEIGHTS: Final = np.array([0.42, 0.5, 0.58, 0.67, 0.78, 0.9, 1.0])
_X_HEIGHT_PRIOR: Final = np.array([0.08, 0.2, 0.26, 0.2, 0.12, 0.07, 0.07])
_DESCENTS: Final = np.array([0.0, 0.22, 0.4])
_DESCENT_PRIOR: Final = np.array([0.15, 0.4, 0.45])
_EQUAL_PRIOR: Final = 0.15  # that all characters are of one height, in addition
_USUAL_X_HEIGHT: Final = 0.58
_USUAL_DESCENT: Final = 0.3

# A line's height of capitals and its base line are tried around a first estimate.
_SCALES: Final = np.exp(np.linspace(-0.65, 0.65, 14))  # of the estimate
_OFFSETS: Final = np.linspace(-0.5, 0.5, 11)  # of the base line, in estimated heights
_MOST_PLACES: Final = 12  # pairs of height and base line that are looked at closely

_HEIGHT_SPREAD: Final = 0.15  # standard deviation of the logarithm of a height; measured: 0.12 to 0.2
_BASE_SPREAD: Final = 0.09  # standard deviation of where a character stands
_STRAYS: Final = 0.06  # share of the characters that are sized or placed freely
_STRAY_SPREAD: Final = 4.0  # of theirs, in standard deviations of the others
_MOST_SQUARED: Final = 900.0  # keeps logarithms finite
_FLATTEST: Final = 0.4  # height over width that a flatter character counts as having
_FAR: Final = 0.3  # of the length of a line: characters that far apart tell its slope
_FEWEST_FOR_SLOPE: Final = 4

_PARTS: Final = ("capital", "digit", "ascender", "x", "descender", "dotted", "dotted descender", "low capital")
_PARTS_OF: Final = (
    {character: {"capital": 0.95, "low capital": 0.05} for character in UPPER}
    | {character: {"digit": 0.94, "low capital": 0.06} for character in DIGITS}
    | {character: {"x": 1.0} for character in LOWER}
    | {character: {"ascender": 1.0} for character in "bdhkl"}
    | {character: {"descender": 0.95, "x": 0.05} for character in "gpqy"}
    | {
        "f": {"ascender": 0.7, "low capital": 0.3},
        "i": {"dotted": 0.8, "x": 0.2},
        "t": {"dotted": 1.0},
        "j": {"dotted descender": 0.8, "low capital": 0.2},
        "z": {"x": 0.9, "descender": 0.1},
        "J": {"capital": 0.75, "low capital": 0.25},
    }
)

PART_SHARES: Final = np.array([[_PARTS_OF[character].get(part, 0.0) for part in _PARTS] for character in CLASSES])
"""float64 (62, parts): how often each class fills each part."""


def measure_fits(part_shares: Floats, bounds: Floats) -> tuple[Floats, Floats]:
    """Measure how well characters fit the parts of a line, for many lines that they may be on.

    Args:
        part_shares: float64 (N, parts), the probability that each character fills each part.
        bounds: float64 (N, 4): left, top, right and bottom of each character, y downwards.

    Returns:
        float64 (lines, N, parts), up to 1, and float64 (lines,), the logarithm of each line's prior probability.
    """
    part_shares = part_shares / part_shares.sum(axis=1, keepdims=True)
    lefts, tops, rights, bottoms = bounds.T
    heights = np.log(np.maximum(np.maximum(bottoms - tops, _FLATTEST * (rights - lefts)), 1e-9))
    usual_sizes, usual_depths = (
        array[0, 0] for array in _list_parts(np.array([_USUAL_X_HEIGHT]), np.array([_USUAL_DESCENT]))
    )
    height = float(np.exp(np.median(heights - part_shares @ np.log(usual_sizes))))
    middles = (lefts + rights) / 2
    bases = bottoms - height * (part_shares @ usual_depths)
    slope = _fit_slope(middles, bases)
    rise = slope * (middles - middles.mean())
    levels = (bottoms - rise - np.median(bases - rise)) / height  # below the estimated base line

    def measure_heights(log_sizes: Floats, scales: Floats) -> Floats:
        """Return (…, N, parts) for sizes (…, 1, parts) and scales of the same number of dimensions."""
        return _measure_density((heights[:, None] - np.log(height * scales) - log_sizes) / _HEIGHT_SPREAD)

    def measure_places(depths: Floats, scales: Floats, offsets: Floats) -> Floats:
        return _measure_density(((levels[:, None] - offsets) / scales - depths) / _BASE_SPREAD)

    scales, offsets = _SCALES[:, None, None], _OFFSETS[:, None, None]
    by_scale = measure_heights(np.log(usual_sizes), scales) * part_shares
    by_place = measure_places(usual_depths, scales[:, None], offsets)
    likelihoods = np.log(np.einsum("snp,sonp->son", by_scale, by_place)).sum(axis=2).reshape(-1)
    likely = np.argsort(-likelihoods, kind="stable")[:_MOST_PLACES]
    scale_numbers, offset_numbers = np.divmod(likely, len(_OFFSETS))
    sizes, depths = _list_parts(_X_HEIGHTS, _DESCENTS)
    likely_scales, places = np.unique(scale_numbers, return_inverse=True)
    by_scale = measure_heights(np.log(sizes)[:, :, None], scales[likely_scales, None, None])
    by_place = measure_places(depths[0][:, None], scales[scale_numbers, None], offsets[offset_numbers, None])
    fits = by_scale[places] * by_place[:, None]
    prior = np.broadcast_to(_LINE_PRIOR, (len(likely), *_LINE_PRIOR.shape))
    return fits.reshape(-1, len(bounds), len(_PARTS)), np.log(prior).reshape(-1)


def _list_parts(x_heights: Floats, descents: Floats) -> tuple[Floats, Floats]:
    """Return (x heights, descents, parts): the size of each part, and how far it goes below the base line."""
    x, descent = np.meshgrid(x_heights, descents, indexing="ij")
    one, zero, dotted, low = np.ones_like(x), np.zeros_like(x), (x + 1) / 2, np.maximum(descent, 0.2)
    tops = np.stack([one, 0.93 * one, 1.04 * one, x, x, dotted, dotted, one], axis=-1)
    depths = np.stack([zero, zero, zero, zero, descent, zero, low, low], axis=-1)
    return tops + depths, depths


def _measure_density(deviations: Floats) -> Floats:
    """Return the density of deviations in standard deviations, relative to that of none. A few may be far off."""
    squares = np.minimum(deviations * deviations, _MOST_SQUARED)
    usual, strays = np.exp(-squares / 2), np.exp(-squares / (2 * _STRAY_SPREAD**2))
    density: Floats = (1 - _STRAYS) * usual + _STRAYS / _STRAY_SPREAD * strays
    return density


def _fit_slope(x: Floats, y: Floats) -> float:
    """Return the rise over run of a line through points: the median over pairs (Theil 1950, Sen 1968)."""
    if len(x) < _FEWEST_FOR_SLOPE:
        return 0.0
    run, rise = x[:, None] - x, y[:, None] - y
    is_far = run > _FAR * np.ptp(x)
    return float(np.median(rise[is_far] / run[is_far])) if is_far.any() else 0.0


def _make_line_prior() -> Floats:
    prior: Floats = np.outer(_X_HEIGHT_PRIOR, _DESCENT_PRIOR)
    prior[-1, 0] += _EQUAL_PRIOR
    prior /= prior.sum()
    return prior


_LINE_PRIOR: Final = _make_line_prior()
