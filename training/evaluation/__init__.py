"""Measures how well a model reads."""
