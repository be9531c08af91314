"""From a photo or scan to the single characters on it."""
