"""The Google Sheet that mirrors the rounds, and what people correct there."""
