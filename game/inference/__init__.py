"""The model in use, and the threads that recognize with it."""
