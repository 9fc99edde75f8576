"""Figures of a hinge line."""
