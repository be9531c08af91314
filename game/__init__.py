"""The web server: the game's rules and its socket, the pages and the JSON interface."""
