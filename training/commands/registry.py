"""The model registry that the environment names."""

from __future__ import annotations

import os

from feedback.location import read_folder, read_var_folder
from recognition.model.registry import ModelRegistry, find_models_folder


def open_registry() -> ModelRegistry:
    """Return the registry in INKRUSH_MODELS, or in ``models`` in the var folder.

    Raises:
        StoreError: if a variable holds a key instead of a folder.
    """
    read_folder(os.environ, "INKRUSH_MODELS")
    return ModelRegistry(find_models_folder(os.environ, read_var_folder(os.environ)))
