"""From a photo or scan of a page to its single characters, and to text.

`reader.py` reads a whole picture, and `frames.py` counts the pages of its file. `segment.py` runs the steps, in
this order:

1. `images.py` decodes the picture, after `structure.py`, `heif.py` and `avif.py` have checked its file. `gray.py`
   makes gray levels of it, and chooses a background for what is transparent. `color.py` chooses the weights of the
   colors if luma does not show the ink.
2. `sheet.py` finds the page in the picture and puts it right: `surfaces.py` finds what may be a page,
   `evidence.py` says how clear it is, `borders.py` trims thin lines along the edge. `transform.py` maps boxes
   back to the picture. `orientation.py` notices that the page is upside down or on its side, `turn.py` turns it.
   `enlargement.py` smooths a picture or a page that was enlarged from a few pixels to blocks. Such a picture as
   a whole is the page.
3. `binarize.py` separates ink from paper and finds blobs, which are connected pixels of ink. `polarity.py` says
   whether ink is lighter or darker, and `paper.py` how bright the paper under it is. `edges.py` finds those at
   the edge of the page that are no writing, such as a finger, a tear or holes, `bars.py` the
   bars of a screenshot, and `small_print.py` the print
   in the cells of a form. `printed.py` removes the lines of ruled paper (`lines.py` finds them, `dashes.py`
   those that are dashed, both in `runs.py`, and `hairs.py` leaves the straight strokes of thin pens) and the
   boxes of forms (`cells.py`, `ticks.py`, `forms.py`), and underlines that a letter runs into
   (`underlines.py`). It leaves the strokes that cross them whole (`erase.py`).
4. `layout.py` sorts the blobs into lines of pieces. A piece is a body with its dots and bars, such as an i. A
   character may consist of several pieces, and a wide piece may be several characters. `dots.py` finds dots
   and bars that look like bodies of their own. `rows.py` groups the bodies into lines, `columns.py` finds columns
   of text. `fields.py` says what is in which box of a form, from which the order of reading follows.
5. `window.py` puts pieces that are close together into a window and cuts the wide ones into units, along the paths
   of `cuts.py`.
6. `split.py` divides the units among characters at the least cost. `costs.py` says what the shape of each
   character costs, and `judge.py` what the doubt of the networks costs, or that it is a sign. `weights.py` has
   their weights. `choice.py` chooses between splits that cost nearly the same by how well the characters of the
   line go together. `sign_share.py` judges all marks once more by how many of the page's marks are signs.
7. `fit.py` lays out each character as the image that the model sees. `found.py` says where in the picture it is.

Afterward `text.py` finds words and lines, `line_context.py` reads the characters of a line in the context of each
other, and `text.py` composes the text.
"""
