"""Selects the rounds to use: they get a label, then pass gates. Every rejected round has a reason."""
