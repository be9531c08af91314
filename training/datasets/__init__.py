"""Data sets of real handwriting, as drawings or as pictures."""
