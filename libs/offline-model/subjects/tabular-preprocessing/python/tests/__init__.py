"""Tests: `python3 -m unittest`."""
