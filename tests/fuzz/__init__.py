"""Fuzzers of everything that reads what others send: see ``python -m tests.fuzz --help``."""
