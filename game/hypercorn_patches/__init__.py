"""Changes to Hypercorn in this process, each with its reason."""

from __future__ import annotations

from game.hypercorn_patches.compression import refuse_compression
from game.hypercorn_patches.framing import bound_messages
from game.hypercorn_patches.handshakes import close_refused_handshakes
from game.hypercorn_patches.http2 import refuse_http2
from game.hypercorn_patches.memory import return_large_blocks


def apply_patches() -> None:
    """Apply every patch of this package to Hypercorn in this process."""
    refuse_compression()
    bound_messages()
    close_refused_handshakes()
    refuse_http2()
    return_large_blocks()
