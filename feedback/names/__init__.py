"""Names of players: the ones they get, and a form in which names that look alike are equal."""
