"""Labeled samples of either kind: drawings or pictures."""

from __future__ import annotations

from training.datasets.pictures import PictureSet
from training.datasets.strokes import StrokeSet

Samples = StrokeSet | PictureSet
