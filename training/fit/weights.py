"""Networks with their weights in one small file, beside a served model, so that they can be taught further."""

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
_NEEDLESS: Final = ("compile_config", "build_config")


def pack_networks(networks: Networks) -> bytes:
    """Return the networks with their weights, two bytes each: far finer than the served 8 bits."""
    layout = {key: value for key, value in json.loads(networks.drawings.to_json()).items() if key not in _NEEDLESS}
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
        ValueError: if it is no such file, or a broken one.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            layout = str(arrays[_NETWORK])
            names = sorted(name for name in arrays.files if name != _NETWORK)
            mine, pictures = (
                [arrays[name].astype(np.float32) for name in names if name.startswith(_PICTURES) == those]
                for those in (False, True)
            )
            return Networks(_build(layout, mine), _build(layout, pictures) if pictures else None)
    except (OSError, KeyError, TypeError, EOFError) as error:
        raise ValueError(f"This is no network with its weights: {error}") from error


def _build(layout: str, weights: list[npt.NDArray[np.float32]]) -> keras.Model:
    network = keras.models.model_from_json(layout)
    network.set_weights(weights)
    return network


def load_networks(folder: Path) -> Networks:
    """Return the networks of the model in ``folder``, to be taught further.

    Raises:
        NoWeights: if their weights have not come along, or cannot be read.
    """
    path = folder / WEIGHTS_FILE
    try:
        return unpack_networks(path.read_bytes())
    except (OSError, ValueError) as error:
        raise NoWeights(
            f"{path} cannot be read, so this model cannot be taught further ({error}). "
            "`python -m training train` leaves that file beside every model it makes."
        ) from error
