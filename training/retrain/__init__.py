"""Retraining: train the model in use further on what players drew, and promote the result if it reads better."""
