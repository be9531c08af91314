"""New samples from real ones."""
