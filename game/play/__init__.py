"""The play socket: what a player's browser and the server say to each other while a game runs."""
