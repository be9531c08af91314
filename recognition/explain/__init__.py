"""Explains how a drawing was read.

`occlusion.py` leaves out a little ink at a time, compares what the model reads, and so finds the ink that decided.
`gallery.py` holds known drawings of every character and finds those that look most like a drawing.
"""
