"""What every page and every call share: identity, origin, errors, bodies, security headers."""
