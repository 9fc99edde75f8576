"""Figures of a sensitivity analysis: what the outcome hangs on."""
