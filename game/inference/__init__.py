"""The model in service, and the threads that recognize with it."""
