"""Figures of one run: trust, levels, paths, and the region."""
