"""The network that tells characters from signs, parts and several characters at once: its data and its training.

`pages.py` lays out drawings and signs (`signs.py`, `doodles.py`) as lines and paints them, or makes a page without
writing (`empty_forms.py`, `textures.py`). `spans.py` reads the pages as far as marks and labels each mark by what
it really is, `candidates.py` collects them, `fit.py` trains.

`training.augmentation.pages` draws pages and signs too, to measure on. It is separate on purpose: a network that
is trained here cannot fit the pages that it is measured on.
"""
