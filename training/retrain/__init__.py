"""Retraining: train the model in service on what players drew, and promote the result if it reads better."""
