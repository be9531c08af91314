"""The networks that make up a model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import keras


@dataclass(frozen=True, slots=True)
class Networks:
    """The network for drawings and, if there is one, the network for pictures.

    Attributes:
        drawings: reads drawings, whose pen directions are known. It reads pictures too if it is the only network.
        pictures: reads scans and photos. It has the same layers as ``drawings``. None if ``drawings`` reads all.
    """

    drawings: keras.Model
    pictures: keras.Model | None = None

    def __iter__(self) -> Iterator[keras.Model]:
        yield self.drawings
        if self.pictures is not None:
            yield self.pictures

    @property
    def parameters(self) -> int:
        """The number of weights in all networks."""
        return sum(int(network.count_params()) for network in self)
