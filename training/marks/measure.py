"""Measures the network of marks: how often each kind is taken for each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from pathlib import Path
from typing import Final

import numpy as np

from recognition.page.marks import CHARACTER, KINDS, PART, SEVERAL, SIGN, MarkNetwork
from training.datasets.photos import iterate_photos
from training.datasets.pictures import PictureSet, load_emnist, load_mnist
from training.datasets.sources import PHOTOS, is_present
from training.marks.candidates import Candidates, collect_from_pictures

_SINGLE: Final = 700  # pictures of each set
_GAPS: Final = (-9.0, 0.0, 0.08, 0.15, 0.25, 0.4, 0.7)  # ends of ranges, relative to the height


def measure_single(path: Path, folder: Path) -> str:
    """Return a table in Markdown: how many pictures of a single character are found to be one."""
    network = MarkNetwork.load(path)
    sets: list[tuple[str, Iterable[tuple[bytes, int]]]] = [
        ("MNIST, test part", _take(load_mnist(folder, "t10k"))),
        ("EMNIST, test part", _take(load_emnist(folder, "test"))),
    ]
    if is_present(folder, PHOTOS):
        sets.append(("photos, test part", islice(iterate_photos(folder, "test"), _SINGLE)))
    rows = ["| pictures of one character | pictures | character | sign over 0.5 |", "| --- | --- | --- | --- |"]
    for name, pictures in sets:
        marks = collect_from_pictures(pictures, np.random.default_rng(0))
        probabilities = network.compute_kinds(marks.frames[marks.kinds == CHARACTER])
        found, lost = (probabilities.argmax(axis=1) == CHARACTER).mean(), (probabilities[:, SIGN] > 0.5).mean()
        rows.append(f"| {name} | {len(probabilities):,} | {100 * found:.1f} | {100 * lost:.1f} |")
    return "\n".join(rows)


def measure_marks(path: Path, held_out: Candidates) -> str:
    """Return tables in Markdown: the kinds, false signs by character, signs, several characters by their gap."""
    probabilities = MarkNetwork.load(path).compute_kinds(held_out.frames)
    chosen = probabilities.argmax(axis=1)
    kinds = held_out.kinds
    rows = [f"| really | marks | {' | '.join(KINDS)} |", "| --- " * (2 + len(KINDS)) + "|"]
    for kind, name in enumerate(KINDS):
        of_kind = chosen[kinds == kind]
        shares = np.bincount(of_kind, minlength=len(KINDS)) / max(1, len(of_kind))
        rows.append(f"| {name} | {len(of_kind):,} | {' | '.join(f'{100 * share:.1f}' for share in shares)} |")
    sure_sign = probabilities[:, SIGN] > 0.5
    is_character = kinds == CHARACTER
    rows += ["", f"characters with a sign's probability over 0.5: {100 * sure_sign[is_character].mean():.2f} %"]
    worst = sorted(
        (
            (float(sure_sign[is_character & (held_out.labels == label)].mean()), str(label))
            for label in np.unique(held_out.labels[is_character])
        ),
        reverse=True,
    )[:10]
    rows.append("most often: " + ", ".join(f"{label} {100 * share:.1f} %" for share, label in worst))
    rows += ["", "| sign | marks | found | taken for a character |", "| --- | --- | --- | --- |"]
    for label in np.unique(held_out.labels[kinds == SIGN]):
        of_sign = (kinds == SIGN) & (held_out.labels == label)
        found, lost = (chosen[of_sign] == SIGN).mean(), (chosen[of_sign] == CHARACTER).mean()
        rows.append(f"| `{label or 'noise'}` | {of_sign.sum()} | {100 * found:.1f} | {100 * lost:.1f} |")
    rows += ["", "| gap | marks of several | found | taken for a character |", "| --- | --- | --- | --- |"]
    for low, high in pairwise(_GAPS):
        of_gap = (kinds == SEVERAL) & (held_out.gaps >= low) & (held_out.gaps < high)
        if of_gap.any():
            found, lost = (chosen[of_gap] == SEVERAL).mean(), (chosen[of_gap] == CHARACTER).mean()
            name = "touching" if high <= 0 else f"{max(low, 0):g} to {high:g}"
            rows.append(f"| {name} | {of_gap.sum():,} | {100 * found:.1f} | {100 * lost:.1f} |")
    rows += ["", "| probability of the kind | marks | right |", "| --- | --- | --- |"]
    best = probabilities.max(axis=1)
    for low, high in ((0, 0.6), (0.6, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 0.99), (0.99, 1.01)):
        chosen_here = (best >= low) & (best < high)
        if chosen_here.any():
            mean, right = best[chosen_here].mean(), (chosen == kinds)[chosen_here].mean()
            rows.append(f"| {100 * mean:.1f} | {chosen_here.sum():,} | {100 * right:.1f} |")
    rows += ["", f"parts taken for a character: {100 * (chosen[kinds == PART] == CHARACTER).mean():.1f} %"]
    return "\n".join(rows)


def _take(pictures: PictureSet) -> Iterator[tuple[bytes, int]]:
    return pictures.take(np.arange(min(_SINGLE, len(pictures)))).encode_pngs()
