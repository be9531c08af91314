"""Check a store file that may be damaged, and save what can be read."""
