"""Changes to Hypercorn in this process, each with its reason."""

from __future__ import annotations

from game.hypercorn_patches.compression import refuse_compression
from game.hypercorn_patches.connections import bound_connections
from game.hypercorn_patches.framing import bound_messages
from game.hypercorn_patches.handshakes import close_refused_handshakes
from game.hypercorn_patches.heads import bound_heads
from game.hypercorn_patches.http2 import refuse_http2
from game.hypercorn_patches.listeners import record_server
from game.hypercorn_patches.memory import return_large_blocks
from game.hypercorn_patches.transports import expose_connections


def apply_patches() -> None:
    """Apply every patch of this package to Hypercorn in this process."""
    bound_connections()
    expose_connections()
    close_refused_handshakes()
    refuse_compression()
    bound_messages()
    refuse_http2()
    bound_heads()
    record_server()
    return_large_blocks()
