"""The rules of the game: pure, without clock, socket, disk or wire."""
