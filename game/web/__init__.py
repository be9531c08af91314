"""Shared by all pages and calls: identity, origin, errors, bodies, security headers."""
