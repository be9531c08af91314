"""Trains models, measures how well they read, retrains them on what players drew, and puts them into service."""
