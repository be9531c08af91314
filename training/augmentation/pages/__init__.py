"""Makes pages of handwriting out of the drawings of single characters, and pictures of them.

A page is laid out first (`layout.lay_out_page`): which characters are where, and whose ink each pixel is. Then it
is photographed (`pictures.make_picture`): on a desk, in a frame, in color and so on. All of it depends only on the
random numbers that are handed in. Readings are measured on these pictures, so nothing is trained on them:
`training.marks` draws pages of its own.
"""
