"""Counts that all servers of a database share: how often somebody called, and how many sockets an address has.

They serve limits only. If they cannot be reached, nobody waits for them and nobody is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, Protocol

_ROUNDING_SECONDS: Final = 0.001


class Charge(NamedTuple):
    """What calls cost a caller, in time: a token bucket as the time until it is full again.

    That is the generic cell rate algorithm (ITU-T I.371): each call puts off the time when the bucket is full
    again by ``1 / per_second``, and the bucket is empty when that time is ``at_once / per_second`` away.

    Attributes:
        key: the caller's bucket.
        seconds: what the calls cost; 0 only reads the bucket.
        most_seconds: how far away that time may be. If a charge takes one bucket beyond it, no bucket is charged.
            None: charge in any case.
    """

    key: bytes
    seconds: float
    most_seconds: float | None


def exceeds(charge: Charge, seconds: float) -> bool:
    """Return whether a charge that leaves its bucket full again in ``seconds`` takes it beyond empty."""
    return charge.most_seconds is not None and seconds > charge.most_seconds + _ROUNDING_SECONDS


class SharedCounts(Protocol):
    """The counts. Every method returns None if they cannot be reached in time."""

    async def charge(self, charges: Sequence[Charge]) -> list[float] | None:
        """Charge all buckets, or none of them, and return in how many seconds each would be full again."""

    async def publish_sockets(self, server: str, sockets: Mapping[bytes, int]) -> dict[bytes, int] | None:
        """Say how many sockets each address has open at ``server``; return how many it has at others."""

    async def close(self) -> None:
        """Close the connection."""
