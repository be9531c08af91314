"""The commands of ``python -m training``, one module each: arguments, progress and printing."""
