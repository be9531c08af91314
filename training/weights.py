"""A network with its weights in one small file, beside a served model, so that it can be taught further."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np

from recognition.versions import WEIGHTS_FILE
from training.errors import NoWeights

_NETWORK: Final = "network"
_NEEDLESS: Final = ("compile_config", "build_config")


def pack(network: keras.Model) -> bytes:
    """Return the network and its weights, in half precision: two bytes each, far finer than the served 8 bits."""
    layout = {key: value for key, value in json.loads(network.to_json()).items() if key not in _NEEDLESS}
    numbered = {f"{number:03}": weight.astype(np.float16) for number, weight in enumerate(network.get_weights())}
    buffer = io.BytesIO()
    arrays: dict[str, Any] = {_NETWORK: np.array(json.dumps(layout)), **numbered}
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def unpack(content: bytes) -> keras.Model:
    """Return the network that `pack` packed.

    Raises:
        ValueError: if it is no such file, or a broken one.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            network = keras.models.model_from_json(str(arrays[_NETWORK]))
            names = sorted(name for name in arrays.files if name != _NETWORK)
            network.set_weights([arrays[name].astype(np.float32) for name in names])
    except (OSError, KeyError, TypeError, EOFError) as error:
        raise ValueError(f"This is no network with its weights: {error}") from error
    return network


def load_network(folder: Path) -> keras.Model:
    """Return the network of the model in ``folder``, to be taught further.

    Raises:
        NoWeights: if its weights have not come along, or cannot be read.
    """
    path = folder / WEIGHTS_FILE
    try:
        return unpack(path.read_bytes())
    except (OSError, ValueError) as error:
        raise NoWeights(
            f"{path} cannot be read, so this model cannot be taught further ({error}). "
            "`python -m training train` leaves that file beside every model it makes."
        ) from error
