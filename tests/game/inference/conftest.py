"""A running server and a client of its play socket, as the tests of play/ have them."""

from tests.game.play.conftest import client, host

__all__ = ["client", "host"]
