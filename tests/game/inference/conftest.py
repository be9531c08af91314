"""A running server and a client of its play socket, as the tests of play/ have them."""

from tests.game.play.conftest import client, database_url, host

__all__ = ["client", "database_url", "host"]
