"""Trains networks and exports them. Everything here needs TensorFlow, which takes seconds to import."""

from __future__ import annotations

from training.quiet import import_tensorflow

import_tensorflow()
