"""The model: its network, its calibration, and the registry of its versions.

`registry.py` finds the folder of the version in service. `card.py` reads the card in it. `network.py` loads the
model file and turns images into scores. `calibration.py` turns the scores into probabilities of an alphabet's
characters. `quiet.py` keeps LiteRT from printing.
"""
