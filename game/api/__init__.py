"""The JSON interface, one module a call."""
