"""Short messages from one server process to all others that share its database.

They are quick and cheap, and may be lost: what must not be lost is in the store. A subscriber is told when
some may have been missed, and then reads the store.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

Hear = Callable[[str], None]
"""Is told what another process has published. It must not block."""

Count = Callable[[str, int], None]
"""Is told how many messages were ``sent``, ``received`` or ``lost``."""


class Notifications(Protocol):
    """The messages of all processes."""

    def subscribe(self, hear: Hear, note_gap: Callable[[], None]) -> None:
        """Pass on what other processes publish from now on. There may be several subscribers.

        Args:
            hear: is called with each message.
            note_gap: is called when messages may have been missed.
        """

    def publish(self, message: str) -> None:
        """Send a message of one line to all other processes, soon. This never waits.

        Raises:
            ValueError: if it has several lines or is too long.
        """

    async def run(self) -> None:
        """Send and receive until cancelled."""


class NoNotifications:
    """The messages of the only process: there is nobody to hear them."""

    def subscribe(self, hear: Hear, note_gap: Callable[[], None]) -> None:
        """Do nothing."""

    def publish(self, message: str) -> None:
        """Do nothing."""

    async def run(self) -> None:
        """Do nothing."""
