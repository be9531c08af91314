"""What moderators hide from the leaderboards, and from everybody but its owner: names, players and games."""
