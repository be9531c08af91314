"""Retraining: the model in use taught further from what people drew, and put to use only where it got better."""
