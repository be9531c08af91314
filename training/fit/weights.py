"""Stores networks with their weights in one small file beside the served model, so that training can continue."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
import numpy.typing as npt

from recognition.model.registry import WEIGHTS_FILE
from training.errors import NoWeights
from training.fit.networks import Networks

_NETWORK: Final = "network"
_PICTURES: Final = "pictures-"
_UNNEEDED: Final = ("compile_config", "build_config")


def pack_networks(networks: Networks) -> bytes:
    """Return the networks with their weights in 16 bits, which is far finer than the 8 bits that are served."""
    layout = {key: value for key, value in json.loads(networks.drawings.to_json()).items() if key not in _UNNEEDED}
    buffer = io.BytesIO()
    arrays: dict[str, Any] = {_NETWORK: np.array(json.dumps(layout))}
    for prefix, network in zip(("", _PICTURES), networks, strict=False):
        for number, weight in enumerate(network.get_weights()):
            arrays[f"{prefix}{number:03}"] = weight.astype(np.float16)
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def unpack_networks(content: bytes) -> Networks:
    """Return the networks that `pack_networks` packed.

    Raises:
        ValueError: if the content is not a whole file of this kind.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            layout = str(arrays[_NETWORK])
            names = sorted(name for name in arrays.files if name != _NETWORK)
            drawings, pictures = (
                [arrays[name].astype(np.float32) for name in names if name.startswith(_PICTURES) == is_pictures]
                for is_pictures in (False, True)
            )
            return Networks(_build(layout, drawings), _build(layout, pictures) if pictures else None)
    except (OSError, KeyError, TypeError, EOFError) as error:
        raise ValueError(f"This is not a network with its weights: {error}") from error


def _build(layout: str, weights: list[npt.NDArray[np.float32]]) -> keras.Model:
    network = keras.models.model_from_json(layout)
    network.set_weights(weights)
    return network


def load_networks(folder: Path) -> Networks:
    """Return the networks of the model in ``folder``, to train them further.

    Raises:
        NoWeights: if the file with their weights is missing or cannot be read.
    """
    path = folder / WEIGHTS_FILE
    try:
        return unpack_networks(path.read_bytes())
    except (OSError, ValueError) as error:
        raise NoWeights(
            f"{path} cannot be read, so this model cannot be trained further ({error}). "
            "`python -m training train` writes that file beside every model."
        ) from error
