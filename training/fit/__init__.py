"""Teaching a network, and exporting it."""
