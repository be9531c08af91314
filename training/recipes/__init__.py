"""Recipes: which network is trained, on which data and how."""
