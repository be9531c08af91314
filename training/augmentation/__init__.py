"""Makes new samples from real ones."""
