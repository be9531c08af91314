"""Trains networks and exports them. Everything here needs TensorFlow, which takes seconds to import.

Only training can do without it, if ``KERAS_BACKEND`` names another backend of Keras.
"""

from __future__ import annotations

import os

from training.quiet import import_tensorflow

if os.environ.get("KERAS_BACKEND", "tensorflow") == "tensorflow":
    import_tensorflow()
