"""Forms that some people write and others do not: bars, base lines, loops and tails.

Each form is a function. It takes the strokes of one drawing, float64 (n, 2) each, x to the right and y down, in
any unit, and returns new strokes. It returns None if the drawing does not suit the form.
"""
