"""Figures of one run: how trust, levels and paths may go."""
