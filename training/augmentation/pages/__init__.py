"""Makes pages of handwriting out of the drawings of single characters, and pictures of them.

A page is laid out first (`layout.lay_out_page`): which characters are where, and whose ink each pixel is. Then it
is photographed (`pictures.make_picture`): on a desk, in a frame, in color and so on. All of it depends only on the
random numbers that are handed in. The network of marks is measured on these
pictures, so it is trained on others: `training.marks` draws its own.
"""
