"""The model: its network, its calibration, and the versions that are kept."""
