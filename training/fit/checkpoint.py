"""Checkpoints: the state of a training after its last whole epoch, so that a run that was stopped can resume."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import keras
import numpy as np
import numpy.typing as npt

from training.whole_files import read_sealed, write_sealed

_PLAN: Final = "plan"
_EPOCHS: Final = "epochs"
_VARIABLES: Final = "variables"


class Checkpoint(keras.callbacks.Callback):
    """Saves a network and its optimizer after every epoch, in one file that shows whether it is damaged.

    Keras' own callback writes two files in place. If it is stopped while it does so, every later run fails.
    """

    def __init__(self, path: Path, plan: str, say: Callable[[str], None]) -> None:
        """Take the place of the file.

        Args:
            path: the file.
            plan: what is trained and how, in any form. A checkpoint of another plan is not used.
            say: called with a sentence if the file cannot be used.
        """
        super().__init__()
        self._path, self._plan, self._say = path, plan, say

    def restore(self, network: keras.Model) -> int:
        """Put a compiled network into the state of the checkpoint, and return how many epochs it has had.

        Without a checkpoint, or if it is damaged or of another plan, the network is left alone and 0 is returned.
        """
        parts = read_sealed(self._path, self._say, "The training begins anew.")
        if parts is None:
            return 0
        network.optimizer.build(network.trainable_variables)
        variables = _list_variables(network)
        arrays = _unpack_arrays(parts[_VARIABLES])
        if parts[_PLAN] != self._plan.encode() or [a.shape for a in arrays] != [tuple(v.shape) for v in variables]:
            self._say(f"{self._path} is of another training, so this one begins anew.")
            return 0
        for variable, array in zip(variables, arrays, strict=True):
            variable.assign(array)
        return int(parts[_EPOCHS])

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Save the checkpoint."""
        del logs
        arrays = [variable.numpy() for variable in _list_variables(self.model)]
        parts = {
            _PLAN: self._plan.encode(),
            _EPOCHS: str(epoch + 1).encode(),
            _VARIABLES: _pack_arrays(arrays),
        }
        write_sealed(self._path, parts)


def _list_variables(network: keras.Model) -> list[Any]:
    """Return the variables of a network and of its optimizer, the same ones in every run."""
    return [*network.variables, *network.optimizer.variables]


def _pack_arrays(arrays: list[npt.NDArray[Any]]) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, *arrays)
    return buffer.getvalue()


def _unpack_arrays(content: bytes) -> list[npt.NDArray[Any]]:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return [arrays[name] for name in arrays.files]
