"""Rounds kept for good: the store, and what comes out of it."""
