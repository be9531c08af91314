"""The networks that make up a model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import keras


@dataclass(frozen=True, slots=True)
class Networks:
    """What reads drawings, and what reads pictures.

    Attributes:
        drawings: reads what the pen's way is known of, and pictures too where it is alone.
        pictures: reads scans and photos; laid out as ``drawings`` is. None where that one reads everything.
    """

    drawings: keras.Model
    pictures: keras.Model | None = None

    def __iter__(self) -> Iterator[keras.Model]:
        yield self.drawings
        if self.pictures is not None:
            yield self.pictures

    @property
    def parameters(self) -> int:
        """How many numbers were learned."""
        return sum(int(network.count_params()) for network in self)
